"""How folders, tags and focal points are written."""

from collections.abc import Iterable

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.media.models import MAX_FOLDER, MAX_TAG, MAX_TAGS

MAX_DEPTH = 6


def folder_of(text: str) -> str:
    """Return a folder as it is kept: names with one slash between, such as `Team/2026`; empty is no folder.

    Raises Invalid, naming `folder`, when it is too long or too deep.
    """
    names = [" ".join(part.split()) for part in text.replace("\\", "/").split("/")]
    names = [name for name in names if name and name not in (".", "..")]
    folder = "/".join(names)
    if len(names) > MAX_DEPTH:
        too_deep = _("This folder is {depth} deep; at most {most} will do.")
        raise _wrong("folder", too_deep.having(depth=len(names), most=MAX_DEPTH))
    if len(folder) > MAX_FOLDER:
        raise _wrong("folder", _("A folder's name has at most {most} characters.").having(most=MAX_FOLDER))
    return folder


def tags_of(words: Iterable[str]) -> list[str]:
    """Return tags as they are kept: trimmed, once each whatever their case, in the order given.

    Raises Invalid, naming `tags`, when one is too long or there are too many.
    """
    tags: dict[str, str] = {}
    for word in words:
        tag = " ".join(word.split())
        if len(tag) > MAX_TAG:
            text = _("“{tag}” is too long: a tag has at most {most} characters.")
            raise _wrong("tags", text.having(tag=tag[:80], most=MAX_TAG))
        if tag:
            tags.setdefault(tag.lower(), tag)
    if len(tags) > MAX_TAGS:
        text = _("These are {count} tags; a file has at most {most}.")
        raise _wrong("tags", text.having(count=len(tags), most=MAX_TAGS))
    return list(tags.values())


def focus_of(x: int, y: int) -> tuple[int, int]:
    """Return a focal point in whole percent from the upper left corner; raise Invalid where it is outside."""
    for name, value in (("focalPoint.x", x), ("focalPoint.y", y)):
        if not 0 <= value <= 100:
            raise _wrong(name, _("“{value}” is outside the picture. Write a number from 0 to 100.").having(value=value))
    return x, y


def _wrong(field: str, message: Message) -> Invalid:
    return Invalid(message, {field: message})
