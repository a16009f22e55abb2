"""A kept page: its bytes as each reader takes them, and the heads of its answers, made once."""

import gzip
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

import brotli

Pair = tuple[bytes, bytes]
PLAIN, GZIP, BROTLI = b"", b"gzip", b"br"
#: For caches that are told of changes; the guide has them keep a page for two hours.
TRAVELLING = b"public, max-age=0, s-maxage=7200, must-revalidate"
#: A reader waits for the first packing; the others have what it made.
GZIP_LEVEL, BROTLI_QUALITY = 6, 5
LEAST_PACKED_BYTES = 600
#: What belongs to one answer, or is told anew for each way to pack.
OWN = frozenset(
    (
        b"content-length",
        b"content-encoding",
        b"etag",
        b"last-modified",
        b"x-request-id",
        b"x-ratelimit-limit",
        b"x-ratelimit-remaining",
        b"x-ratelimit-reset",
    )
)


@dataclass(frozen=True, slots=True)
class Packed:
    """The page for one kind of reader."""

    head: list[Pair]
    unchanged: list[Pair]
    body: bytes
    written: bytes
    unchanged_written: bytes


@dataclass(slots=True, eq=False)
class Entry:
    """One kept page. until: when it is another by itself, at the latest.

    may_travel: whether caches between us and visitors may keep it, too, where they are told when it changes.
    """

    marks: frozenset[str]
    until: datetime
    head: list[Pair]
    body: bytes
    tag: str = ""
    may_travel: bool = False
    packed: dict[bytes, Packed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tag = sha256(self.body).hexdigest()[:20]
        self.head = [pair for pair in self.head if pair[0] not in OWN]

    def travel(self) -> None:
        """Have caches between us and visitors keep it, until they are told otherwise."""
        self.head = [pair for pair in self.head if pair[0] != b"cache-control"] + [(b"cache-control", TRAVELLING)]
        for encoding, one in list(self.packed.items()):
            self.hold(encoding, one.body)

    @property
    def size(self) -> int:
        """How many bytes it takes, with its heads, about."""
        return 2_000 + len(self.body) + sum(len(one.body) + 1_000 for name, one in self.packed.items() if name)

    def for_reader(self, encoding: bytes) -> Packed:
        """Return the page as a reader takes it: plain, by gzip or by Brotli; short ones are plain for all."""
        found = self.packed.get(encoding)
        return found if found is not None else self.hold(encoding, self._made(encoding))

    def hold(self, encoding: bytes, body: bytes) -> Packed:
        """Keep bytes that are packed already; return the page of them."""
        is_plain = not encoding or body is self.body
        tag = f'"{self.tag}"' if is_plain else f'"{self.tag}-{encoding.decode()}"'
        unchanged = [*self.head, (b"etag", tag.encode())]
        head = [*unchanged, (b"content-length", b"%d" % len(body))]
        if not is_plain:
            head.append((b"content-encoding", encoding))
        unchanged = [one for one in unchanged if one[0] != b"content-type"]
        kept = self.packed[encoding] = Packed(
            head, unchanged, body, _written(b"200 OK", head), _written(b"304 Not Modified", unchanged)
        )
        return kept

    def _made(self, encoding: bytes) -> bytes:
        if not encoding or len(self.body) < LEAST_PACKED_BYTES:
            return self.body
        if encoding == GZIP:
            return gzip.compress(self.body, GZIP_LEVEL, mtime=0)
        packed: bytes = brotli.compress(self.body, quality=BROTLI_QUALITY)
        return packed

    def is_known(self, tags: bytes) -> bool:
        """Return whether an `If-None-Match` names this page: `*`, or a list of tags, weak or not.

        What is packed otherwise is the same page: a weak comparison is enough. Source: RFC 9110, section 13.1.2.
        """
        if tags.strip() == b"*":
            return True
        for one in tags.decode("latin-1").split(","):
            name = one.strip().removeprefix("W/").strip('"')
            if name.partition("-")[0] == self.tag:
                return True
        return False


def _written(status: bytes, head: list[Pair]) -> bytes:
    return b"".join((b"HTTP/1.1 ", status, b"\r\n", *(b"%b: %b\r\n" % pair for pair in head)))
