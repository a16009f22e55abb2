"""The search engine that the site's settings choose, among those that are wired.

While it is away, questions are answered with nothing, and it is said that something may be missing: pages go on.
"""

import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from uuid import UUID

from engine.core.errors import Unavailable
from engine.core.ports import IndexState, SearchDocument, SearchIndex, SearchRequest, SearchResult

log = logging.getLogger("agora.search")
NOT_WHOLE = SearchResult((), 0, is_whole=False)


class ChosenSearch:
    """A SearchIndex that hands everything to the one whose name `chosen()` says at that moment."""

    def __init__(self, engines: Mapping[str, SearchIndex], chosen: Callable[[], str]) -> None:
        self._engines = engines
        self._chosen = chosen
        self._is_away = False

    @property
    def name(self) -> str:
        """The engine in use; the first where the chosen one has no address any more."""
        wanted = self._chosen()
        return wanted if wanted in self._engines else next(iter(self._engines))

    @property
    def _index(self) -> SearchIndex:
        return self._engines[self.name]

    def engine(self, name: str) -> SearchIndex:
        """Return one of the engines, in use or not."""
        return self._engines[name]

    async def put(self, documents: Sequence[SearchDocument]) -> None:
        """Index documents."""
        await self._index.put(documents)

    async def remove(self, type: str, ids: Sequence[UUID]) -> None:  # noqa: A002 - the port's word
        """Take documents out."""
        await self._index.remove(type, ids)

    async def search(self, request: SearchRequest) -> SearchResult:
        """Return one page of what answers the request."""
        try:
            found = await self._index.search(request)
        except Unavailable as error:
            self._say(error)
            return NOT_WHOLE
        self._is_away = False
        return found

    async def complete(self, text: str, limit: int = 5) -> Sequence[str]:
        """Return questions that begin with this text."""
        try:
            return await self._index.complete(text, limit)
        except Unavailable as error:
            self._say(error)
            return ()

    async def rebuild(self, batches: AsyncIterator[Sequence[SearchDocument]]) -> None:
        """Build the index anew."""
        await self._index.rebuild(batches)

    async def close(self) -> None:
        """Close every engine."""
        for engine in self._engines.values():
            await engine.close()

    async def state(self) -> IndexState:
        """Return how the index stands."""
        try:
            return await self._index.state()
        except Unavailable as error:
            self._say(error)
            return IndexState(0, "away", why=error.message)

    def _say(self, error: Unavailable) -> None:
        if not self._is_away:
            log.warning("%s Until it does, nothing is found.", error)
        self._is_away = True
