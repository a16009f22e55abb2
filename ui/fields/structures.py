"""Widgets whose value has parts: postal addresses, JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from engine.core import addresses
from engine.core.addresses import Address
from engine.core.i18n import _
from ui.fields import FieldView
from ui.fields.posted import REQUIRED, Posted, refusal

#: The parts of an address by their wire names, in the order that people fill them in.
PARTS: Mapping[str, str] = {
    "name": "name", "line1": "line1", "line2": "line2", "postalCode": "postal_code", "city": "city",
    "region": "region", "country": "country", "phone": "phone",
}  # fmt: skip
MAX_DEPTH = 50
_NO_JSON = _("This is not valid JSON: {problem} in line {line}, column {column}.")
_NO_CONSTANT = _("JSON has no {value}. Use null, a number or a text.")
_TWICE = _("“{value}” stands twice in one object. Leave one of them out.")
_TOO_DEEP = _("This is nested too deep: use at most {most} levels.")
_TOO_LONG = _("This holds a number that is too long.")
_PROBLEMS = {
    "Expecting value": _("a value is missing"),
    "Expecting ',' delimiter": _("a comma is missing"),
    "Expecting ':' delimiter": _("a colon is missing"),
    "Expecting property name enclosed in double quotes": _("a name in double quotes is missing"),
    "Unterminated string starting at": _("a text has no end"),
    "Invalid control character at": _("a line break or control character stands inside a text"),
    "Invalid \\escape": _("a backslash is followed by what it cannot be"),
    "Extra data": _("something follows after the end"),
    "Illegal trailing comma before end of object": _("a comma is followed by nothing"),
    "Illegal trailing comma before end of array": _("a comma is followed by nothing"),
}


def parse_json(view: FieldView, posted: Posted, path: str) -> Any:
    """Return the value that the text spells. Raises Invalid with line and column where it spells none."""
    text = posted.text(path).strip()
    if not text:
        if view.required:
            raise refusal(path, REQUIRED)
        return None

    try:
        value = _loaded(text, path)
    except json.JSONDecodeError as error:
        problem = next((words for start, words in _PROBLEMS.items() if error.msg.startswith(start)), error.msg)
        raise refusal(path, _NO_JSON, problem=problem, line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise refusal(path, _TOO_DEEP, most=MAX_DEPTH) from None
    except ValueError:
        raise refusal(path, _TOO_LONG) from None
    if _depth(value) > MAX_DEPTH:
        raise refusal(path, _TOO_DEEP, most=MAX_DEPTH)
    return value


def _loaded(text: str, path: str) -> Any:
    """Return what JSON spells; what other programs would read otherwise is refused."""

    def unknown(name: str) -> None:
        raise refusal(path, _NO_CONSTANT, value=name)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in pairs:
            if name in found:
                raise refusal(path, _TWICE, value=name)
            found[name] = value
        return found

    return json.loads(text, parse_constant=unknown, object_pairs_hook=unique)


def _depth(value: Any) -> int:
    """Return how many lists and objects stand in one another."""
    deepest, waiting = 0, [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        deepest = max(deepest, depth)
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        waiting += [(part, depth + 1) for part in inner]
        if isinstance(one, dict | list):
            deepest = max(deepest, depth + 1)
    return deepest


def shown_json(view: FieldView, value: Any, locale: str) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, indent=2)


def parse_address(view: FieldView, posted: Posted, path: str) -> dict[str, str] | None:
    """Return the address by its wire names, as its country writes it; None where nothing but a country was given."""
    typed = typed_address(view, posted, path)
    if not view.required and not any(text.strip() for part, text in typed.items() if part != "country"):
        return None
    found = addresses.checked({own: typed[part] for part, own in PARTS.items()}, prefix=f"{path}.")
    return {part: getattr(found, own) for part, own in PARTS.items()}


def typed_address(view: FieldView, posted: Posted, path: str) -> dict[str, str]:
    return {part: posted.text(f"{path}.{part}") for part in PARTS}


def shown_address(view: FieldView, value: Any, locale: str) -> dict[str, str]:
    """Return every part's text. value: the wire's mapping or an Address."""
    given = asdict(value) if isinstance(value, Address) else value or {}
    return {part: str(given.get(part) or given.get(own) or "") for part, own in PARTS.items()}


def address_of(value: Any) -> Address | None:
    """Return the wire's mapping as an Address."""
    if isinstance(value, Address) or not value:
        return value or None
    return Address(**{own: str(value.get(part) or "") for part, own in PARTS.items()})
