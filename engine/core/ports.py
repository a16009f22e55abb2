"""What the core asks of the world: small Protocols, each with an in-memory version for tests."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from engine.core.facts import RecordedFact


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
    """One thing that can be found. `visibility`: public or staff. `facets` are kept with it for counting."""

    type: str
    id: UUID
    title: str
    body: str
    url: str
    keywords: str = ""
    visibility: str = "public"
    facets: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One answer; a higher score fits better. `snippet` is plain text around the match."""

    type: str
    id: UUID
    title: str
    url: str
    snippet: str
    score: float


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What was asked. `types`: none means all. `include_staff`: also what only staff may see."""

    text: str
    types: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 20
    include_staff: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits of one page, how many there are, and counts by type."""

    hits: Sequence[SearchHit]
    total: int
    types: dict[str, int] = field(default_factory=dict)


class SearchIndex(Protocol):
    """Full-text search over documents."""

    async def put(self, documents: Sequence[SearchDocument]) -> None: ...

    async def remove(self, type: str, ids: Sequence[UUID]) -> None: ...  # noqa: A002

    async def search(self, request: SearchRequest) -> SearchResult: ...

    async def clear(self) -> None: ...


class BlobStore(Protocol):
    """Files under keys such as `media/{id}/original.jpg`. A write is whole or not there."""

    async def put(self, key: str, data: bytes) -> None: ...

    async def get(self, key: str) -> bytes: ...

    def stream(self, key: str) -> AsyncIterator[bytes]: ...

    async def exists(self, key: str) -> bool: ...

    async def delete(self, prefix: str) -> None: ...
