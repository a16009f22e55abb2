"""Every cache, empty."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.cache.disk import DiskCache
from adapters.cache.memory import MemoryCache
from adapters.cache.redis import RedisCache
from engine.core.ports import Cache, SystemClock
from tests.neighbours import redis_url


@pytest.fixture(params=["memory", "disk", "redis"])
async def cache(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Cache]:
    made: Cache
    match request.param:
        case "memory":
            made = MemoryCache(SystemClock())
        case "disk":
            made = DiskCache(tmp_path / "cache")
        case _:
            made = RedisCache(redis_url(request.getfixturevalue("redis_server")))
    yield made
    await made.close()
