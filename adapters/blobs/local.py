"""Files in a folder. A file is written beside its place and moved there, so that it is whole or absent."""

import os
import shutil
import threading
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from anyio import open_file, to_thread

from engine.core.errors import NotFound, Unavailable
from engine.core.i18n import _
from engine.core.ports import BlobAddress, BlobInfo

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
        path = self._path(key)
        try:
            await to_thread.run_sync(self._put, path, data)
        except OSError as error:
            reason = error.strerror or str(error)
            raise Unavailable(
                _("Files cannot be written into {folder}: {reason}."), folder=str(self._folder), reason=reason
            ) from error

    def _put(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.new")
        try:
            with scratch.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(path)
        except OSError:
            scratch.unlink(missing_ok=True)
            raise

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

    @property
    def origins(self) -> tuple[str, ...]:
        """None: browsers fetch everything from us."""
        return ()

    async def address(self, key: str, told: Mapping[str, str]) -> BlobAddress | None:
        """None: only we can answer a file of this folder."""
        return None

    async def listed(self, prefix: str = "") -> AsyncIterator[BlobInfo]:
        """Yield every file under a folder's key; those that are being written are none yet."""
        root = self._path(prefix) if prefix else self._folder
        for found in await to_thread.run_sync(_below, root):
            yield BlobInfo(found.relative_to(self._folder).as_posix(), found.stat().st_size)

    async def delete(self, prefix: str) -> None:
        path = self._path(prefix)
        await to_thread.run_sync(_remove, path)


def _below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _not_found(key: str) -> NotFound:
    return NotFound(_("There is no file “{key}” any more."), key=key)
