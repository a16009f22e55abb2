"""What every cache does: the same in memory, on disk and in Redis over TLS with a password."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.cache.disk import DiskCache
from adapters.cache.memory import MemoryCache
from adapters.cache.redis import RedisCache
from engine.core.caching import SteadyCache
from engine.core.errors import Unavailable
from engine.core.ports import Cache
from tests.clock import TestClock
from tests.neighbours import redis_url
from tests.programs import Program


@pytest.fixture
def key() -> str:
    return f"k:{uuid4()} ä/“"


async def gone(cache: Cache, key: str) -> bool:
    """Wait until the key is gone, for five seconds at most."""
    for _ in range(500):
        if await cache.get(key) is None:
            return True
        await asyncio.sleep(0.01)
    return False


class TestKeep:
    @pytest.mark.parametrize("value", [b"", b"\x00\xff\n", b"x" * 300_000, b"12"])
    async def test_bytes_come_back_as_they_were(self, cache: Cache, key: str, value: bytes) -> None:
        await cache.set(key, value, 60)
        assert await cache.get(key) == value

    async def test_the_latest_value_counts_until_it_is_deleted(self, cache: Cache, key: str) -> None:
        assert await cache.get(key) is None
        await cache.set(key, b"one", 60)
        await cache.set(key, b"two", 60)
        assert await cache.get(key) == b"two"
        await cache.delete(key)
        await cache.delete(key)
        assert await cache.get(key) is None

    async def test_a_value_is_gone_after_its_time(self, cache: Cache, key: str) -> None:
        await cache.set(key, b"short", 0.05)
        await cache.set(f"{key}+", b"long", 60)
        assert await gone(cache, key)
        assert await cache.get(f"{key}+") == b"long"


class TestIncrement:
    async def test_it_counts_from_one_and_is_gone_after_the_first_ones_time(self, cache: Cache, key: str) -> None:
        assert [await cache.increment(key, 0.2) for _ in range(3)] == [1, 2, 3]
        assert await cache.get(key) in {b"3", None}
        assert await gone(cache, key)
        assert await cache.increment(key, 60) == 1

    async def test_those_who_count_at_once_all_count(self, cache: Cache, key: str) -> None:
        counted = await asyncio.gather(*(cache.increment(key, 60) for _ in range(40)))
        assert sorted(counted) == list(range(1, 41))


class TestShared:
    @pytest.fixture(params=["disk", "redis"])
    def two(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Cache, Cache]]:
        if request.param == "disk":
            yield DiskCache(tmp_path / "cache"), DiskCache(tmp_path / "cache")
        else:
            url = redis_url(request.getfixturevalue("redis_server"))
            yield RedisCache(url), RedisCache(url)

    async def test_two_processes_see_the_same(self, two: tuple[Cache, Cache], key: str) -> None:
        await two[0].set(key, b"mine", 60)
        assert await two[1].get(key) == b"mine"
        counted = await asyncio.gather(*(one.increment(f"{key}#", 60) for one in two * 10))
        assert sorted(counted) == list(range(1, 21))
        for one in two:
            await one.close()


class TestAway:
    async def test_redis_goes_and_comes_back(self, redis_server: Program, clock: TestClock, key: str) -> None:
        redis = RedisCache(redis_url(redis_server), wait_seconds=1)
        cache = SteadyCache("redis", redis, MemoryCache(clock), clock)
        try:
            await cache.set(key, b"kept", 60)
            redis_server.stop()
            with pytest.raises(Unavailable, match="Redis at 127"):
                await redis.get(key)
            assert await cache.get(key) is None  # its memory is its own
            assert cache.absence is not None
            assert [await cache.increment("n", 60) for _ in range(3)] == [1, 2, 3]
        finally:
            redis_server.start()
        assert await cache.increment("n", 60) == 4  # not asked again yet
        clock.move(seconds=6)
        assert await cache.increment(key, 60) == 1
        assert cache.absence is None
        assert await redis.get(key) == b"1"
        await cache.close()

    async def test_a_wrong_password_is_said_without_it(self, redis_server: Program) -> None:
        cache = RedisCache(redis_url(redis_server).replace("hush%2Fhush", "guessed"))
        with pytest.raises(Unavailable) as refused:
            await cache.get("k")
        assert "guessed" not in str(refused.value)
        await cache.close()

    @pytest.mark.parametrize("how", ["removed", "damaged"])
    async def test_a_folder_that_was_removed_or_damaged_is_begun_anew(
        self, tmp_path: Path, clock: TestClock, how: str
    ) -> None:
        folder = tmp_path / "cache"
        cache = SteadyCache("disk", DiskCache(folder), MemoryCache(clock), clock)
        await cache.set("k", b"v", 60)
        if how == "damaged":
            await cache.close()
        for path in folder.iterdir():
            if how == "removed":
                path.unlink()
            else:
                path.write_bytes(b"no database at all" * 1000)
        assert await cache.get("k") is None
        clock.move(seconds=6)
        await cache.set("k", b"w", 60)
        assert (await cache.get("k"), cache.absence) == (b"w", None)
        assert await DiskCache(folder).get("k") == b"w"
        await cache.close()


class TestDisk:
    async def test_what_somebody_put_there_is_not_run(self, tmp_path: Path) -> None:
        cache = DiskCache(tmp_path / "cache")
        await cache.set("k", b"v", 60)
        planted = cache._open()._sql
        planted("UPDATE Cache SET mode = 4, value = ?", (b"cos\nsystem\n(S'echo'\ntR.",))
        assert await cache.get("k") is None
        await cache.close()


class TestMemory:
    async def test_it_holds_no_more_than_it_may(self, clock: TestClock) -> None:
        cache = MemoryCache(clock, most_bytes=10_000)
        for number in range(50):
            await cache.set(str(number), b"x" * 1000, 60)
        kept = [number for number in range(50) if await cache.get(str(number)) is not None]
        assert kept == list(range(42, 50))
