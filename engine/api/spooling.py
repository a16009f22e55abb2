"""A long answer that is made at once and taken at leisure: whoever takes it slowly holds up no connection."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from tempfile import TemporaryFile
from threading import Lock
from typing import IO

from anyio import to_thread

CHUNK = 64 * 1024


async def spooled(parts: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """Yield these bytes, which are written to a file meanwhile as fast as they come; memory does not grow with them.

    What goes wrong in making them is raised once what was made before is taken.
    """
    with TemporaryFile() as file:
        spool, grown = _Spool(file), asyncio.Event()
        making = asyncio.create_task(_written(parts, spool, grown))
        making.add_done_callback(lambda _task: grown.set())
        try:
            while True:
                is_whole = making.done()
                grown.clear()
                if chunk := await to_thread.run_sync(spool.take):
                    yield chunk
                elif is_whole:
                    making.result()
                    return
                elif not making.done():
                    await grown.wait()
        finally:
            making.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await making


async def _written(parts: AsyncGenerator[bytes, None], spool: "_Spool", grown: asyncio.Event) -> None:
    try:
        async for part in parts:
            await to_thread.run_sync(spool.add, part)
            grown.set()
    finally:
        await parts.aclose()


class _Spool:
    """A file that one thread adds to while another takes from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._alone = Lock()
        self._taken = 0

    def add(self, part: bytes) -> None:
        with self._alone:
            self._file.seek(0, 2)
            self._file.write(part)

    def take(self) -> bytes:
        """Return what is next; nothing where all that is there was taken."""
        with self._alone:
            self._file.seek(self._taken)
            chunk = self._file.read(CHUNK)
        self._taken += len(chunk)
        return chunk
