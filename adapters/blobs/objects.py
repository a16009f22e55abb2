"""Files in object storage, by obstore: one bucket that everybody may read from, and one that nobody may."""

import mimetypes
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import AzureStore, S3Store

from adapters.blobs.presigning import Signer
from engine.core.errors import NotFound, Unavailable
from engine.core.i18n import _
from engine.core.ports import BlobAddress, BlobInfo, Clock

T = TypeVar("T")
CHUNK = 256 * 1024
LINK_SECONDS = 300
IMMUTABLE = "public, max-age=31536000, immutable"
Store = S3Store | AzureStore


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket or container. signer: None where no key is known that could sign an address."""

    store: Store
    signer: Signer | None


class ObjectBlobStore:
    """Two buckets: which of them holds a key, the key itself says.

    place: how people call it. public_base: under which address everybody reads the public bucket; empty where nobody
    may, and its files get addresses for a while as the private ones do.
    """

    def __init__(
        self,
        place: str,
        public: Bucket,
        private: Bucket,
        *,
        is_public: Callable[[str], bool],
        public_base: str,
        clock: Clock,
    ) -> None:
        self.place = place
        self._public = public
        self._private = private
        self._is_public = is_public
        self._public_base = public_base.rstrip("/")
        self._clock = clock

    @property
    def origins(self) -> tuple[str, ...]:
        """Where browsers fetch files from, as a Content-Security-Policy names it."""
        bases = [self._public_base, *(one.signer.base for one in (self._public, self._private) if one.signer)]
        return tuple(dict.fromkeys(f"{urlsplit(base).scheme}://{urlsplit(base).netloc}" for base in bases if base))

    async def put(self, key: str, data: bytes) -> None:
        """Keep a file: whole or not there."""
        attributes: dict[str, str] = {}
        if self._is_public(key):
            kind = mimetypes.guess_type(key)[0] or "application/octet-stream"
            attributes = {"Content-Type": kind, "Cache-Control": IMMUTABLE}
            if kind == "image/svg+xml":
                attributes["Content-Disposition"] = "attachment"
        wanted: Any = attributes
        try:
            await obstore.put_async(self._of(key).store, _checked(key), data, attributes=wanted)
        except (BaseError, OSError) as error:  # a bucket that is not there counts as a file not found
            raise self._away(error) from error

    async def get(self, key: str) -> bytes:
        """Return a file's bytes."""
        found = await self._asked(key, obstore.get_async(self._of(key).store, _checked(key)))
        return bytes(await self._asked(key, found.bytes_async()))

    async def stream(self, key: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """Yield a file's bytes, or a part of them."""
        wanted: Any = None
        if start or length is not None:
            about = await self._asked(key, obstore.head_async(self._of(key).store, _checked(key)))
            end = about["size"] if length is None else min(about["size"], start + length)
            if start >= end:
                return
            wanted = {"range": (start, end)}
        found = await self._asked(key, obstore.get_async(self._of(key).store, _checked(key), options=wanted))
        try:
            async for chunk in found.stream(min_chunk_size=CHUNK):
                yield bytes(chunk)
        except (BaseError, OSError) as error:
            raise self._away(error) from error

    async def exists(self, key: str) -> bool:
        """Return whether there is such a file."""
        try:
            await self._asked(key, obstore.head_async(self._of(key).store, _checked(key)))
        except NotFound:
            return False
        return True

    async def delete(self, prefix: str) -> None:
        """Delete a file, or all under a folder's key."""
        for bucket in (self._public, self._private):
            found = [one.key async for one in self._below(bucket, _checked(prefix))]
            if bucket is self._of(prefix):
                found.append(prefix)
            for start in range(0, len(found), 500):
                try:
                    await self._asked(prefix, obstore.delete_async(bucket.store, found[start : start + 500]))
                except NotFound:
                    continue  # Azure says so of what is gone already

    async def listed(self, prefix: str = "") -> AsyncIterator[BlobInfo]:
        """Yield every file under a folder's key."""
        for bucket in (self._public, self._private):
            async for one in self._below(bucket, prefix):
                if self._of(one.key) is bucket:
                    yield one

    async def address(self, key: str, told: Mapping[str, str]) -> BlobAddress | None:
        """Return where a browser fetches the file from the store itself."""
        if self._is_public(key) and self._public_base:
            return BlobAddress(f"{self._public_base}/{quote(key, safe='/-_.~')}", is_lasting=True)
        signer = self._of(key).signer
        if signer is None:
            return None
        return BlobAddress(signer.address(key, self._clock.now(), LINK_SECONDS, told), is_lasting=False)

    def _of(self, key: str) -> Bucket:
        return self._public if self._is_public(key) else self._private

    async def _below(self, bucket: Bucket, prefix: str) -> AsyncIterator[BlobInfo]:
        try:
            async for batch in obstore.list(bucket.store, prefix or None, chunk_size=500):
                for one in batch:
                    yield BlobInfo(one["path"], one["size"])
        except (BaseError, OSError) as error:
            raise self._away(error) from error

    async def _asked(self, key: str, answer: Awaitable[T]) -> T:
        try:
            return await answer
        except FileNotFoundError:
            raise NotFound(_("There is no file “{key}” any more."), key=key) from None
        except (BaseError, OSError) as error:
            raise self._away(error) from error

    def _away(self, error: Exception) -> Unavailable:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        return Unavailable(_("Files in {place} cannot be reached: {reason}."), place=self.place, reason=reason)


def _checked(key: str) -> str:
    """Return the key. Raises NotFound for one that no store keeps."""
    if any(part in ("", ".", "..") for part in key.split("/")) or "\x00" in key or "\\" in key:
        raise NotFound(_("There is no file “{key}” any more."), key=key)
    return key
