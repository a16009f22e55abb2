"""SQLite for asyncio with one hop to its thread for each statement, and none for one that is known to be quick.

aiosqlite goes there four times for one: to make a cursor, to execute, to fetch and to close. A checkout is two dozen
statements, and most of what it cost were the hops: each takes longer than the statement, and others wait to write.
"""

import sqlite3
import time
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, Self, TypeVar

import aiosqlite

T = TypeVar("T")
QUICK_SECONDS = 0.003
TRIALS, LONG_TRIALS = 3, 100
MOST_KNOWN = 1000


class Known:
    """How statements went lately. One that was quick a few times in a row may be run on the event loop.

    One that was slow there goes to the thread, and has to be quick for longer until it is trusted again.
    """

    def __init__(self) -> None:
        self._left: dict[str, int] = {}

    def is_quick(self, sql: str) -> bool:
        """Return whether a statement may hold up everybody else."""
        return self._left.get(sql) == 0

    def note(self, sql: str, seconds: float, *, is_here: bool) -> None:
        """Remember how long a statement took."""
        left = self._left.get(sql, TRIALS)
        if seconds > QUICK_SECONDS:
            left = LONG_TRIALS if is_here else max(left, TRIALS)
        elif left:
            left -= 1
        if len(self._left) >= MOST_KNOWN and sql not in self._left:
            self._left.clear()
        self._left[sql] = left


class Connection(aiosqlite.Connection):
    """A connection in a thread of its own."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._known = Known()

    def cursor(self) -> "Cursor":  # type: ignore[override]  # SQLAlchemy is the only one who asks
        return Cursor(self)

    async def run(self, sql: str, parameters: Any, *, is_many: bool) -> "Answer":
        """Return everything that came of a statement."""

        def hop() -> Answer:
            cursor, began = self._conn.cursor(), time.thread_time()
            try:
                (cursor.executemany if is_many else cursor.execute)(sql, parameters)
                rows = cursor.fetchall() if cursor.description else []
                return Answer(cursor, rows, time.thread_time() - began)
            finally:
                cursor.close()

        if is_many or sql.startswith("BEGIN"):  # which waits for other processes
            found: Answer = await self._execute(hop)  # type: ignore[no-untyped-call]
            return found
        is_here = self._known.is_quick(sql)
        found = hop() if is_here else await self._execute(hop)  # type: ignore[no-untyped-call]
        self._known.note(sql, found.seconds, is_here=is_here)
        return found


class Answer:
    """What came of a statement: its rows, and what the cursor said before it was closed. seconds: of the processor."""

    __slots__ = ("description", "lastrowid", "rowcount", "rows", "seconds")

    def __init__(self, cursor: sqlite3.Cursor | None = None, rows: Iterable[Any] = (), seconds: float = 0) -> None:
        self.seconds = seconds
        self.description = cursor.description if cursor else None
        self.lastrowid = cursor.lastrowid if cursor else None
        self.rowcount = cursor.rowcount if cursor else -1
        self.rows = deque(rows)


class Cursor:
    """A cursor as SQLAlchemy's asyncio connector asks for one (PEP 249, awaited)."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._answer = Answer()

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> Self:
        self._answer = await self._connection.run(sql, parameters, is_many=False)
        return self

    async def executemany(self, sql: str, parameters: Any) -> Self:
        self._answer = await self._connection.run(sql, parameters, is_many=True)
        return self

    async def fetchone(self) -> Any:
        return self._answer.rows.popleft() if self._answer.rows else None

    async def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        rows = self._answer.rows
        return [rows.popleft() for _ in range(min(size or self.arraysize, len(rows)))]

    async def fetchall(self) -> Sequence[Any]:
        rows, self._answer.rows = self._answer.rows, deque()
        return rows

    async def close(self) -> None:
        self._answer.rows.clear()

    @property
    def description(self) -> Any:
        return self._answer.description

    @property
    def lastrowid(self) -> int | None:
        return self._answer.lastrowid

    @property
    def rowcount(self) -> int:
        return self._answer.rowcount


def connect(path: str, **arguments: Any) -> Connection:
    """Return a connection to be awaited; its thread does not keep the process from ending."""
    made = Connection(lambda: sqlite3.connect(path, **arguments), iter_chunk_size=64)
    made._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does with connections that it makes
    return made
