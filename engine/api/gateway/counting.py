"""Requests counted in the cache, so that every process that shares it counts the same ones."""

import time
from collections.abc import Callable

from limits.aio.storage import SlidingWindowCounterSupport, Storage

from engine.core.ports import Cache


class CacheCounters(Storage, SlidingWindowCounterSupport):
    """Two counters a limit: the running window's, and that of the one before, of which ever less counts.

    What was refused is not counted.
    """

    STORAGE_SCHEME = None

    def __init__(self, cache: Cache, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._cache = cache
        self._now = now

    async def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count a request; return whether it is within the limit."""
        before, before_left, current, _current_left = await self.get_sliding_window(key, expiry)
        weighted = before * before_left / expiry
        if weighted + current + amount > limit:
            return False
        return weighted + await self.incr(self._name(key, expiry), 2 * expiry) <= limit

    async def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Return (count, seconds left) of the window before and of the running one."""
        left = expiry - self._now() % expiry
        before = await self.get(self._name(key, expiry, back=1))
        return before, left, await self.get(self._name(key, expiry)), left + expiry

    async def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget what was counted."""
        for back in (0, 1):
            await self._cache.delete(self._name(key, expiry, back))

    def _name(self, key: str, expiry: int, back: int = 0) -> str:
        return f"limit:{key}:{int(self._now() // expiry) - back}"

    @property
    def base_exceptions(self) -> type[Exception]:
        """None of its own: the cache is never away for long."""
        return OSError

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count once more under this name."""
        return await self._cache.increment(key, expiry)

    async def get(self, key: str) -> int:
        """Return the count under this name."""
        return int(await self._cache.get(key) or 0)

    async def get_expiry(self, key: str) -> float:
        """Return when counting begins anew."""
        return self._now()

    async def check(self) -> bool:
        """Return whether counting works."""
        return True

    async def reset(self) -> int | None:
        """Nothing is forgotten at once: counters die within two minutes."""
        return None

    async def clear(self, key: str) -> None:
        """Forget the count under this name."""
        await self._cache.delete(key)
