"""Records as rows of a table: the columns of an export, which an import takes back."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from engine.core.money import Money
from engine.core.records.kinds import widget_of, wire_name
from engine.core.records.reading import Record
from engine.core.resource import Field, Resource, Widget

#: What a spreadsheet would take for a formula at the start of a cell.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def columns_of(resource: Resource) -> list[str]:
    """Return the header of a table of these things: `id`, then every field by its name on the wire."""
    return ["id", *(wire_name(field) for field in resource.fields if field.name != "id")]


def csv_lines(resource: Resource, records: Iterable[Record], currency: str) -> Iterator[str]:
    """Yield the table as CSV (RFC 4180), the header first; a cell that begins like a formula bears an apostrophe."""
    yield _line(columns_of(resource))
    fields = [field for field in resource.fields if field.name != "id"]
    for record in records:
        cells = [cell(field, record.values[field.name], currency) for field in fields]
        yield _line([str(record.id), *(_harmless(text) for text in cells)])


def json_lines(objects: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield a JSON array, an object a line."""
    lead = "[\n"
    for one in objects:
        yield lead + json.dumps(one, ensure_ascii=False)
        lead = ",\n"
    yield "[]\n" if lead == "[\n" else "\n]\n"


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


def _harmless(text: str) -> str:
    is_number = text[1:2].isdigit() and text.replace(".", "", 1).lstrip("+-").isdigit()
    return f"'{text}" if text.startswith(FORMULA) and not is_number else text


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
