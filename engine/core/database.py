"""Units of work on SQLite and PostgreSQL: `write()`, `read()` and, for pages, `query()`."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, Concatenate, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from engine.core import hops, shown
from engine.core.errors import Conflict
from engine.core.facts import RecordedFact, Subscriber
from engine.core.failing import say_what_fails, say_when_all_are_taken
from engine.core.glances import GivenUpError, Glances
from engine.core.i18n import _
from engine.core.measures import Measures
from engine.core.ports import Clock, SystemClock
from engine.core.replica import AwayError, Replica, keep_short, reads_may_lag, watched
from engine.core.transaction import Tx, keep_times
from engine.core.unkeepable import refuse_unkeepable

log = logging.getLogger("agora.database")
P = ParamSpec("P")
T = TypeVar("T")
BUSY_TIMEOUT_MS = 15_000
READERS = 4
#: Each of the nine connections that read keeps pages of its own; what they do not, the system keeps once for all.
READER_CACHE_KB, WRITER_CACHE_KB = 4_000, 16_000
#: The option of a connection, and what it remembers of itself: whether its commits wait for the disk.
UNHURRIED = "agora_unhurried"


@dataclass(frozen=True, slots=True)
class Committed:
    """What a transaction left behind: facts to be heard, and whether a job waits."""

    facts: Sequence[RecordedFact]
    has_jobs: bool


class Database:
    """One database. SQLite has one writer at a time (a fair lock here, `BEGIN IMMEDIATE` for other processes)."""

    def __init__(
        self,
        url: str,
        *,
        clock: Clock | None = None,
        subscribers: Sequence[Subscriber] = (),
        most_connections: int = 20,
        pool_timeout: float = 30,
        read_url: str = "",
    ) -> None:
        """url: SQLAlchemy's, `sqlite:///path` or `postgresql+psycopg://...`. read_url: a copy that follows it.

        most_connections: how many a server is asked for, 2 or more: half for changes, half for pages; and of a copy as
        many as for pages. pool_timeout: seconds that whoever finds all of them taken waits.
        """
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.clock = clock or SystemClock()
        self.subscribers: Sequence[Subscriber] = subscribers
        self.measures = Measures()
        self.after_commit: list[Callable[[Committed], Awaitable[None]]] = []
        self._write_lock = asyncio.Lock()
        self._is_over = False
        self._threads = CapacityLimiter(READERS)
        if self.is_sqlite:
            self._writer = _sqlite_async(self.url, size=1)
            self._unhurried = self._writer.execution_options(**{UNHURRIED: True})
            self._reader = _sqlite_async(self.url, size=READERS, read_only=True)
            self._pages = _sqlite(self.url, size=READERS)
        else:
            pool: dict[str, Any] = {
                "max_overflow": 0,
                "pool_timeout": pool_timeout,
                "pool_pre_ping": True,
                "hide_parameters": True,
                "connect_args": watched(self.url),
            }
            for_pages = most_connections // 2
            self._writer = create_async_engine(self.url, pool_size=most_connections - for_pages, **pool)
            self._reader = self._writer.execution_options(postgresql_readonly=True)
            self._pages = create_engine(self.url, pool_size=for_pages, **pool).execution_options(
                postgresql_readonly=True
            )
            for one in (self._writer.sync_engine, self._pages):
                keep_short(one)
        short = _sqlite(self.url, size=1, begins=False) if self.is_sqlite else None
        self._glances = Glances(short) if short is not None else None
        self._copy = Replica(read_url, pool_size=most_connections // 2, clock=self.clock) if read_url else None

        for engine in (self._writer.sync_engine, self._reader.sync_engine, self._pages):
            refuse_unkeepable(engine)
            say_what_fails(engine, is_reader=engine is not self._writer.sync_engine)
        for engine in filter(None, (self._pages, self._reader.sync_engine, short)):
            shown.listen(engine)
        _close_what_comes_late(self._pages, lambda: self._is_over)

    @asynccontextmanager
    async def write(self, *, is_redone: bool = False) -> AsyncIterator[Tx]:
        """One transaction, and the only way to change data: committed at the end, undone whole on any error.

        is_redone: what a power cut may take back, as long as nothing came after it, for it is done again then. It does
        not wait for SQLite's disk, which the next commit that does brings it to. A dead process takes nothing back. On
        PostgreSQL it waits as ever: there the server can die and this process live on with what it believes it did.
        """
        began = time.perf_counter()
        try:
            if self.is_sqlite:
                async with self._write_lock, self._transaction(self._unhurried if is_redone else self._writer) as tx:
                    yield tx
            else:
                async with self._transaction(self._writer) as tx:
                    yield tx
        finally:
            self.measures.database["write"].note(time.perf_counter() - began)
        await self._tell(tx)

    @asynccontextmanager
    async def _transaction(self, writer: AsyncEngine) -> AsyncIterator[Tx]:
        async with AsyncSession(writer, expire_on_commit=False, autoflush=False) as session:
            tx = Tx(session, self.clock.now(), self.subscribers)
            keep_times(session.sync_session, tx)
            try:
                with say_when_all_are_taken():
                    async with session.begin():
                        yield tx
                        await tx.seal()
            except IntegrityError as error:
                if not _is_duplicate(error):
                    raise
                log.warning("two wrote the same at once, and the second was refused: %s", error.orig)
                raise Conflict(
                    _("Somebody saved the same thing at this very moment. Look again, and retry.")
                ) from error

    async def _tell(self, tx: Tx) -> None:
        if not tx.is_past and (tx.facts or tx.enqueued):
            committed = Committed(tuple(tx.facts), bool(tx.enqueued))
            for hear in self.after_commit:
                await hear(committed)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that cannot write."""
        with say_when_all_are_taken():
            async with AsyncSession(self._reader, expire_on_commit=False) as session:
                yield session

    async def query(self, run: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return `run(connection, ...)`, a page's reads, in one hop to a thread; the connection cannot write."""
        may_lag = reads_may_lag.get() and not shown.is_recorded()  # what is kept must not begin outdated

        def hop() -> T:
            if may_lag and self._copy is not None:
                with suppress(AwayError):
                    return self._copy.ask(lambda connection: run(connection, *args, **kwargs))
            with say_when_all_are_taken(), self._pages.connect() as connection:
                return run(connection, *args, **kwargs)

        began = time.perf_counter()
        try:
            return await to_thread.run_sync(hop, limiter=self._threads)
        finally:
            self.measures.database["read"].note(time.perf_counter() - began)

    async def glance(self, run: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `query` would, for reads that find a few rows by an index: on SQLite without the hop."""
        if self._glances is None or self._copy is not None:
            return await self.query(run, *args, **kwargs)
        began = time.perf_counter()
        try:
            found = self._glances.look(run, *args, **kwargs)
        except GivenUpError:
            return await self.query(run, *args, **kwargs)
        self.measures.database["read"].note(time.perf_counter() - began)
        return found

    def query_now(self, run: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `query` would, where no event loop runs yet."""
        with self._pages.connect() as connection:
            return run(connection, *args, **kwargs)

    async def stream(self, run: Callable[[Connection], Iterator[T]], size: int = 200) -> AsyncGenerator[list[T], None]:
        """Yield what `run(connection)` yields, `size` at a time: one hop to a thread each, never all in memory."""
        with say_when_all_are_taken():
            connection = await to_thread.run_sync(self._pages.connect, limiter=self._threads)
        try:
            items = run(connection)
            while chunk := await to_thread.run_sync(lambda: list(islice(items, size)), limiter=self._threads):
                yield chunk
        finally:
            connection.close()

    def connections(self) -> tuple[int, int]:
        """Return how many connections are in use, and how many there can be."""
        pools: list[Any] = [self._writer.sync_engine.pool, self._pages.pool]
        if self.is_sqlite:
            pools.append(self._reader.sync_engine.pool)
        return sum(pool.checkedout() for pool in pools), sum(pool.size() + max(0, pool._max_overflow) for pool in pools)  # noqa: SLF001 -- the pool tells it nowhere else

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """While nobody here writes: for upkeep that no transaction can do."""
        async with self._write_lock:
            yield

    async def close(self) -> None:
        """Give back every connection; what is asked afterwards keeps none."""
        self._is_over = True
        await self._writer.dispose()
        if self.is_sqlite:
            await self._reader.dispose()
        self._pages.dispose()
        if self._glances is not None:
            self._glances.close()
        if self._copy is not None:
            self._copy.close()


def _close_what_comes_late(engine: Engine, is_over: Callable[[], bool]) -> None:
    """Close connections that come back after the end: a thread may outlast whoever waited for it."""

    @event.listens_for(engine, "checkin")
    def checkin(_connection: Any, record: ConnectionPoolEntry) -> None:
        if is_over():
            record.invalidate()


def _is_duplicate(error: IntegrityError) -> bool:
    """Return whether a unique constraint refused the row (PostgreSQL's class 23505)."""
    return getattr(error.orig, "sqlstate", None) == "23505" or "UNIQUE constraint failed" in str(error.orig)


def _sqlite_async(url: Any, *, size: int, read_only: bool = False) -> AsyncEngine:
    engine = create_async_engine(
        url.set(drivername="sqlite+aiosqlite"),
        pool_size=size,
        max_overflow=0,
        pool_timeout=60,
        connect_args={**_ARGS, "async_creator_fn": hops.connect},
        hide_parameters=True,
    )
    _prepare(engine.sync_engine, read_only=read_only)
    return engine


def _sqlite(url: Any, *, size: int, begins: bool = True) -> Engine:
    engine = create_engine(
        url, pool_size=size, max_overflow=0, pool_timeout=60, connect_args=_ARGS, hide_parameters=True
    )
    _prepare(engine, read_only=True, begins=begins)
    return engine


_ARGS = {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}


def _prepare(engine: Engine, *, read_only: bool, begins: bool = True) -> None:
    """Set each new connection up, and begin transactions ourselves: the driver's own way cannot take the write lock.

    begins: False where whoever uses the connection begins them.
    """

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            f"cache_size=-{READER_CACHE_KB if read_only else WRITER_CACHE_KB}",
            "temp_store=MEMORY",
            *(("query_only=ON",) if read_only else ()),
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if not begins:
        return

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        is_unhurried = connection.get_execution_options().get(UNHURRIED, False)
        if connection.info.get(UNHURRIED, False) is not is_unhurried:
            connection.exec_driver_sql(f"PRAGMA synchronous={'NORMAL' if is_unhurried else 'FULL'}")
            connection.info[UNHURRIED] = is_unhurried
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
