"""Records as rows of a table: the columns of an export, which an import takes back."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from engine.core.money import Money
from engine.core.records.kinds import widget_of, wire_name
from engine.core.records.reading import Record
from engine.core.resource import Field, Resource, Widget


def columns_of(resource: Resource) -> list[str]:
    """Return the header of a table of these things: `id`, then every field by its name on the wire."""
    return ["id", *(wire_name(field) for field in resource.fields if field.name != "id")]


def rows_of(resource: Resource, records: Iterable[Record], currency: str) -> Iterator[list[str]]:
    """Yield the cells of each thing, in the order of the columns."""
    fields = [field for field in resource.fields if field.name != "id"]
    for record in records:
        yield [str(record.id), *(cell(field, record.values[field.name], currency) for field in fields)]


def cell(field: Field, value: Any, currency: str) -> str:
    """Return a value as a table's cell holds it: money in major units, lists joined, times in UTC."""
    if widget_of(field) is Widget.MONEY and value is not None:
        return str(Money(value, currency).decimal)
    if widget_of(field) is Widget.TAGS and isinstance(value, list):
        return ", ".join(str(one) for one in value)
    match value:
        case None:
            return ""
        case bool() | list() | dict():
            return json.dumps(value, ensure_ascii=False)
        case datetime() | date():
            return value.isoformat().replace("+00:00", "Z")
        case _:
            return str(value)
