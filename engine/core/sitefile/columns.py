"""The columns of a table in a site file: which go along, how a value is written, and how it is read and doubted."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic.alias_generators import to_camel
from sqlalchemy import JSON, BigInteger, Boolean, Column, Integer, String, Uuid

from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.sitefile.kinds import Row
from engine.core.tables import Base, EnumText, UtcDateTime, table_of

SHOWN = 60


@cache
def columns_of(model: type[Base], skip: frozenset[str]) -> Mapping[str, Column[Any]]:
    """Return the columns that go along, by their name on the wire."""
    return {to_camel(column.name): column for column in table_of(model).c if column.name not in skip}


@cache
def _is_list(model: type[Base], name: str) -> bool:
    """Return whether a JSON column holds a list; else it holds an object."""
    (inside,) = get_args(get_type_hints(model)[name])
    return get_origin(inside) is list


def written(model: type[Base], skip: frozenset[str], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as JSON."""
    return {wire: _plain(row[column.name]) for wire, column in columns_of(model, skip).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, str) else value


def read(model: type[Base], skip: frozenset[str], raw: Any) -> Row:
    """Return a row from JSON. What it leaves out is as it comes. Raises Invalid, naming the field and its value."""
    if not isinstance(raw, dict):
        raise Invalid(_("“{value}” is no object.").having(value=shown(raw)))
    columns = columns_of(model, skip)
    if unknown := sorted(set(raw) - set(columns)):
        raise Invalid(_("Agora does not know the field “{name}”.").having(name=shown(unknown[0])))
    row: Row = {}
    for wire, column in columns.items():
        if wire in raw:
            row[column.name] = _value(model, column, wire, raw[wire])
        elif column.nullable:
            row[column.name] = None
        elif column.default is not None and column.default.is_scalar:
            row[column.name] = column.default.arg  # type: ignore[attr-defined]
        elif isinstance(column.type, JSON):
            row[column.name] = [] if _is_list(model, column.name) else {}
        else:
            raise Invalid(_("The field “{name}” is missing.").having(name=wire))
    return row


def _value(model: type[Base], column: Column[Any], wire: str, raw: Any) -> Any:
    if raw is None:
        if column.nullable:
            return None
        raise Invalid(_("The field “{name}” is empty.").having(name=wire))
    try:
        return _as(model, column, raw)
    except (ValueError, TypeError, OverflowError, AttributeError):
        message = _("“{value}” cannot be “{name}”.").having(value=shown(raw), name=wire)
        raise Invalid(message) from None


def _as(model: type[Base], column: Column[Any], raw: Any) -> Any:  # noqa: PLR0911 - one line a type
    kind = column.type
    if isinstance(kind, EnumText):
        return kind.kind(_text(raw, 40))
    if isinstance(kind, UtcDateTime):
        return _moment(raw)
    if isinstance(kind, Uuid):
        return UUID(_text(raw, 36))
    if isinstance(kind, Boolean):
        return _of(raw, bool)
    if isinstance(kind, Integer):
        return _number(raw, 63 if isinstance(kind, BigInteger) else 31)
    if isinstance(kind, String):
        return _text(raw, kind.length)
    if isinstance(kind, JSON):
        return _json(_of(raw, list if _is_list(model, column.name) else dict))
    raise TypeError(f"no site file knows columns like {column}")


def _of(raw: Any, kind: type) -> Any:
    if not isinstance(raw, kind):
        raise TypeError
    return raw


def _number(raw: Any, bits: int) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not -(2**bits) <= raw < 2**bits:
        raise ValueError
    return raw


def _text(raw: Any, longest: int | None) -> str:
    text: str = _of(raw, str)
    text.encode()  # half a character cannot be kept
    if "\x00" in text or (longest is not None and len(text) > longest):
        raise ValueError
    return text


def _moment(raw: Any) -> datetime:
    moment = datetime.fromisoformat(_text(raw, 40))
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


def _json(value: Any) -> Any:
    """Return JSON that both databases keep: no U+0000, no half characters, no number that is none."""
    if isinstance(value, str):
        return _text(value, None)
    if isinstance(value, float) and value - value != 0:
        raise ValueError
    if isinstance(value, int) and not isinstance(value, bool):
        return _number(value, 63)
    if isinstance(value, list):
        return [_json(one) for one in value]
    if isinstance(value, dict):
        return {_text(name, None): _json(one) for name, one in value.items()}
    return value


def shown(raw: Any) -> str:
    """Return a value as a sentence can quote it."""
    try:
        text = str(raw)
    except (ValueError, RecursionError):
        return "…"
    text = "".join(letter if letter.isprintable() else "·" for letter in text[:SHOWN])
    return text.encode("utf-8", "replace").decode()


def said(message: Message | str, line: int, file: str) -> Message:
    """Return a sentence with the place in the archive that it is about."""
    return _("{file}, line {line}: {reason}").having(file=file, line=line, reason=message)
