"""Files of database pages: a whole database, or what changed of it since the one before; checked to the last byte.

Layout: a line of JSON; then blocks of pages, each with its length (4 bytes) and compressed; an empty block; the SHA-256
of all before. A page stands after its number (4 bytes, from 0). Sealed by a passphrase where one is set.
"""

import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from engine.operations.backups.sealing import SealedReader, SealedWriter, damaged, is_sealed

PAGES_A_BLOCK = 64
LONGEST_BLOCK = 64 * 1024 * 1024
DIGEST = 16
COMPARED_AT_ONCE = 1_000
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


def digests_of(path: Path, page_size: int) -> bytes:
    """Return the digests of a database file's pages, one after the other: as a list they would take five times that."""
    found = bytearray()
    for _number, page in pages_of(path, page_size):
        found += digest_of(page)
    return bytes(found)


def changed_pages(digests: bytes, known: bytes) -> Iterator[int]:
    """Yield the numbers of the pages that are others than they were, or new."""
    for start in range(0, len(digests), DIGEST * COMPARED_AT_ONCE):
        end = min(start + DIGEST * COMPARED_AT_ONCE, len(digests))
        if digests[start:end] != known[start:end]:
            for at in range(start, end, DIGEST):
                if digests[at : at + DIGEST] != known[at : at + DIGEST]:
                    yield at // DIGEST


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
