"""The bus that needs nothing: listeners here hear at once, those of other processes by reading the facts table.

They read it every second, and whenever a process of the same machine rings.
"""

import asyncio
import logging
import time
from bisect import bisect_left, insort
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, func, select

from adapters.bus.bell import Bell
from engine.core.database import Database
from engine.core.ending import end
from engine.core.facts import Fact, FactRow, RecordedFact, fact_named
from engine.core.tables import UtcDateTime, table_of

log = logging.getLogger("agora.bus")
INTERVAL = 1.0
#: How far back each look goes: ids need not commit in order, but no transaction stays open this long.
LOOK_BACK = timedelta(seconds=30)
#: So many are remembered at least, and all that a look may meet again.
REMEMBERED = 20_000


class _Heard:
    """The facts that were heard, and how many of them are of some time on."""

    def __init__(self) -> None:
        self._moments: OrderedDict[UUID, datetime] = OrderedDict()
        self._sorted: list[datetime] = []

    def __contains__(self, fact_id: UUID) -> bool:
        return fact_id in self._moments

    def add(self, fact_id: UUID, at: datetime) -> None:
        self._moments[fact_id] = at
        insort(self._sorted, at)

    def since(self, moment: datetime) -> int:
        """Return how many are of this moment or later."""
        return len(self._sorted) - bisect_left(self._sorted, moment)

    def forget(self, before: datetime) -> None:
        """Let go of what was heard first, where that is older than this and there are many."""
        while len(self._moments) > REMEMBERED and next(iter(self._moments.values())) < before:
            _id, at = self._moments.popitem(last=False)
            del self._sorted[bisect_left(self._sorted, at)]


class DatabaseBus:
    """Hears facts of this process after their commit, and those of others within about a second."""

    def __init__(self, db: Database, interval: float = INTERVAL, bell: Bell | None = None) -> None:
        """interval: seconds between two looks at what other processes did. bell: None where there are no others."""
        self._db = db
        self._interval = interval
        self._bell = bell
        self._rung = asyncio.Event()
        self._listeners: list[Callable[[RecordedFact], Awaitable[None]]] = []
        self._heard = _Heard()
        self._task: asyncio.Task[None] | None = None
        self._looks: deque[tuple[float, datetime]] = deque()

    def subscribe(self, hear: Callable[[RecordedFact], Awaitable[None]]) -> None:
        self._listeners.append(hear)

    async def publish(self, facts: Sequence[RecordedFact]) -> None:
        if self._bell is not None and any(fact.id not in self._heard for fact in facts):
            self._bell.ring()
        await self._tell(facts)

    async def _tell(self, facts: Sequence[RecordedFact]) -> None:
        for fact in facts:
            if fact.id in self._heard:
                continue
            self._heard.add(fact.id, fact.at)
            for hear in self._listeners:
                try:
                    await hear(fact)
                except Exception:
                    log.exception("a listener failed on %s %s", fact.fact.name, fact.id)

    async def start(self) -> None:
        for seen, at in await self._db.query(_others, self._since() - LOOK_BACK, 0):  # it is in what was read since
            self._heard.add(seen, at)
        if self._bell is not None:
            self._bell.start(self._rung.set)
        self._task = asyncio.create_task(self._tail())

    async def stop(self) -> None:
        if self._bell is not None:
            self._bell.stop()
        if self._task is not None:
            await end(self._task)

    async def _tail(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._rung.wait(), self._interval)
            self._rung.clear()
            try:
                await self._tell(await self._recent())
            except Exception:
                log.exception("the facts table could not be read; trying again")

    async def _recent(self) -> list[RecordedFact]:
        began, since = time.monotonic(), self._since() - LOOK_BACK
        ids = await self._db.glance(_others, since, self._heard.since(since))
        unheard = [one for one, _at in ids if one not in self._heard]
        found = await self._db.query(_read, unheard) if unheard else []
        self._forget_looks(began)
        self._heard.forget(since)
        recent = [(row, _fact_of(row)) for row in found]
        for row, fact in recent:
            if fact is None:
                self._heard.add(row.id, row.created_at)
        return [RecordedFact(row.id, row.created_at, fact) for row, fact in recent if fact is not None]

    def _since(self) -> datetime:
        """Return the earliest time that the clock showed lately: it may jump, and what was written before it counts.

        Lately reaches back before the last look that found the database: others may write while it is away from here.
        """
        self._looks.append((time.monotonic(), self._db.clock.now()))
        return min(shown for _at, shown in self._looks)

    def _forget_looks(self, began: float) -> None:
        """Let go of what was long before a look, now that it has read all that was written since."""
        while self._looks[0][0] < began - LOOK_BACK.total_seconds():
            self._looks.popleft()


# Only their ids, and those only where they are not as many as were heard: on a busy day a look's half minute holds
# thousands. Put in order by us: SQLite goes through every fact there ever was where it is asked for an order by id.
_SINCE = FactRow.created_at >= bindparam("since", type_=UtcDateTime())
_IDS = select(FactRow.id, FactRow.created_at).where(_SINCE)
_COUNT = select(func.count()).select_from(FactRow).where(_SINCE)
_AT_ONCE = 500


def _others(connection: Connection, since: datetime, heard: int) -> list[tuple[UUID, datetime]]:
    """Return the facts since a moment; none, where there are as many as were heard."""
    if connection.scalar(_COUNT, {"since": since}) == heard:
        return []
    return sorted((row.id, row.created_at) for row in connection.execute(_IDS, {"since": since}))


def _read(connection: Connection, ids: Sequence[UUID]) -> list[Row[Any]]:
    table, found = table_of(FactRow), list[Row[Any]]()
    for start in range(0, len(ids), _AT_ONCE):
        wanted = table.c.id.in_(ids[start : start + _AT_ONCE])
        found += connection.execute(select(table).where(wanted).order_by(table.c.id))
    return found


def _fact_of(row: Row[Any]) -> Fact | None:
    """Return what was said; None where another Agora said it in a way that is not known here: the others are heard."""
    try:
        return fact_named(row.name, row.payload)
    except ValueError:
        log.exception("%s %s is not told here, for it cannot be read", row.name, row.id)
        return None
