"""WooCommerce's numbered attributes: which columns hold them, and what a row says of each."""

import re
from dataclasses import dataclass

from engine.commerce.catalog.importing.cells import MAX_TERM, TOO_LONG, Cells, one_line, parts_of
from engine.commerce.catalog.importing.columns import Columns
from engine.commerce.catalog.importing.imported import NamedValues
from engine.core.tabular.problems import Severity

_attribute = re.compile(r"attribute (\d+) (name|value\(s\)|visible|global)")


@dataclass(frozen=True, slots=True)
class AttributeColumns:
    """Where the parts of one numbered attribute stand; None where the file has no such column."""

    number: int
    name: int
    values: int | None
    visible: int | None


def is_attribute(column: str) -> bool:
    """Return whether a column is a part of a numbered attribute."""
    return _attribute.fullmatch(column.lower()) is not None


def attribute_columns(columns: Columns) -> tuple[AttributeColumns, ...]:
    """Return the attributes that have a column for their name, by their numbers."""
    numbered: dict[int, dict[str, int]] = {}
    for place, name in columns.own:
        if found := _attribute.fullmatch(name.lower()):
            numbered.setdefault(int(found[1]), {}).setdefault(found[2], place)
    return tuple(
        AttributeColumns(number, parts["name"], parts.get("value(s)"), parts.get("visible"))
        for number, parts in sorted(numbered.items())
        if "name" in parts
    )


def attributes_of(cells: Cells, attributes: tuple[AttributeColumns, ...]) -> list[tuple[int, NamedValues, bool]]:
    """Return (place of the values, name with values, shown to shoppers) for each attribute that has a name."""
    found = []
    for columns in attributes:
        name = one_line(cells.at(columns.name)).removeprefix("pa_")
        if not name:
            continue
        if len(name) > MAX_TERM:
            cells.report_at(columns.name, TOO_LONG.having(value=name, limit=MAX_TERM), Severity.WARNING, name)
            continue
        values = tuple(one_line(value) for value in parts_of(cells.at(columns.values)))
        fitting = tuple(value for value in values if len(value) <= MAX_TERM)
        if len(fitting) < len(values):
            long = next(value for value in values if value not in fitting)
            cells.report_at(columns.values, TOO_LONG.having(value=long, limit=MAX_TERM), Severity.WARNING, long)
        shown = cells.at(columns.visible) != "0"
        found.append((columns.name if columns.values is None else columns.values, NamedValues(name, fitting), shown))
    return found
