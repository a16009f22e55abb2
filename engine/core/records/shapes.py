"""Shapes of a resource's things as they cross the wire, built once from its fields: what is read, made and changed."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationInfo,
    create_model,
)
from pydantic import Field as Shape
from pydantic.alias_generators import to_camel

from engine.core.html import clean_html
from engine.core.money import MAX_MINOR
from engine.core.plaintext import line_of, paragraphs_of
from engine.core.records.kinds import enum_of, is_nullable, is_required, longest, value_type, widget_of, wire_name
from engine.core.resource import Field, Part, Resource, Widget
from engine.core.setting import Colour, Email, Link
from engine.core.slugs import is_slug
from engine.core.tables import HasTimes

MOST_TAGS = 100
MOST_ROWS = 500
_LEFT_OUT: Any = None


class RecordShape(BaseModel):
    """Base of all of them: camelCase, unknown fields refused."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, defer_build=True
    )


class MoneyShape(RecordShape):
    """An amount in minor units of an ISO 4217 currency."""

    amount: int = Shape(ge=-MAX_MINOR, le=MAX_MINOR)
    currency: str = Shape(min_length=3, max_length=3)


@dataclass(frozen=True, slots=True)
class Shapes:
    """The three shapes of a resource, and its fields by attribute name."""

    read: type[RecordShape]
    create: type[RecordShape]
    update: type[RecordShape]


@cache
def shapes_of(resource: Resource) -> Shapes:
    """Return the shapes of a resource; built when they are first needed."""
    stem = "".join(word.capitalize() for word in resource.noun.split("_"))
    made = {one.name: _asked(one, is_new=True) for one in resource.written}
    changed = {one.name: _asked(one, is_new=False) for one in resource.written if not one.once}
    return Shapes(
        read=_model(f"{stem}Record", _read_fields(resource)),
        create=_model(f"{stem}Create", made),
        update=_model(f"{stem}Update", changed),
    )


def _model(name: str, fields: dict[str, Any]) -> type[RecordShape]:
    return create_model(name, __base__=RecordShape, **fields)


def _read_fields(resource: Resource) -> dict[str, Any]:
    fields: dict[str, Any] = {"id": (UUID, ...), "title": (str, ...)}
    for one in resource.fields:
        kind = MoneyShape if widget_of(one) is Widget.MONEY else value_type(one)
        if one.name not in ("id", "title"):
            fields[one.name] = (kind | None if is_nullable(one) else kind, Shape(alias=wire_name(one)))
    if issubclass(resource.model, HasTimes):
        fields.setdefault("created_at", (datetime, ...))
        fields.setdefault("updated_at", (datetime, ...))
    return fields


def _asked(field: Field, *, is_new: bool) -> Any:
    kind = input_type(field)
    may_be_null = is_nullable(field)
    if is_new and is_required(field):
        return (kind, Shape(alias=wire_name(field)))
    return (kind | None if may_be_null else kind, Shape(_LEFT_OUT, alias=wire_name(field)))


def input_type(field: Field) -> Any:
    """Return the type that checks what is sent for a field."""
    widget = widget_of(field)
    if widget is Widget.CHOICE and enum_of(field) is None and field.choices:
        return Literal[tuple(value for value, _words in field.choices)]
    if widget in (Widget.NUMBER, Widget.DECIMAL):
        return Annotated[value_type(field), Shape(ge=_least(field), le=_most(field))]
    if widget is Widget.TAGS and field.choices:
        return list[Literal[tuple(str(value) for value, _words in field.choices)]]  # type: ignore[misc]
    if widget is Widget.ROWS:
        return Annotated[list[_row_shape(field)], Shape(max_length=MOST_ROWS)]  # type: ignore[misc]
    if widget in _WHATEVER_THE_FIELD:
        return _WHATEVER_THE_FIELD[widget]
    return _text(field, widget) if value_type(field) is str else value_type(field)


def _text(field: Field, widget: Widget) -> Any:
    """Return the type of a text: trimmed, within its column's length, and what its widget asks of it."""
    limits = Shape(min_length=1 if is_required(field) else 0, max_length=longest(field), pattern=field.pattern)
    if widget in _CHECKED:
        return Annotated[_CHECKED[widget], limits]
    return Annotated[str, BeforeValidator(_lines if widget is Widget.TEXTAREA else _one_line), limits]


def _least(field: Field) -> int:
    return -(2**31) if field.minimum is None else field.minimum


def _most(field: Field) -> int:
    return 2**31 - 1 if field.maximum is None else field.maximum


@cache
def _row_shape(field: Field) -> type[RecordShape]:
    stem = "".join(word.capitalize() for word in field.name.split("_"))
    return _model(f"{stem}Row", {part.name: _part(part) for part in field.parts})


def _part(part: Part) -> Any:
    kinds: dict[Widget, Any] = {Widget.NUMBER: int, Widget.SWITCH: bool, Widget.URL: Link, Widget.EMAIL: Email}
    kind = kinds.get(part.widget, Annotated[str, Shape(max_length=part.max_length)])
    if part.choices:
        kind = Literal[tuple(value for value, _words in part.choices)]
    if part.required:
        return (kind, ...)
    empty: Any = {Widget.NUMBER: 0, Widget.SWITCH: False}.get(part.widget, "")
    return (kind, part.choices[0][0] if part.choices else empty)


def _in_the_sites_currency(value: MoneyShape, info: ValidationInfo) -> MoneyShape:
    wanted = (info.context or {}).get("currency", value.currency)
    if value.currency != wanted:
        raise ValueError(f"“{value.currency}” is not the currency of this site; send amounts in {wanted}")
    return value


def _slug(value: str) -> str:
    if value and not is_slug(value):
        raise ValueError(f"“{value[:60]}” cannot be in an address; use a–z, 0–9 and hyphens")
    return value


def _one_line(value: Any) -> Any:
    return line_of(value) if isinstance(value, str) else value


def _lines(value: Any) -> Any:
    return paragraphs_of(value) if isinstance(value, str) else value


_WHATEVER_THE_FIELD: dict[Widget, Any] = {
    Widget.MONEY: Annotated[MoneyShape, AfterValidator(_in_the_sites_currency)],
    Widget.COLOUR: Colour,
    Widget.DATETIME: AwareDatetime,
    Widget.TAGS: Annotated[list[Annotated[str, Shape(min_length=1, max_length=100)]], Shape(max_length=MOST_TAGS)],
}
_CHECKED: dict[Widget, Any] = {
    Widget.RICHTEXT: Annotated[str, AfterValidator(clean_html)],
    Widget.SLUG: Annotated[str, AfterValidator(_slug)],
    Widget.EMAIL: Email,
    Widget.URL: Link,
}


def changes_in(resource: Resource, sent: BaseModel) -> dict[str, Any]:
    """Return what was sent as attribute values: only what was there, money as minor units."""
    changes: dict[str, Any] = {}
    for name in sent.model_fields_set:
        value = getattr(sent, name)
        field = resource.field(name)
        changes[name] = _kept(value, field) if field else value
    return changes


def _kept(value: Any, field: Field) -> Any:
    match value:
        case MoneyShape():
            return value.amount
        case list() if widget_of(field) is Widget.ROWS:
            return [row.model_dump(mode="json", by_alias=True) for row in value]
        case _:
            return value
