"""Short reads made where they are asked for: to find a few rows by an index costs less than a thread and the way back.

The event loop waits meanwhile, so there is an end to it: what takes more than a few milliseconds is given up.
"""

import sqlite3
import time
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from engine.core.quick import DRIVER

P = ParamSpec("P")
T = TypeVar("T")
#: How much of the processor a glance may take, and how many of SQLite's instructions lie between looks at the clock.
MOST_SECONDS, STEPS = 0.005, 2_000
#: How long the event loop waits for a locked file.
BUSY_TIMEOUT_MS = 5


class GivenUpError(Exception):
    """A read that is none for the event loop: a thread takes its time over it, or says what is wrong."""


class Glances:
    """A connection to a SQLite file for the event loop itself, held open. engine: of one that cannot write.

    Transactions are begun and ended here, not by SQLAlchemy, to which all looks are one.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._until = 0.0
        self._held: tuple[Connection, Any] | None = None
        event.listen(engine, "connect", self._bound)

    def look(self, run: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `run(connection, ...)`. Raises GivenUpError for what takes long, waits for others, or fails."""
        self._until = time.thread_time() + MOST_SECONDS
        try:
            connection, driver = self._held or self._open()
            driver.execute("BEGIN")
            try:
                return run(connection, *args, **kwargs)
            finally:
                driver.execute("ROLLBACK")
        except (DBAPIError, sqlite3.Error, UnicodeEncodeError, OverflowError) as error:
            self._let_go()
            raise GivenUpError from error

    def close(self) -> None:
        """Give the connection back."""
        self._let_go()
        self._engine.dispose()

    def _open(self) -> tuple[Connection, Any]:
        connection = self._engine.connect()
        driver = connection.connection.driver_connection
        self._held = connection.execution_options(**{DRIVER: driver}), driver
        return self._held

    def _let_go(self) -> None:
        """Begin with a new connection the next time: SQLAlchemy may think little of this one."""
        if self._held is not None:
            self._held[0].close()
            self._held = None

    def _bound(self, connection: Any, _record: Any) -> None:
        connection.set_progress_handler(lambda: time.thread_time() > self._until, STEPS)
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}").close()
