"""Files in a folder. A file is written beside its place and moved there, so that it is whole or absent."""

import os
import shutil
import threading
from collections.abc import AsyncIterator
from pathlib import Path

from anyio import open_file, to_thread

from engine.core.errors import NotFound
from engine.core.i18n import _

CHUNK = 64 * 1024


class LocalBlobStore:
    """Keys are relative paths below one folder; a key that would leave it is refused."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _path(self, key: str) -> Path:
        path = (self._folder / key).resolve()
        if path == self._folder or not path.is_relative_to(self._folder) or "\x00" in key:
            raise ValueError(f"the key {key!r} leaves the store")
        return path

    async def put(self, key: str, data: bytes) -> None:
        await to_thread.run_sync(self._put, self._path(key), data)

    def _put(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.new")
        with scratch.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)

    async def get(self, key: str) -> bytes:
        try:
            return await to_thread.run_sync(self._path(key).read_bytes)
        except (FileNotFoundError, IsADirectoryError, ValueError):
            raise _not_found(key) from None

    async def stream(self, key: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        try:
            file = await open_file(self._path(key), "rb")
        except (FileNotFoundError, IsADirectoryError, ValueError):
            raise _not_found(key) from None
        left = length
        async with file:
            await file.seek(start)
            while chunk := await file.read(CHUNK if left is None else min(CHUNK, left)):
                left = None if left is None else left - len(chunk)
                yield chunk

    async def exists(self, key: str) -> bool:
        return await to_thread.run_sync(self._path(key).is_file)

    async def delete(self, prefix: str) -> None:
        path = self._path(prefix)
        await to_thread.run_sync(_remove, path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _not_found(key: str) -> NotFound:
    return NotFound(_("There is no file “{key}” any more."), key=key)
