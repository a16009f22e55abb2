"""Counts of long lists: exact up to ten thousand; beyond, what was counted in the last half minute is good enough."""

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, func, literal_column, select

from engine.core import shown

T = TypeVar("T")
#: So many are counted each time; nobody looks at the last digits of more.
EXACT = 10_000
KNOWN_SECONDS = 30.0
MOST_KNOWN = 500
_known: dict[Hashable, tuple[float, Any]] = {}


def count(connection: Connection, rows: Select[Any]) -> int:
    """Return how many rows a statement finds. rows: what is selected does not matter."""
    some = at_most(connection, rows, EXACT + 1)
    if some <= EXACT:
        return some
    every = rows.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    asked = every.compile(dialect=connection.dialect)
    return lately(connection, (str(asked), str(asked.params)), lambda: connection.scalar(every) or 0)


def at_most(connection: Connection, rows: Select[Any], most: int) -> int:
    """Return how many rows a statement finds, and no more than `most`: those beyond are not looked at."""
    one: Select[Any] = rows.with_only_columns(literal_column("1").label("one"), maintain_column_froms=True)
    one = one.order_by(None)
    return connection.scalar(select(func.count()).select_from(one.limit(most).subquery())) or 0


def lately(connection: Connection, key: Hashable, read: Callable[[], T]) -> T:
    """Return what was read of this database in the last half minute, else what `read` returns: for what takes long."""
    shown.lasts(KNOWN_SECONDS)
    known_as, now = (connection.engine.url, key), time.monotonic()
    at, found = _known.get(known_as, (now - KNOWN_SECONDS, None))
    if now - at < KNOWN_SECONDS:
        return found  # type: ignore[no-any-return]
    found = read()
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    _known[known_as] = (time.monotonic(), found)
    return found
