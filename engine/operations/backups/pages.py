"""Files of database pages: a whole database, or what changed of it since the one before; checked to the last byte.

Layout: a line of JSON; then blocks of pages, each with its length (4 bytes) and compressed; an empty block; the SHA-256
of all before. A page stands after its number (4 bytes, from 0). Sealed by a passphrase where one is set.
"""

import hashlib
import json
import os
import zlib
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from engine.operations.backups.sealing import SealedReader, SealedWriter, damaged, is_sealed

PAGES_A_BLOCK = 64
LONGEST_BLOCK = 64 * 1024 * 1024
DIGEST = 16
Page = tuple[int, bytes]


class Head(NamedTuple):
    """What a file of pages begins with. pages: of the whole database, when it was written."""

    at: str
    page_size: int
    pages: int


def page_size_of(header: bytes) -> int:
    """Return the size of a SQLite database's pages. Source: "Database File Format", section 1.3.2."""
    size = int.from_bytes(header[16:18], "big")
    return 65_536 if size == 1 else size


def digest_of(page: bytes) -> bytes:
    """Return what tells a page from what it was before."""
    return hashlib.blake2b(page, digest_size=DIGEST).digest()


def pages_of(path: Path, page_size: int) -> Iterator[Page]:
    """Yield the pages of a database file."""
    with path.open("rb") as file:
        number = 0
        while page := file.read(page_size):
            yield number, page
            number += 1


def pages_at(path: Path, page_size: int, numbers: Iterable[int]) -> Iterator[Page]:
    """Yield these pages of a database file."""
    with path.open("rb") as file:
        for number in numbers:
            file.seek(number * page_size)
            yield number, file.read(page_size)


class Digests(NamedTuple):
    """What tells each page of a database from what it was: a digest of each, and one of every 64 together."""

    pages: bytearray
    pieces: bytearray

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return len(self.pages) // DIGEST


NOTHING_KNOWN = Digests(bytearray(), bytearray())


def compared(path: Path, page_size: int, known: Digests) -> tuple[Digests, "array[int]"]:
    """Return the digests of a database file, and the numbers of the pages that are others than they were, or new.

    Pages that together are what they were are not looked at one by one: one long look is taken without the
    interpreter's lock, and people are answered meanwhile.
    """
    pages, pieces, changed = bytearray(), bytearray(), array("I")
    with path.open("rb") as file:
        while piece := file.read(PAGES_A_BLOCK * page_size):
            digest, at = digest_of(piece), len(pages)
            was = known.pages[at : at + DIGEST * PAGES_A_BLOCK]
            if digest == known.pieces[len(pieces) : len(pieces) + DIGEST]:
                now: bytes | bytearray = was
            else:
                now = b"".join(digest_of(piece[one : one + page_size]) for one in range(0, len(piece), page_size))
                changed.extend(at // DIGEST + number for number in _others(now, was))
            pages += now
            pieces += digest
    return Digests(pages, pieces), changed


def _others(now: bytes, was: bytearray) -> Iterator[int]:
    """Yield which of these digests are not what they were."""
    for number, start in enumerate(range(0, len(now), DIGEST)):
        if now[start : start + DIGEST] != was[start : start + DIGEST]:
            yield number


def write_pages(path: Path, head: Head, pages: Iterable[Page], passphrase: str) -> None:
    """Write a file of pages beside its place, and move it there."""
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("wb") as file:
            beside.chmod(0o600)
            sealed = SealedWriter(file, passphrase) if passphrase else None
            _write(sealed or file, head, pages)
            if sealed is not None:
                sealed.close()
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _write(file: Any, head: Head, pages: Iterable[Page]) -> None:
    seen = hashlib.sha256()

    def put(data: bytes) -> None:
        seen.update(data)
        file.write(data)

    put(json.dumps(head._asdict()).encode() + b"\n")
    block: list[bytes] = []
    for number, page in pages:
        block += (number.to_bytes(4, "big"), page)
        if len(block) == 2 * PAGES_A_BLOCK:
            put(_packed(block))
            block.clear()
    if block:
        put(_packed(block))
    put(bytes(4))
    file.write(seen.digest())


def _packed(block: list[bytes]) -> bytes:
    data = zlib.compress(b"".join(block), 1)
    return len(data).to_bytes(4, "big") + data


@contextmanager
def _opened(path: Path, passphrase: str) -> Iterator[BinaryIO]:
    with path.open("rb") as file:
        yield BufferedReader(SealedReader(file, passphrase), 1024 * 1024) if is_sealed(path) else file


def _head(line: bytes, path: Path) -> Head:
    try:
        return Head(**json.loads(line))
    except (TypeError, ValueError):
        raise damaged(path.name) from None


def apply(path: Path, target: BinaryIO, passphrase: str) -> Head:
    """Put the pages of a file into a database file, cut to the length it had; return the head. Raises Invalid."""
    seen = hashlib.sha256()
    with _opened(path, passphrase) as file:

        def take(size: int) -> bytes:
            data = file.read(size)
            if len(data) != size:
                raise damaged(path.name)
            seen.update(data)
            return data

        line = file.readline(1_000)
        seen.update(line)
        head = _head(line, path)
        while length := int.from_bytes(take(4), "big"):
            if length > LONGEST_BLOCK:
                raise damaged(path.name)
            _apply_block(take(length), head, target, path)
        if file.read() != seen.digest():
            raise damaged(path.name)
    target.truncate(head.pages * head.page_size)
    return head


def _apply_block(data: bytes, head: Head, target: BinaryIO, path: Path) -> None:
    step = head.page_size + 4
    unpacker = zlib.decompressobj()
    try:
        block = unpacker.decompress(data, PAGES_A_BLOCK * step + 1)
    except zlib.error:
        raise damaged(path.name) from None
    if len(block) % step or unpacker.unconsumed_tail:
        raise damaged(path.name)
    for start in range(0, len(block), step):
        number = int.from_bytes(block[start : start + 4], "big")
        target.seek(number * head.page_size)
        target.write(block[start + 4 : start + step])
