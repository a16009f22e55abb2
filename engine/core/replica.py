"""PostgreSQL in company: no statement hangs for ever, and a copy answers who need not see the very latest."""

import logging
import threading
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from engine.core.errors import Failing
from engine.core.failing import words_for
from engine.core.ports import Clock

T = TypeVar("T")
log = logging.getLogger("agora.database")
#: Whether who asks may be shown what was true a moment ago. Set for each request by the gateway.
reads_may_lag: ContextVar[bool] = ContextVar("reads_may_lag", default=False)
#: A statement that takes longer is undone, and so is a transaction that waits so long for its next one.
STATEMENT_SECONDS = 60
IDLE_SECONDS = 120
PAUSE = timedelta(seconds=10)
CONNECT_SECONDS = 3
#: How libpq finds out that a server is gone which never said goodbye: a machine that lost its power or its network.
WATCHED = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}
TOO_SLOW = "57014"


class AwayError(Exception):
    """The copy cannot say: whoever asked asks the database itself."""


def watched(url: URL) -> dict[str, int]:
    """Return libpq's settings for a connection that must not hang for ever; what the address says itself stays."""
    return {name: value for name, value in WATCHED.items() if name not in url.query}


def keep_short(engine: Engine) -> None:
    """Have the server end what takes too long on this engine's connections."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET statement_timeout = '{STATEMENT_SECONDS}s'")
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'")
        cursor.close()
        connection.commit()


class Replica:
    """A copy that follows the database. While it is away nobody waits for it, and it is tried again by itself."""

    def __init__(self, url: str, *, pool_size: int, clock: Clock) -> None:
        where = make_url(url)
        self._engine = create_engine(
            where,
            pool_size=pool_size,
            pool_timeout=CONNECT_SECONDS,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={**watched(where), "connect_timeout": CONNECT_SECONDS},
        ).execution_options(postgresql_readonly=True)
        keep_short(self._engine)
        self._clock = clock
        self._lock = threading.Lock()
        self._next_try: datetime | None = None

    def ask(self, run: Callable[[Connection], T]) -> T:
        """Return `run(connection)`.

        Raises AwayError where the copy is away, fails on the way (a conflict with what it follows is one), or does not
        have this version's tables yet; Failing where it takes too long, as the database itself would.
        """
        connection = self._connection()
        if connection is None:
            raise AwayError
        try:
            with connection:
                return run(connection)
        except DBAPIError as error:
            words = words_for(error.orig) if error.orig else None
            if words is not None and getattr(error.orig, "sqlstate", None) == TOO_SLOW:
                raise Failing(words) from error
            log.warning("the read replica failed on the way; the database itself is asked: %s", error.orig)
            if error.connection_invalidated:
                self._next_try = self._clock.now() + PAUSE
            raise AwayError from error

    def _connection(self) -> Connection | None:
        now = self._clock.now()
        with self._lock:
            if self._next_try is not None and now < self._next_try:
                return None
            was_away, self._next_try = self._next_try is not None, self._next_try and now + PAUSE
        try:
            made = self._engine.connect()
        except SQLAlchemyError as error:
            if not was_away:
                log.warning("the read replica does not answer; the database itself is asked: %s", error)
            self._next_try = now + PAUSE
            return None
        if was_away:
            log.warning("the read replica answers again")
            self._next_try = None
        return made

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()
