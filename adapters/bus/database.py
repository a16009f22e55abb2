"""The bus that needs nothing: listeners here hear at once, those of other processes by reading the facts table.

They read it every second, and whenever a process of the same machine rings.
"""

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, select

from adapters.bus.bell import Bell
from engine.core.database import Database
from engine.core.ending import end
from engine.core.facts import FactRow, RecordedFact, fact_named
from engine.core.tables import UtcDateTime, table_of

log = logging.getLogger("agora.bus")
INTERVAL = 1.0
#: How far back each look goes: ids need not commit in order, but no transaction stays open this long.
LOOK_BACK = timedelta(seconds=30)
REMEMBERED = 20_000


class DatabaseBus:
    """Hears facts of this process after their commit, and those of others within about a second."""

    def __init__(self, db: Database, interval: float = INTERVAL, bell: Bell | None = None) -> None:
        """interval: seconds between two looks at what other processes did. bell: None where there are no others."""
        self._db = db
        self._interval = interval
        self._bell = bell
        self._rung = asyncio.Event()
        self._listeners: list[Callable[[RecordedFact], Awaitable[None]]] = []
        self._heard: OrderedDict[UUID, None] = OrderedDict()
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
            self._heard[fact.id] = None
            for hear in self._listeners:
                try:
                    await hear(fact)
                except Exception:
                    log.exception("a listener failed on %s %s", fact.fact.name, fact.id)
        while len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)

    async def start(self) -> None:
        for seen in await self._db.query(_ids, self._since() - LOOK_BACK):  # it is in what was read since
            self._heard[seen] = None
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
        began = time.monotonic()
        ids = await self._db.query(_ids, self._since() - LOOK_BACK)
        found = await self._db.query(_read, [one for one in ids if one not in self._heard])
        self._forget_looks(began)
        known = [(row, fact_named(row.name, row.payload)) for row in found]
        return [RecordedFact(row.id, row.created_at, fact) for row, fact in known if fact is not None]

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


#: Only their ids: nearly all were heard already, and on a busy day a look's half minute holds thousands.
_IDS = select(FactRow.id).where(FactRow.created_at >= bindparam("since", type_=UtcDateTime())).order_by(FactRow.id)
_AT_ONCE = 500


def _ids(connection: Connection, since: datetime) -> list[UUID]:
    return list(connection.scalars(_IDS, {"since": since}))


def _read(connection: Connection, ids: Sequence[UUID]) -> list[Row[Any]]:
    table, found = table_of(FactRow), list[Row[Any]]()
    for start in range(0, len(ids), _AT_ONCE):
        wanted = table.c.id.in_(ids[start : start + _AT_ONCE])
        found += connection.execute(select(table).where(wanted).order_by(table.c.id))
    return found
