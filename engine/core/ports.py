"""What the core asks of the world: small Protocols, each with an in-memory version for tests."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol
from uuid import UUID

from engine.core.facts import RecordedFact
from engine.core.i18n import Message


class Clock(Protocol):
    """The time. Code never asks the machine itself."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FactBus(Protocol):
    """Carries committed facts to the listeners of every process."""

    def subscribe(self, hear: Callable[[RecordedFact], Awaitable[None]]) -> None: ...

    async def publish(self, facts: Sequence[RecordedFact]) -> None: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found.

    visibility: public; listed, which an empty text finds and words do not; found, the other way round; or staff.
    codes: what is found first when it is typed whole, such as SKUs or an order's number. facets: values by name that
    are counted and filtered by (`{"category": (id, ...), "option:Size": ("S", "M")}`). numbers: whole numbers by name
    for ranges and sorting (`{"price": 1999}`), each named by its Searchable; times are seconds since 1970.
    """

    type: str
    id: UUID
    title: str
    body: str
    url: str
    keywords: str = ""
    codes: Sequence[str] = ()
    visibility: Literal["public", "listed", "found", "staff"] = "public"
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One answer; a higher score fits better.

    `snippet` is plain text around the match; `marks`: (start, end) in it of the words that matched.
    """

    type: str
    id: UUID
    title: str
    url: str
    snippet: str
    score: float
    marks: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What was asked. `types`: none means all. `include_staff`: also what only staff may see.

    text: empty asks for everything that the filters let through. filters: facet -> values of which one must be borne;
    facets are joined by "and". ranges: number -> (least, most), either of them None. facets: which to count, each as if
    its own filter were off; a number's name asks for its bounds. sort: a number's name, "-" before it for the largest
    first; empty is by fit.
    """

    text: str
    types: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 20
    include_staff: bool = False
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    sort: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits of one page, how many there are, and counts by type.

    facets: name -> value -> how many, the most first. bounds: number -> (least, most), as if its own range were off.
    did_you_mean: the question in words that are known, where nothing was found. is_whole: False while the index is
    being built anew, so that something may be missing.
    """

    hits: Sequence[SearchHit]
    total: int
    types: Mapping[str, int] = field(default_factory=dict)
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    bounds: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    did_you_mean: str = ""
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class SearchWords:
    """How words are read: the site's language (`de`, `en-GB`), and groups of words that mean the same.

    synonyms: (words, what they also stand for); for a group each word stands for the others.
    """

    language: str = "en"
    synonyms: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndexState:
    """How an index is. problem: empty, or why it must be built anew: missing, damaged, outdated; away: not our doing.

    why: what was said where it is away.
    """

    documents: int
    problem: Literal["", "missing", "damaged", "outdated", "away"] = ""
    is_building: bool = False
    why: Message | str = ""


class SearchIndex(Protocol):
    """Full-text search over documents. Each method raises Unavailable while what answers is away."""

    async def put(self, documents: Sequence[SearchDocument]) -> None: ...

    async def remove(self, type: str, ids: Sequence[UUID]) -> None: ...  # noqa: A002

    async def search(self, request: SearchRequest) -> SearchResult: ...

    async def complete(self, text: str, limit: int = 5) -> Sequence[str]:
        """Return questions that begin with this text and find something public, the likeliest first."""
        ...

    async def rebuild(self, batches: AsyncIterator[Sequence[SearchDocument]]) -> None:
        """Build a new index beside the one in use and put it in its place; what is put meanwhile is in both."""
        ...

    async def state(self) -> IndexState: ...

    async def close(self) -> None: ...


class EdgeCache(Protocol):
    """A cache between the site and its visitors. Both raise Unavailable where it does not let go of what it keeps."""

    async def purge(self, addresses: Sequence[str]) -> None: ...

    async def purge_all(self) -> None: ...


class Cache(Protocol):
    """Values under names, each for a while. Whatever it holds may be gone at any moment.

    Each method raises Unavailable while the cache is away. increment: counts from 1, and what it counted lives
    `seconds` from then on; `get` gives a count as decimal digits.
    """

    async def get(self, key: str) -> bytes | None: ...

    async def set(self, key: str, value: bytes, seconds: float) -> None: ...

    async def delete(self, key: str) -> None: ...

    async def increment(self, key: str, seconds: float) -> int: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """One stored file."""

    key: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class BlobAddress:
    """Where a browser fetches a file from the store itself. is_lasting: for ever; else it is over in minutes."""

    url: str
    is_lasting: bool


class BlobStore(Protocol):
    """Files under keys such as `media/{id}/original.jpg`. A write is whole or not there.

    stream: the bytes from `start` on, at most `length` of them. delete: a file, or all under a folder's key. listed:
    every file under a folder's key. Each raises NotFound, and Unavailable while the store is away.
    """

    @property
    def origins(self) -> tuple[str, ...]:
        """Hosts beside our own that browsers fetch files from: `https://files.example.org`."""
        ...

    async def put(self, key: str, data: bytes) -> None: ...

    async def get(self, key: str) -> bytes: ...

    def stream(self, key: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]: ...

    async def exists(self, key: str) -> bool: ...

    async def delete(self, prefix: str) -> None: ...

    def listed(self, prefix: str = "") -> AsyncIterator[BlobInfo]: ...

    async def address(self, key: str, told: Mapping[str, str]) -> BlobAddress | None:
        """Return where a browser fetches the file with these headers told, or None where only we can answer it."""
        ...
