"""A cache in the data folder, by diskcache: shared by the processes of one machine, and there after a restart."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import diskcache

from engine.core.errors import Unavailable
from engine.core.i18n import _

T = TypeVar("T")
MOST_BYTES = 256 * 1024 * 1024
WAIT_SECONDS = 2.0


class PlainDisk(diskcache.Disk):  # type: ignore[misc] # the library bears no types
    """Keeps bytes, numbers and texts only: nothing that is found in the folder is ever unpickled."""

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
        """Return a stored value."""
        if mode == diskcache.core.MODE_PICKLE:
            return None
        return super().fetch(mode, filename, value, read)


class DiskCache:
    """One folder, opened with the first use. A folder that is damaged or was removed is begun anew."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._opened: diskcache.Cache | None = None
        self._thread: ThreadPoolExecutor | None = None

    async def get(self, key: str) -> bytes | None:
        """Return what is kept under the key."""
        found = await self._run(lambda cache: cache.get(key))
        return found if found is None or isinstance(found, bytes) else str(found).encode()

    async def set(self, key: str, value: bytes, seconds: float) -> None:
        """Keep a value for so long."""
        await self._run(lambda cache: cache.set(key, value, expire=seconds))

    async def delete(self, key: str) -> None:
        """Let go of a key."""
        await self._run(lambda cache: cache.delete(key))

    async def increment(self, key: str, seconds: float) -> int:
        """Count one more."""

        def counted(cache: diskcache.Cache) -> int:
            with cache.transact():
                if cache.add(key, 1, expire=seconds):
                    return 1
                return int(cache.incr(key))

        return await self._run(counted)

    async def close(self) -> None:
        """Give the files back."""
        if self._thread is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._shut)
            self._thread.shutdown()
            self._thread = None

    async def _run(self, use: Callable[[diskcache.Cache], T]) -> T:
        self._thread = self._thread or ThreadPoolExecutor(1, "agora-cache")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._hop, use)

    def _hop(self, use: Callable[[diskcache.Cache], T]) -> T:
        try:
            if self._opened is not None and not (self._folder / diskcache.core.DBNAME).exists():
                self._shut()
            return use(self._open())
        except diskcache.Timeout as error:
            raise _away(self._folder, error) from error
        except (sqlite3.Error, OSError) as error:
            self._shut()
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
                shutil.rmtree(self._folder, ignore_errors=True)
            raise _away(self._folder, error) from error

    def _open(self) -> diskcache.Cache:
        if self._opened is None:
            self._opened = diskcache.Cache(
                str(self._folder),
                timeout=WAIT_SECONDS,
                disk=PlainDisk,
                size_limit=self._most_bytes,
                eviction_policy="least-recently-stored",
            )
        return self._opened

    def _shut(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None


def _away(folder: Path, error: Exception) -> Unavailable:
    reason = str(error) or type(error).__name__
    return Unavailable(_("The cache in {folder} cannot be used: {reason}."), folder=str(folder), reason=reason)
