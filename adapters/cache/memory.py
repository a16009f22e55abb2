"""A cache in this process's memory: nothing is shared, and all is gone at its end."""

from collections import OrderedDict
from dataclasses import dataclass

from engine.core.ports import Clock

MOST_BYTES = 64 * 1024 * 1024
#: What an entry weighs beside its key and value.
AROUND_BYTES = 200


@dataclass(slots=True)
class _Entry:
    value: bytes | int
    until: float
    weight: int


class MemoryCache:
    """Lets go of what was not used for the longest time once it holds `most_bytes`."""

    def __init__(self, clock: Clock, most_bytes: int = MOST_BYTES) -> None:
        self._clock = clock
        self._most_bytes = most_bytes
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._weight = 0

    async def get(self, key: str) -> bytes | None:
        """Return what is kept under the key."""
        found = self._living(key)
        if found is None:
            return None
        return found.value if isinstance(found.value, bytes) else str(found.value).encode()

    async def set(self, key: str, value: bytes, seconds: float) -> None:
        """Keep a value for so long."""
        self._put(key, value, self._now() + seconds)

    async def delete(self, key: str) -> None:
        """Let go of a key."""
        self._drop(key)

    async def increment(self, key: str, seconds: float) -> int:
        """Count one more."""
        found = self._living(key)
        if found is None or isinstance(found.value, bytes):
            self._put(key, 1, self._now() + seconds)
            return 1
        found.value += 1
        return found.value

    async def close(self) -> None:
        """Let go of everything."""
        self._entries.clear()
        self._weight = 0

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _living(self, key: str) -> _Entry | None:
        found = self._entries.get(key)
        if found is None or found.until <= self._now():
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return found

    def _put(self, key: str, value: bytes | int, until: float) -> None:
        self._drop(key)
        weight = AROUND_BYTES + len(key) + (len(value) if isinstance(value, bytes) else 0)
        self._entries[key] = _Entry(value, until, weight)
        self._weight += weight
        while self._weight > self._most_bytes:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: str) -> None:
        found = self._entries.pop(key, None)
        if found is not None:
            self._weight -= found.weight
