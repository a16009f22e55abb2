"""Many rows of a table at once: SQLAlchemy makes the statement and the values, and is not asked again for each row."""

from collections.abc import Callable
from functools import cache, lru_cache
from itertools import repeat
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Table, insert

from engine.core.tables import EnumText, UtcDateTime

Bind = Callable[[Any], Any] | None


def insert_rows(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows, which all name the same columns; others take their column's default, if it is a plain value."""
    given = frozenset(rows[0])
    statement, columns = _prepared(table, given, connection.dialect)
    bound: list[Any] = [
        repeat(bind(_default(column)) if bind else _default(column), len(rows))
        if column.name not in given
        else map(bind, [row[column.name] for row in rows])
        if bind
        else [row[column.name] for row in rows]
        for column, bind in columns
    ]
    values: list[Any] = list(zip(*bound, strict=True))
    if not connection.dialect.positional:
        names = [column.name for column, _bind in columns]
        values = [dict(zip(names, row, strict=True)) for row in values]
    connection.exec_driver_sql(statement, values)


@cache
def _prepared(table: Table, given: frozenset[str], dialect: Dialect) -> tuple[str, list[tuple[Column[Any], Bind]]]:
    """Return the statement, and its columns in order with what makes a value fit for the database."""
    names = [column.name for column in table.columns if column.name in given or column.default is not None]
    compiled = insert(table).compile(dialect=dialect, column_keys=names)
    order = compiled.positiontup if dialect.positional else names
    return str(compiled), [(table.columns[name], _bind_of(table.columns[name], dialect)) for name in order or ()]


def _bind_of(column: Column[Any], dialect: Dialect) -> Bind:
    bind = column.type.dialect_impl(dialect).bind_processor(dialect)
    is_often_the_same = isinstance(column.type, EnumText | UtcDateTime)
    return lru_cache(maxsize=4_096)(bind) if bind and is_often_the_same else bind


def _default(column: Column[Any]) -> Any:
    value = column.default.arg  # type: ignore[union-attr]
    return value(None) if callable(value) else value
