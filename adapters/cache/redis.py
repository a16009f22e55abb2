"""A cache in Redis (or Valkey): shared by every process of every machine."""

from collections.abc import Awaitable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError

from engine.core.encryption import why_not
from engine.core.errors import Unavailable
from engine.core.i18n import Message, _

T = TypeVar("T")
PREFIX = "agora:"
WAIT_SECONDS = 2.0
#: Counts, and sets how long the counter lives when it begins: both or neither.
COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count
"""


class RedisCache:
    """`redis://`, `rediss://` (TLS) or `unix://`, with a user and a password where the server wants them."""

    def __init__(self, url: str, wait_seconds: float = WAIT_SECONDS) -> None:
        """url: as in REDIS_URL. wait_seconds: how long an answer may take."""
        self.place = urlsplit(url).hostname or "the socket"
        self._redis: Redis = Redis.from_url(
            url,
            socket_timeout=wait_seconds,
            socket_connect_timeout=wait_seconds,
            health_check_interval=30,
            retry=Retry(NoBackoff(), 1),
            protocol=2,
        )

    async def get(self, key: str) -> bytes | None:
        """Return what is kept under the key."""
        answer: Any = self._redis.get(PREFIX + key)
        found: bytes | None = await self._asked(answer)
        return found

    async def set(self, key: str, value: bytes, seconds: float) -> None:
        """Keep a value for so long."""
        await self._asked(self._redis.set(PREFIX + key, value, px=max(1, int(seconds * 1000))))

    async def delete(self, key: str) -> None:
        """Let go of a key."""
        await self._asked(self._redis.delete(PREFIX + key))

    async def increment(self, key: str, seconds: float) -> int:
        """Count one more."""
        lifetime = str(max(1, int(seconds * 1000)))
        counted: Any = self._redis.eval(COUNT, 1, PREFIX + key, lifetime)
        return int(await self._asked(counted))

    async def close(self) -> None:
        """Give the connections back."""
        await self._redis.aclose()

    async def _asked(self, answer: Awaitable[T]) -> T:
        try:
            return await answer
        except (RedisError, OSError) as error:
            raise Unavailable(
                _("Redis at {place} does not answer: {reason}."), place=self.place, reason=_reason(error)
            ) from error


def _reason(error: Exception) -> Message | str:
    if isinstance(error, AuthenticationError):
        return _("it does not let us in; look at user and password")
    if "reset by peer" in str(error):
        return _("it hangs up; perhaps it takes encrypted connections only, by rediss://")
    return why_not(error) or str(error).rstrip(".") or type(error).__name__


def open_redis(url: str) -> RedisCache:
    """Return the cache at this address."""
    return RedisCache(url)
