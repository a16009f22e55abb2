"""Short reads made where they are asked for: to find a few rows by an index costs less than a thread and the way back.

The event loop waits meanwhile, so there is an end to it: what takes more than a few milliseconds is given up.
"""

import time
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

P = ParamSpec("P")
T = TypeVar("T")
#: How much of the processor a glance may take, and how many of SQLite's instructions lie between looks at the clock.
MOST_SECONDS, STEPS = 0.005, 2_000
#: How long the event loop waits for a locked file.
BUSY_TIMEOUT_MS = 5


class GivenUpError(Exception):
    """A read that is none for the event loop: a thread takes its time over it, or says what is wrong."""


class Glances:
    """A connection to a SQLite file for the event loop itself. engine: of one connection that cannot write."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._until = 0.0
        event.listen(engine, "connect", self._bound)

    def look(self, run: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `run(connection, ...)`. Raises GivenUpError for what takes long, waits for others, or fails."""
        self._until = time.thread_time() + MOST_SECONDS
        try:
            with self._engine.connect() as connection:
                return run(connection, *args, **kwargs)
        except DBAPIError as error:
            raise GivenUpError from error

    def close(self) -> None:
        """Give the connection back."""
        self._engine.dispose()

    def _bound(self, connection: Any, _record: Any) -> None:
        connection.set_progress_handler(lambda: time.thread_time() > self._until, STEPS)
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}").close()
