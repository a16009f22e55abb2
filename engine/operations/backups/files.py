"""The site's files as backups read them: in a folder, or in a store elsewhere, block by block."""

import asyncio
import io
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from engine.core.errors import NotFound
from engine.core.ports import BlobStore

BLOCK = 1024 * 1024


class FolderFiles:
    """Files below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder: Path | None = folder
        self._place = folder

    def sizes(self) -> Mapping[str, int]:
        """Return every file by its key, without what is being written at this moment."""
        found: dict[str, int] = {}
        for place, _folders, names in os.walk(self._place):
            for name in names:
                path = Path(place) / name
                if not (name.startswith(".") and name.endswith(".new")) and not path.is_symlink():
                    found[path.relative_to(self._place).as_posix()] = _size(path)
        return found

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        """Open one for reading."""
        with (self._place / key).open("rb") as source:
            yield source

    def put(self, key: str, source: Path) -> None:
        """Move a file in."""
        target = self._place / key
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)


class StoredFiles:
    """Files in a store elsewhere, which speaks to a loop of its own while something of it is read."""

    folder: Path | None = None

    def __init__(self, store: BlobStore) -> None:
        self._store = store

    def sizes(self) -> Mapping[str, int]:
        """Return every file by its key."""

        async def listed() -> dict[str, int]:
            return {one.key: one.size_bytes async for one in self._store.listed()}

        return asyncio.run(listed())

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        """Open one for reading: never more of it than a block is in memory."""
        with asyncio.Runner() as runner:
            reader = _Reader(runner, self._store.stream(key))
            with io.BufferedReader(reader, BLOCK) as source:
                try:
                    source.peek(1)
                except NotFound:
                    raise FileNotFoundError(key) from None
                yield source

    def put(self, key: str, source: Path) -> None:
        """Send a file there."""
        asyncio.run(self._store.put(key, source.read_bytes()))
        source.unlink()


class _Reader(io.RawIOBase):
    """Reads what a store streams."""

    def __init__(self, runner: asyncio.Runner, stream: AsyncIterator[bytes]) -> None:
        self._runner, self._stream, self._left = runner, stream, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._left:
            found = self._runner.run(_next(self._stream))
            if found is None:
                return 0
            self._left = memoryview(found)
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


async def _next(stream: AsyncIterator[bytes]) -> bytes | None:
    return await anext(stream, None)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
