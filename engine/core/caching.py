"""A cache that never stands in the way: while the chosen one is away, this process keeps things in its own memory."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from engine.core.errors import Unavailable
from engine.core.i18n import Message
from engine.core.measures import Measures
from engine.core.ports import Cache, Clock

log = logging.getLogger("agora.cache")
T = TypeVar("T")
#: How long nobody asks a cache that was away: no request should wait for it in vain.
PAUSE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Absence:
    """Since when the chosen cache is away, and why."""

    since: datetime
    why: Message | str


class SteadyCache:
    """The chosen cache; a stand-in of this process takes its place while it is away, and it is tried again."""

    def __init__(self, name: str, chosen: Cache, stand_in: Cache, clock: Clock) -> None:
        """name: `disk`, `memory` or `redis`."""
        self.name = name
        self.chosen = chosen
        self._stand_in = stand_in
        self._clock = clock
        self._next_try: datetime | None = None
        self.absence: Absence | None = None
        self.measures = Measures()

    async def get(self, key: str) -> bytes | None:
        """Return what is kept under the key."""
        found = await self._by(lambda cache: cache.get(key))
        self.measures.cached(self.name, is_hit=found is not None)
        return found

    async def set(self, key: str, value: bytes, seconds: float) -> None:
        """Keep a value for so long."""
        await self._by(lambda cache: cache.set(key, value, seconds))

    async def delete(self, key: str) -> None:
        """Let go of a key."""
        await self._by(lambda cache: cache.delete(key))

    async def increment(self, key: str, seconds: float) -> int:
        """Count one more."""
        return await self._by(lambda cache: cache.increment(key, seconds))

    async def close(self) -> None:
        """Give back what both hold."""
        await self.chosen.close()
        await self._stand_in.close()

    async def _by(self, use: Callable[[Cache], Awaitable[T]]) -> T:
        now = self._clock.now()
        if self._next_try is not None and now < self._next_try:
            return await use(self._stand_in)
        self._next_try = now + PAUSE if self.absence else None  # one request tries; the others do not wait for it
        try:
            answer = await use(self.chosen)
        except Unavailable as error:
            if self.absence is None:
                self.absence = Absence(now, error.message)
                log.warning("%s Until it does, each process keeps things by itself.", error)
            self._next_try = now + PAUSE
            return await use(self._stand_in)
        if self.absence is not None:
            log.warning("the cache (%s) answers again", self.name)
            self.absence = None
        self._next_try = None
        return answer
