"""What a field is: its widget, its name on the wire and the type of its value, read off the mapped attribute."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from pydantic.alias_generators import to_camel
from sqlalchemy import JSON, Boolean, Column, Date, Integer, Numeric, String, Text, Uuid

from engine.core.resource import Field, Widget
from engine.core.tables import EnumText, UtcDateTime

LONGEST_TEXT = 100_000
MINOR = "_minor"
_BY_TYPE: tuple[tuple[type[Any], Widget], ...] = (
    (EnumText, Widget.CHOICE),
    (UtcDateTime, Widget.DATETIME),
    (Date, Widget.DATE),
    (Boolean, Widget.SWITCH),
    (Integer, Widget.NUMBER),
    (Numeric, Widget.DECIMAL),
    (Uuid, Widget.RELATION),
    (Text, Widget.TEXTAREA),
    (String, Widget.TEXT),
    (JSON, Widget.JSON),
)
_TYPES: Mapping[Widget, Any] = MappingProxyType(
    {
        Widget.NUMBER: int,
        Widget.DECIMAL: Decimal,
        Widget.SWITCH: bool,
        Widget.DATE: date,
        Widget.DATETIME: datetime,
        Widget.RELATION: UUID,
        Widget.IMAGE: UUID,
        Widget.FILE: UUID,
        Widget.TAGS: list[str],
        Widget.ADDRESS: dict[str, Any],
        Widget.JSON: Any,
        Widget.CHANGES: Any,
    }
)


@cache
def widget_of(field: Field) -> Widget:
    """Return how the field is asked for: as declared, else as its column's type says."""
    if field.widget is not None:
        return field.widget
    if field.name == "slug":
        return Widget.SLUG
    if field.name.endswith(MINOR):
        return Widget.MONEY
    if field.choices:
        return Widget.CHOICE
    kind = field.attribute.type
    return next((widget for known, widget in _BY_TYPE if isinstance(kind, known)), Widget.TEXT)


@cache
def wire_name(field: Field) -> str:
    """Return the field's name on the wire: camelCase, money without its unit."""
    name = field.name.removesuffix(MINOR) if widget_of(field) is Widget.MONEY else field.name
    return to_camel(name)


def column_of(field: Field) -> Column[Any] | None:
    """Return the table's column behind a mapped field."""
    return field.attribute.property.columns[0] if field.is_mapped else None


def enum_of(field: Field) -> type[StrEnum] | None:
    """Return the enum whose members the field takes."""
    kind = field.attribute.type
    return kind.kind if isinstance(kind, EnumText) else None


def value_type(field: Field) -> Any:
    """Return the Python type of the field's value, without regard to null. Choices of numbers are numbers."""
    enum = enum_of(field)
    if enum is not None:
        return enum
    widget = widget_of(field)
    if widget is Widget.CHOICE:
        return int if isinstance(field.attribute.type, Integer) else str
    return _TYPES.get(widget, str)


def choices_of(field: Field) -> list[tuple[str, Any]]:
    """Return (value, words) of what the field may be; an enum's members in their order."""
    enum = enum_of(field)
    words = {str(value): label for value, label in field.choices}
    if enum is None:
        return list(words.items())
    return [(member.value, words.get(member.value, member.value.replace("_", " ").capitalize())) for member in enum]


def longest(field: Field) -> int:
    """Return how many characters a text may have."""
    length = getattr(field.attribute.type, "length", None)
    return length or LONGEST_TEXT


def is_nullable(field: Field) -> bool:
    column = column_of(field)
    return column is None or bool(column.nullable)


def is_required(field: Field) -> bool:
    """Return whether a new thing must be given this: neither null nor a default would do, and no slug is made of it."""
    if field.required is not None:
        return field.required
    column = column_of(field)
    return (
        column is not None
        and not column.nullable
        and column.default is None
        and column.server_default is None
        and not field.source
    )
