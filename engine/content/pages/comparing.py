"""What differs between two versions of a page, in the words of its blocks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.content.pages.merging import moves
from engine.core.blocks.declaring import Block, Book
from engine.core.html import text_of
from engine.core.i18n import Message, _

LONGEST = 400
FIELDS: Mapping[str, Message] = {
    "title": _("Title"),
    "excerpt": _("Excerpt"),
    "cover": _("Cover"),
    "seoTitle": _("Title for search engines"),
    "seoDescription": _("Description for search engines"),
    "canonical": _("Canonical address"),
    "isIndexed": _("Listed by search engines"),
    "socialTitle": _("Title for networks"),
    "socialDescription": _("Description for networks"),
    "socialImage": _("Picture for networks"),
    "structured": _("Kind of page"),
}
LOOKS: Mapping[str, Message] = {
    "align": _("Line up"),
    "background": _("Background"),
    "spaceAbove": _("Space above"),
    "spaceBelow": _("Space below"),
    "width": _("Width"),
    "hiddenOn": _("Hidden on"),
    "anchor": _("Anchor"),
}


class Kind(StrEnum):
    """How a block, or a value, differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. block: its type's words, and its own; None for the page itself. before, after: as plain text."""

    kind: Kind
    block_id: str
    block: Message | str | None
    setting: Message | str
    before: str = ""
    after: str = ""


def compare(old: Mapping[str, Any], new: Mapping[str, Any], book: Book) -> list[Difference]:
    """Return what is different in the new content, the page's own fields first, then block by block as they stand."""
    found = [
        Difference(Kind.CHANGED, "", None, FIELDS.get(name, name), _text(old.get(name)), _text(new.get(name)))
        for name in {**new, **old}
        if name != "blocks" and old.get(name) != new.get(name)
    ]
    before, after = _by_id(old), _by_id(new)
    moved = moves(old, new)
    for own, raw in after.items():
        block = book.get(str(raw.get("type")))
        if own not in before:
            found.append(Difference(Kind.ADDED, own, _name(raw, block), "", after=_words(raw)))
            continue
        if own in moved:
            found.append(Difference(Kind.MOVED, own, _name(raw, block), ""))
        found += _values(own, before[own], raw, block)
    for own, raw in before.items():
        if own not in after:
            block = book.get(str(raw.get("type")))
            found.append(Difference(Kind.REMOVED, own, _name(raw, block), "", before=_words(raw)))
    return found


def _values(own: str, before: Mapping[str, Any], after: Mapping[str, Any], block: Block | None) -> Iterator[Difference]:
    named = _name(after, block)
    labels = _labels(block) if block else {}
    for part, words in (("settings", labels), ("look", LOOKS)):
        was, now = before.get(part) or {}, after.get(part) or {}
        for name in {**now, **was}:
            if was.get(name) != now.get(name):
                yield Difference(
                    Kind.CHANGED, own, named, words.get(name, name), _text(was.get(name)), _text(now.get(name))
                )
    if bool(before.get("hidden")) != bool(after.get("hidden")):
        states = (_("hidden"), _("shown"))
        was_hidden = bool(before.get("hidden"))
        yield Difference(
            Kind.CHANGED, own, named, _("Shown to visitors"), str(states[not was_hidden]), str(states[was_hidden])
        )


def _labels(block: Block) -> dict[str, Message | str]:
    """Return the words of a block's settings by wire name."""
    return {info.alias or name: block.labels.get(name, name) for name, info in block.settings.model_fields.items()}


def _by_id(content: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}

    def take(blocks: Any) -> None:
        for raw in blocks or ():
            if isinstance(raw, Mapping):
                found[str(raw.get("id"))] = raw
                take(raw.get("children"))

    take(content.get("blocks"))
    return found


def _name(raw: Mapping[str, Any], block: Block | None) -> Message | str:
    """Return what a block is called: its type, and its own words where it has any."""
    if block is None:
        return str(raw.get("type"))
    own = _text((raw.get("settings") or {}).get(block.titled), 60) if block.titled else ""
    return _("{block} “{words}”").having(block=block.label, words=own) if own else block.label


def _words(raw: Mapping[str, Any]) -> str:
    """Return the texts of a block, in a line."""
    settings = raw.get("settings") or {}
    return _text(" · ".join(_text(value) for value in settings.values() if isinstance(value, str) and value))


def _text(value: Any, limit: int = LONGEST) -> str:
    """Return a value as a reader can compare it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    if isinstance(value, str):
        return text_of(value, limit)
    if isinstance(value, list | tuple):
        return ", ".join(_text(one, limit) for one in value)[:limit]
    return str(value)[:limit]
