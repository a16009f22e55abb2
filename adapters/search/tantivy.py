"""Search by tantivy, inside this process: an index in the data folder, or in memory for tests.

`current` names the folder in use. A new index is built in a folder beside it and put in its place by one rename, so
that whoever is killed meanwhile leaves the old one. One process writes (tantivy locks the folder); others read along.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from anyio import CapacityLimiter, to_thread

from adapters.search import analysis, tantivy_query
from adapters.search.answers import Answers
from adapters.search.fields import key_of, number_field
from adapters.search.generation import Damaged, Generation, Shelf, guarded
from adapters.search.question import Question, Reader
from adapters.search.snippets import Marker
from adapters.search.spelling import Vocabulary
from adapters.search.tantivy_query import VALUES, Asked, shown_of, value_of
from engine.core.errors import Unavailable
from engine.core.i18n import _
from engine.core.ports import (
    IndexState,
    SearchDocument,
    SearchHit,
    SearchRequest,
    SearchResult,
    SearchWords,
)

log = logging.getLogger("agora.search")
T = TypeVar("T")
LOOK_SECONDS = 0.5
THREADS = 4
MAX_WINDOW = 10_000


class TantivySearch:
    """The search index of one data folder."""

    def __init__(self, folder: Path | None, words: Callable[[], SearchWords], numbers: Sequence[str]) -> None:
        """folder: None keeps the index in memory. numbers: the names of every number that documents bear."""
        self._words = words
        self._numbers = tuple(sorted(set(numbers)))
        self._shelf = Shelf(folder, tantivy_query.schema(self._numbers), f"{tantivy_query.VERSION}:{self._numbers}")
        self._generation: Generation | None = None
        self._problem = ""
        self._looked_at = float("-inf")
        self._late: list[Callable[[Generation], None]] | None = None
        self._writing = asyncio.Lock()
        self._building = asyncio.Lock()
        self._threads = CapacityLimiter(THREADS)
        self._reader = Reader(words())
        self._answers = Answers()

    async def put(self, documents: Sequence[SearchDocument]) -> None:
        """Index documents, those of the same type and id instead of what was there. Durable when it returns."""
        if documents:
            await self._write(partial(_put, documents, self._reading.language, self._numbers))

    async def remove(self, type: str, ids: Sequence[UUID]) -> None:  # noqa: A002 - the port's word
        """Take documents out."""
        if ids:
            await self._write(partial(_remove, [key_of(type, id_) for id_ in ids]))

    async def _write(self, change: Callable[[Generation], None]) -> None:
        async with self._writing:
            await self._hop(self._apply, change)
            if self._late is not None:
                self._late.append(change)

    def _apply(self, change: Callable[[Generation], None]) -> None:
        try:
            generation = self._open() or self._begin_anew()
            change(generation)
            generation.commit()
        except Damaged as error:
            self._is_damaged(error)
            raise Unavailable(_("The search index is damaged and is being built anew.")) from error

    def _begin_anew(self) -> Generation:
        """Make an empty index that is known not to be whole, so that what changes now is found at once."""
        self._generation = self._shelf.make()
        self._shelf.use(self._generation, "", why=self._problem or "missing")
        return self._generation

    async def rebuild(self, batches: AsyncIterator[Sequence[SearchDocument]]) -> None:
        """Build a new index from these documents beside the one in use, and put it in its place."""
        async with self._building:
            made = await self._hop(self._shelf.make)
            version, language = self._version, self._reading.language
            self._late = []
            try:
                async for batch in batches:
                    await self._hop(_add, batch, language, self._numbers, made)
                async with self._writing:
                    await self._hop(self._put_in_place, made, self._late, version)
            finally:
                self._late = None

    def _put_in_place(self, made: Generation, late: Sequence[Callable[[Generation], None]], version: str) -> None:
        for change in late:
            change(made)
        made.commit()
        self._shelf.use(made, version)
        self._generation, self._problem = made, ""
        self._shelf.tidy()

    async def close(self) -> None:
        """The folder's lock goes with the process."""

    async def state(self) -> IndexState:
        """Return how many documents there are, and whether the index must be built anew."""
        return await self._hop(self._state)

    def _state(self) -> IndexState:
        try:
            generation = self._open()
            count = generation.searcher().num_docs if generation else 0
        except Damaged as error:
            self._is_damaged(error)
            count = 0
        problem = self._problem or ("outdated" if self._shelf.version != self._version else "")
        return IndexState(count, problem, is_building=self._building.locked())  # type: ignore[arg-type]

    async def search(self, request: SearchRequest) -> SearchResult:
        """Return one page of what answers the request."""
        return await self._hop(self._search, analysis.keepable(request))

    async def complete(self, text: str, limit: int = 5) -> Sequence[str]:
        """Return questions that begin with this text and find something public."""
        return await self._hop(self._complete, text[: analysis.MAX_LETTERS], limit)

    def _search(self, request: SearchRequest) -> SearchResult:
        try:
            generation = self._open()
            if generation is None:
                return SearchResult([], 0, is_whole=False)
            state = (generation, generation.epoch, self._reading)
            return self._answers.answer(state, repr(request), lambda: self._answer(generation, request))
        except Damaged as error:
            self._is_damaged(error)
            return SearchResult([], 0, is_whole=False)

    def _answer(self, generation: Generation, request: SearchRequest) -> SearchResult:
        reading, vocabulary = self._reading, generation.vocabulary(with_staff=request.include_staff)
        question = reading.read(request.text, vocabulary)
        found = self._found(generation, request, question)
        if found.total or question.is_empty:
            return found
        meant = reading.meant(request.text, vocabulary)
        again = SearchRequest(meant, request.types, limit=1, include_staff=request.include_staff)
        if not meant or not self._found(generation, again, reading.read(meant, vocabulary)).total:
            return found
        return SearchResult([], 0, found.types, found.facets, found.bounds, meant, found.is_whole)

    def _found(self, generation: Generation, request: SearchRequest, question: Question) -> SearchResult:
        asked = Asked(generation.index, self._numbers, request, question)
        searcher = generation.searcher()
        offset, limit = min(max(request.offset, 0), MAX_WINDOW), max(request.limit, 1)
        sort = request.sort.removeprefix("-")
        by = {"order_by_field": number_field(sort)} if sort in self._numbers else {}
        order = tantivy_query.order_of(request.sort)
        found = guarded(
            lambda: searcher.search(asked.query(), limit, offset=offset, order=order, **by)  # type: ignore[arg-type]
        )
        types = guarded(
            lambda: searcher.aggregate(asked.query(any_type=True), {"types": {"terms": {"field": "type"}}})
        )["types"]["buckets"]
        facets, bounds = self._counted(generation, asked)
        marker = Marker(question, self._reading.language)
        hits = [self._hit(searcher.doc(address).get_first("shown"), score, marker) for score, address in found.hits]
        return SearchResult(
            hits if request.limit > 0 else [],
            found.count or 0,  # type: ignore[attr-defined]
            {bucket["key"]: bucket["doc_count"] for bucket in types},
            facets,
            bounds,
            is_whole=not self._problem,
        )

    @staticmethod
    def _hit(stored: object, score: float | None, marker: Marker) -> SearchHit:
        kind, id_, title, url, body = shown_of(stored)
        piece, marks = marker.snippet(body)
        return SearchHit(kind, UUID(id_), title, url, piece, round(float(score or 0), 4), marks)

    def _counted(
        self, generation: Generation, asked: Asked
    ) -> tuple[dict[str, dict[str, int]], dict[str, tuple[int, int]]]:
        facets: dict[str, dict[str, int]] = {name: {} for name in asked.request.facets if name not in self._numbers}
        bounds: dict[str, tuple[int, int]] = {}
        for query, wanted in asked.counts():
            counted = guarded(partial(generation.searcher().aggregate, query, dict(wanted)))
            for one in counted.pop(VALUES, {"buckets": ()})["buckets"]:
                name, value = value_of(one["key"])
                if name in facets:  # what was asked for is read a little widely
                    facets[name][value] = one["doc_count"]
            for name, found in counted.items():
                if found.get("count"):
                    bounds[name] = (int(found["min"]), int(found["max"]))
        return facets, bounds

    def _complete(self, text: str, limit: int) -> list[str]:
        try:
            generation = self._open()
            if generation is None:
                return []
            known = generation.vocabulary(with_staff=False)
            whole, needs_looking = self._reading.completions(text, known, limit)
            return [one for one in whole if not needs_looking or self._finds(generation, one, known)][:limit]
        except Damaged as error:
            self._is_damaged(error)
            return []

    def _finds(self, generation: Generation, text: str, vocabulary: Vocabulary) -> bool:
        question = self._reading.read(f"{text} ", vocabulary)
        asked = Asked(generation.index, self._numbers, SearchRequest(text), question)
        found = guarded(lambda: generation.searcher().search(asked.query(), 1))
        return bool(found.count)  # type: ignore[attr-defined]

    @property
    def _reading(self) -> Reader:
        """What reads questions, in the site's words as they are now."""
        words = self._words()
        if words != self._reader.words:
            self._reader = Reader(words)
        return self._reader

    @property
    def _version(self) -> str:
        return f"{analysis.VERSION}:{self._reading.language.name}"

    def _open(self) -> Generation | None:
        """Return the index in use, as it is on the disk now; None where there is none that can be read."""
        if self._generation is not None and time.monotonic() - self._looked_at < LOOK_SECONDS:
            return self._generation
        self._looked_at = time.monotonic()
        if self._generation is None or self._shelf.has_another(self._generation):
            self._generation, self._problem = self._shelf.open()
        elif not self._generation.is_writing:
            self._generation.read_along()
        return self._generation

    def _is_damaged(self, error: Exception) -> None:
        log.error("the search index is damaged and will be built anew: %s", error)
        self._generation, self._problem = None, "damaged"
        self._shelf.forget("damaged")

    async def _hop(self, run: Callable[..., T], *args: object) -> T:
        return await to_thread.run_sync(partial(run, *args), limiter=self._threads)


def _add(
    documents: Sequence[SearchDocument], language: analysis.Language, numbers: Sequence[str], to: Generation
) -> None:
    for one in documents:
        to.writer.add_document(tantivy_query.document(one, language, numbers))


def _put(
    documents: Sequence[SearchDocument], language: analysis.Language, numbers: Sequence[str], to: Generation
) -> None:
    _remove([key_of(one.type, one.id) for one in documents], to)
    _add(documents, language, numbers, to)


def _remove(keys: Sequence[str], of: Generation) -> None:
    for key in keys:
        of.writer.delete_documents_by_term("key", key)
