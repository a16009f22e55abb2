"""Widgets that choose: one of a few, several, yes or no, tags, other records, pictures and files."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.core.i18n import _
from engine.core.ids import parse_id
from engine.core.plaintext import line_of
from ui.fields import FieldView
from ui.fields.posted import REQUIRED, Posted, refusal

MOST = 200
MAX_TAG = 100
_NO_CHOICE = _("“{value}” is not one of the choices. Choose one of the list.")
_NO_RECORD = _("“{value}” is not an id. Choose one of the list.")
_TOO_MANY = _("Choose at most {most}; these are {count}.")
_TOO_FEW = _("Choose at least {least}.")
_LONG_TAG = _("“{value}” is too long for a tag: use at most {most} characters.")
_comma = re.compile(r"(?<!\\)[,;\n，、،]")


def parse_switch(view: FieldView, posted: Posted, path: str) -> bool:
    """Return whether the box is ticked. One that is required must be: terms are agreed to."""
    is_ticked = posted.has(path)
    if view.required and not is_ticked:
        raise refusal(path, REQUIRED)
    return is_ticked


def parse_choice(view: FieldView, posted: Posted, path: str) -> Any:
    """Return the chosen option's own value (a list where several may be chosen)."""
    known = {str(value): value for value, *_rest in flat(view.options)}
    chosen = posted.texts(path)
    for text in chosen:
        if text not in known:
            raise refusal(path, _NO_CHOICE, value=text)
    if view.multiple:
        return _counted(view, path, [known[text] for text in dict.fromkeys(chosen)])
    if not chosen:
        if view.required:
            raise refusal(path, REQUIRED)
        return None if view.nullable or "" not in known else known[""]
    return known[chosen[-1]]


def flat(options: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """Return the options of all groups in one row."""
    for option in options:
        if isinstance(option, Mapping):
            yield from flat(option["options"])
        else:
            yield tuple(option)


def parse_tags(view: FieldView, posted: Posted, path: str) -> list[str]:
    """Return the words between the commas, each once whatever its case. A backslash keeps a comma in its word."""
    words = split_tags("\n".join(posted.texts(path)))
    most = view.max_length or MAX_TAG
    for word in words:
        if len(word) > most:
            raise refusal(path, _LONG_TAG, value=word, most=most)
    return _counted(view, path, words)


def split_tags(text: str) -> list[str]:
    """Return the words of a text with commas between."""
    words = (line_of(part.replace("\\,", ",")) for part in _comma.split(text))
    return list({word.casefold(): word for word in reversed([w for w in words if w])}.values())[::-1]


def parse_relation(view: FieldView, posted: Posted, path: str) -> Any:
    """Return the id of the chosen record, None for none (a list of ids where several may be chosen)."""
    if view.options and not view.search_url:
        return parse_choice(view, posted, path)
    chosen = []
    for text in posted.texts(path):
        found = parse_id(text.strip())
        if found is None:
            raise refusal(path, _NO_RECORD, value=text)
        chosen.append(str(found))
    return _one_or_all(view, path, list(dict.fromkeys(chosen)))


def parse_file(view: FieldView, posted: Posted, path: str) -> Any:
    """Return the id of the chosen file in the media library (a list where several may be chosen).

    One that came along without scripts counts by the id that it was stored under; one ticked for removal does not.
    """
    sent = [posted.stored[name] for name in (f"{path}.file",) if name in posted.stored]
    removed = set(posted.texts(f"{path}.remove"))
    kept = [text for text in posted.texts(path) if text not in removed]
    for text in kept:
        if parse_id(text) is None:
            raise refusal(path, _NO_RECORD, value=text)
    together = [*kept, *sent] if view.multiple else sent or kept
    return _one_or_all(view, path, list(dict.fromkeys(together)))


def _one_or_all(view: FieldView, path: str, chosen: list[str]) -> Any:
    if view.multiple:
        return _counted(view, path, chosen)
    if not chosen and view.required:
        raise refusal(path, REQUIRED)
    return chosen[-1] if chosen else None


def _counted(view: FieldView, path: str, chosen: list[Any]) -> list[Any]:
    least, most = int(view.minimum or 0), int(view.maximum or MOST)
    if not chosen and view.required:
        raise refusal(path, REQUIRED)
    if len(chosen) < least:
        raise refusal(path, _TOO_FEW, least=least)
    if len(chosen) > most:
        raise refusal(path, _TOO_MANY, most=most, count=len(chosen))
    return chosen


def typed_switch(view: FieldView, posted: Posted, path: str) -> bool:
    return posted.has(path)


def typed_choice(view: FieldView, posted: Posted, path: str) -> Any:
    chosen = posted.texts(path)
    return chosen if view.multiple else chosen[-1] if chosen else ""


def typed_tags(view: FieldView, posted: Posted, path: str) -> str:
    return ", ".join(posted.texts(path))


def typed_relation(view: FieldView, posted: Posted, path: str) -> list[dict[str, str]]:
    """Return the chosen records with the titles that came back under their ids."""
    return [
        {"id": id_, "title": posted.text(f"{path}.title.{id_}") or _titled(view, id_)} for id_ in posted.texts(path)
    ]


def typed_file(view: FieldView, posted: Posted, path: str) -> list[dict[str, str]]:
    """Return the chosen files with the address and the words that came back under their ids."""
    removed = set(posted.texts(f"{path}.remove"))
    kept = [id_ for id_ in posted.texts(path) if id_ not in removed]
    found = [
        {"id": id_, **{part: posted.text(f"{path}.{part}.{id_}") for part in ("url", "alt", "name")}} for id_ in kept
    ]
    return [one | {"url": one["url"] if re.match("/(?!/)", one["url"]) else ""} for one in found]


def _titled(view: FieldView, id_: str) -> str:
    return next((str(label) for value, label, *_rest in flat(view.options) if str(value) == id_), id_)


def shown_switch(view: FieldView, value: Any, locale: str) -> bool:
    return bool(value)


def shown_choice(view: FieldView, value: Any, locale: str) -> Any:
    if view.multiple:
        return [str(one) for one in value or ()]
    return "" if value is None else str(value)


def shown_tags(view: FieldView, value: Any, locale: str) -> str:
    """Return the words with commas between; value: texts, or records with a name."""
    return ", ".join(_named(one).replace(",", "\\,") for one in listed(value))


def _named(one: Any) -> str:
    return str(one.get("name") or one.get("title") or one["id"]) if isinstance(one, Mapping) else str(one)


def shown_relation(view: FieldView, value: Any, locale: str) -> list[dict[str, str]]:
    """Return `{"id", "title"}` of each; value: ids, or records with a title or name."""
    return [
        {"id": str(one["id"]), "title": _named(one)}
        if isinstance(one, Mapping)
        else {"id": str(one), "title": _titled(view, str(one))}
        for one in listed(value)
    ]


def shown_file(view: FieldView, value: Any, locale: str) -> list[dict[str, str]]:
    """Return `{"id", "url", "alt", "name"}` of each; value: ids, or what the media library says of a file."""
    found = []
    for one in listed(value):
        known = one if isinstance(one, Mapping) else {"id": one}
        variants = known.get("variants") or {}
        url = variants.get("thumbnail") or known.get("url") or ""
        texts = {"url": url, "alt": known.get("alt") or "", "name": known.get("name") or known.get("filename") or ""}
        found.append({"id": str(known["id"]), **texts})
    return found


def listed(value: Any) -> Sequence[Any]:
    """Return what stands in a field that holds none, one or several."""
    if value is None or value == "":
        return ()
    return value if isinstance(value, list | tuple) else (value,)
