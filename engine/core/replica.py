"""PostgreSQL in company: no statement hangs for ever, and a copy answers who need not see the very latest."""

import logging
import threading
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from engine.core.ports import Clock

log = logging.getLogger("agora.database")
#: Whether who asks may be shown what was true a moment ago. Set for each request by the gateway.
reads_may_lag: ContextVar[bool] = ContextVar("reads_may_lag", default=False)
#: A statement that takes longer is undone, and so is a transaction that waits so long for its next one.
STATEMENT_SECONDS = 60
IDLE_SECONDS = 120
PAUSE = timedelta(seconds=10)
CONNECT_SECONDS = 3


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
        self._engine = create_engine(
            make_url(url),
            pool_size=pool_size,
            pool_timeout=CONNECT_SECONDS,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"connect_timeout": CONNECT_SECONDS},
        ).execution_options(postgresql_readonly=True)
        keep_short(self._engine)
        self._clock = clock
        self._lock = threading.Lock()
        self._next_try: datetime | None = None

    def connection(self) -> Connection | None:
        """Return a connection, to be closed; None while the copy is away."""
        now = self._clock.now()
        with self._lock:
            if self._next_try is not None and now < self._next_try:
                return None
            was_away, self._next_try = self._next_try is not None, self._next_try and now + PAUSE
        try:
            made = self._engine.connect()
        except (OperationalError, SQLAlchemyError) as error:
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
