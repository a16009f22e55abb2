"""The search engine that the site's settings choose, among those that are wired."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from uuid import UUID

from engine.core.ports import IndexState, SearchDocument, SearchIndex, SearchRequest, SearchResult


class ChosenSearch:
    """A SearchIndex that hands everything to the one whose name `chosen()` says at that moment."""

    def __init__(self, engines: Mapping[str, SearchIndex], chosen: Callable[[], str]) -> None:
        self._engines = engines
        self._chosen = chosen

    @property
    def name(self) -> str:
        """The engine in use."""
        return self._chosen()

    @property
    def _index(self) -> SearchIndex:
        return self._engines[self._chosen()]

    async def put(self, documents: Sequence[SearchDocument]) -> None:
        """Index documents."""
        await self._index.put(documents)

    async def remove(self, type: str, ids: Sequence[UUID]) -> None:  # noqa: A002 - the port's word
        """Take documents out."""
        await self._index.remove(type, ids)

    async def search(self, request: SearchRequest) -> SearchResult:
        """Return one page of what answers the request."""
        return await self._index.search(request)

    async def complete(self, text: str, limit: int = 5) -> Sequence[str]:
        """Return questions that begin with this text."""
        return await self._index.complete(text, limit)

    async def rebuild(self, batches: AsyncIterator[Sequence[SearchDocument]]) -> None:
        """Build the index anew."""
        await self._index.rebuild(batches)

    async def state(self) -> IndexState:
        """Return how the index stands."""
        return await self._index.state()
