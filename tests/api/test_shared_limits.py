"""Rate limits in a real Redis: two processes count together, alone while it is away, and together again."""

from typing import Any

import pytest
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from adapters.cache.memory import MemoryCache
from adapters.cache.redis import RedisCache
from engine.api.gateway.counting import CacheCounters
from engine.api.gateway.limits import RateLimits
from engine.core.caching import PAUSE, SteadyCache
from engine.core.ids import new_id
from tests.clock import TestClock
from tests.neighbours import redis_url
from tests.programs import Program

PER_MINUTE = 10


class Process:
    """What counts in one process: its own cache with its own stand-in, on the Redis of all."""

    def __init__(self, server: Program, clock: TestClock) -> None:
        redis = RedisCache(redis_url(server), wait_seconds=2)
        self.cache = SteadyCache("redis", redis, MemoryCache(clock), clock)
        self.limits = RateLimits(self._answer, is_on=lambda: True, counters=self.cache)
        counters = CacheCounters(self.cache, now=lambda: clock.now().timestamp())
        self.limits.limiter = SlidingWindowCounterRateLimiter(counters)

    async def _answer(self, _scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def sign_in(self, ip: str) -> int:
        heard: list[Any] = []

        async def send(message: Any) -> None:
            heard.append(message)

        scope = {"type": "http", "method": "POST", "path": "/api/v1/auth/login", "headers": [], "state": {"ip": ip}}
        await self.limits(scope, None, send)  # type: ignore[arg-type]
        status: int = heard[0]["status"]
        return status


@pytest.fixture
async def both(redis_server: Program, clock: TestClock):
    made = [Process(redis_server, clock) for _ in range(2)]
    yield made
    for one in made:
        await one.cache.close()


class TestTwoProcesses:
    async def test_they_count_together_whenever_redis_is_there_and_go_on_without_it(
        self, both: list[Process], redis_server: Program, clock: TestClock
    ) -> None:
        one, other = both
        first, second, third = (str(new_id()) for _ in range(3))
        answers = [await process.sign_in(first) for process in both * (PER_MINUTE // 2)]
        assert answers == [200] * PER_MINUTE
        assert [await one.sign_in(first), await other.sign_in(first)] == [429, 429]

        redis_server.stop()  # by SIGKILL
        try:
            assert [await one.sign_in(second) for _ in range(PER_MINUTE + 1)] == [200] * PER_MINUTE + [429]
            assert await other.sign_in(second) == 200  # it counts by itself
            assert one.cache.absence is not None
        finally:
            redis_server.start()

        clock.move(seconds=PAUSE.total_seconds())
        answers = [await process.sign_in(third) for process in both * (PER_MINUTE // 2)]
        assert answers == [200] * PER_MINUTE
        assert await other.sign_in(third) == 429
        assert one.cache.absence is None
