"""From a table's cell to a field's value on the wire, the other way round from `tabulating.cell`."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.money import parse_minor
from engine.core.records.kinds import choices_of, value_type, widget_of, wire_name
from engine.core.resource import Field, Widget

YES = frozenset({"true", "yes", "1", "x", "on", "y"})
NO = frozenset({"false", "no", "0", "", "off", "n"})


def value_of(field: Field, text: str, currency: str, zone: ZoneInfo) -> Any:
    """Return what a cell holds, as the wire takes it; None for an empty cell. zone: of times that name none.

    Raises Invalid naming the field for what cannot be read. What can be read is checked later, by the field's shape.
    """
    widget, text = widget_of(field), text.strip()
    if not text:
        return [] if widget is Widget.TAGS else None
    if widget is Widget.MONEY:
        return {"amount": parse_minor(text, currency, wire_name(field)), "currency": currency}
    if widget is Widget.DATETIME:
        return _moment(text, zone)
    reader = _READERS.get(widget)
    return reader(field, text) if reader else text


def _truth(field: Field, text: str) -> bool:
    low = text.casefold()
    if low not in YES | NO:
        raise _refused(field, text, "true, false")
    return low in YES


def _choice(field: Field, text: str) -> Any:
    by_word: Mapping[str, str] = {str(words).casefold(): value for value, words in choices_of(field)}
    known = {value.casefold(): value for value, _words in choices_of(field)}
    found = known.get(text.casefold()) or by_word.get(text.casefold())
    if found is None:
        raise _refused(field, text, ", ".join(known.values()))
    return int(found) if value_type(field) is int else found


def _moment(text: str, zone: ZoneInfo) -> str:
    """Return a moment with its zone; one that names none is the site's. What is none is left to the shape."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (found if found.tzinfo else found.replace(tzinfo=zone)).isoformat()


def _parsed(field: Field, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        message = _("“{value}” is not valid JSON.").having(value=text[:60])
        raise Invalid(message, {wire_name(field): message}) from None


def _words(_field: Field, text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]


def _refused(field: Field, text: str, choices: str) -> Invalid:
    message = _("“{value}” is not one of {choices}.").having(value=text[:60], choices=choices)
    return Invalid(message, {wire_name(field): message})


_READERS: Mapping[Widget, Callable[[Field, str], Any]] = {
    Widget.SWITCH: _truth,
    Widget.CHOICE: _choice,
    Widget.TAGS: _words,
    Widget.JSON: _parsed,
    Widget.ROWS: _parsed,
    Widget.ADDRESS: _parsed,
}
