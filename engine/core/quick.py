"""Statements that are asked many times a second: within a glance, SQLite's own driver is asked.

For each execution SQLAlchemy makes a context, a result and rows of its own; for a few rows found by an index that takes
five times as long as SQLite takes to find them. Everywhere else, and of every other database, SQLAlchemy asks as ever.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.engine import Dialect

#: The option of a connection that holds its driver's own one, where that may be asked.
DRIVER = "agora_driver"
#: Longer lists of values are SQLAlchemy's: each length is another statement, and is remembered.
MOST_LISTED = 60

LISTS = (list, tuple)
Treat = Callable[[Any], Any] | None


class Quick:
    """A statement, made once. Its columns bear names of their own, and nothing in it depends on who asks."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        self._prepared: dict[tuple[int, ...], _Prepared] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """Return the rows, with their columns as attributes."""
        driver = connection.get_execution_options().get(DRIVER)
        lengths = tuple([len(value) for value in values.values() if type(value) in LISTS])
        if driver is None or (lengths and max(lengths) > MOST_LISTED):
            return connection.execute(self.statement, values).all()
        prepared = self._prepared.get(lengths)
        if prepared is None:
            prepared = self._prepared[lengths] = _prepare(self.statement, connection.dialect, values)
        return prepared.rows(connection, driver, values)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement in SQL. given: its values in their order, those that never change in their places.

    places: where each other value goes, its name, which of a list it is (-1: it is none), and how it is written.
    columns: the places of those that are read otherwise than they come.
    """

    sql: str
    given: Sequence[Any]
    places: Sequence[tuple[int, str, int, Treat]]
    columns: Sequence[tuple[int, Callable[[Any], Any]]]
    row: Any

    def rows(self, connection: Connection, driver: Any, values: Mapping[str, Any]) -> list[Any]:
        """Return the rows, as SQLAlchemy would; whoever listens to its connections hears of the statement."""
        given = [*self.given]
        for place, name, which, treat in self.places:
            value = values[name] if which < 0 else values[name][which]
            given[place] = treat(value) if treat is not None else value
        for hear in connection.dispatch.before_cursor_execute:
            hear(connection, None, self.sql, given, None, False)
        made = self.row._make
        found = []
        for row in driver.execute(self.sql, given):
            cells = [*row]
            for place, read in self.columns:
                cells[place] = read(cells[place])
            found.append(made(cells))
        return found


def _prepare(statement: Select[*tuple[Any, ...]], dialect: Dialect, values: Mapping[str, Any]) -> _Prepared:
    compiled: Any = statement.compile(dialect=dialect)
    asked = {name: value for name, value in values.items() if name in compiled.params}
    state = compiled.construct_expanded_state(asked)
    listed = {one: (name, which) for name, ones in state.parameter_expansion.items() for which, one in enumerate(ones)}
    given, places = [], []
    for place, one in enumerate(state.positiontup):
        name, which = listed.get(one, (one, -1))
        treat: Treat = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
        value = state.parameters[one]
        given.append(treat(value) if treat is not None else value)
        if name in asked:
            places.append((place, name, which, treat))
    columns = statement.exported_columns
    reading = [_reader(column.type, dialect) for column in columns]
    return _Prepared(
        state.statement,
        given,
        places,
        [(place, read) for place, read in enumerate(reading) if read is not None],
        namedtuple("Row", columns.keys()),  # noqa: PYI024 - the columns are known here only
    )


def _reader(kind: Any, dialect: Dialect) -> Treat:
    read: Treat = kind.dialect_impl(dialect).result_processor(dialect, None)
    return read
