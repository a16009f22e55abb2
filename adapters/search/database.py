"""Search by the database itself: FTS5 on SQLite, text search on PostgreSQL.

It reads questions and texts as the tantivy adapter does. It ranks more roughly: a guess at a typo and a synonym weigh
as much as the word itself, and words of the body only count where they are spelt right.
"""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, exists, func, insert, select, text

from adapters.search import analysis
from adapters.search.analysis import Language
from adapters.search.database_sql import CODE, Sql, postgres_match, sqlite_match
from adapters.search.question import Question, Reader, Term
from adapters.search.snippets import Marker
from adapters.search.spelling import Vocabulary
from engine.core.database import Database
from engine.core.html import text_of
from engine.core.ports import (
    IndexState,
    SearchDocument,
    SearchHit,
    SearchRequest,
    SearchResult,
    SearchWords,
)
from engine.core.searchtable import SearchFacet, SearchNumber, SearchRow, SearchState
from engine.core.transaction import Tx

BATCH = 50
STATE = "database"
VERSION = 1
#: Of more things the words are read again at this distance: all their titles are gone through for it.
CALM_SECONDS, LARGE = 30.0, 5_000
MAX_FACET = 200
MAX_BODY = 100_000


class DatabaseSearch:
    """Keeps `search_documents` and what hangs on them; a new generation of rows is built beside the one in use."""

    def __init__(self, db: Database, words: Callable[[], SearchWords]) -> None:
        self._db = db
        self._words = words
        self._reader = Reader(words())
        self._building = asyncio.Lock()
        self._known: dict[bool, tuple[float, tuple[int, int], Vocabulary]] = {}

    async def put(self, documents: Sequence[SearchDocument]) -> None:
        """Index documents, those of the same type and id instead of what was there."""
        for start in range(0, len(documents), BATCH):
            batch = documents[start : start + BATCH]
            async with self._db.write() as tx:
                for generation in await self._generations(tx):
                    await _replace(tx, generation, batch, self._reading.language)

    async def remove(self, type: str, ids: Sequence[UUID]) -> None:  # noqa: A002 - the port's word
        """Take documents out."""
        if ids:
            async with self._db.write() as tx:
                await tx.execute(delete(SearchRow).where(SearchRow.type == type, SearchRow.id.in_(ids)))

    async def _generations(self, tx: Tx) -> list[int]:
        """Return the generation in use, and the one that is being built, here or by another process."""
        state = await tx.scalar(select(SearchState.value).where(SearchState.name == STATE)) or {}
        used = int(state.get("generation", 0))
        return [used, int(state["next"])] if state.get("next") else [used]

    @staticmethod
    async def _say(tx: Tx, **state: Any) -> None:
        await tx.execute(delete(SearchState).where(SearchState.name == STATE))
        tx.add(SearchState(name=STATE, value=state))

    async def rebuild(self, batches: AsyncIterator[Sequence[SearchDocument]]) -> None:
        """Build a new generation beside the one in use, and put it in its place."""
        async with self._building:
            version, language = self._version, self._reading.language
            async with self._db.write() as tx:
                newest = await tx.scalar(select(func.max(SearchRow.generation)))
                used, *_unfinished = there = await self._generations(tx)
                made = max(newest or 0, *there) + 1
                was = await tx.scalar(select(SearchState.value).where(SearchState.name == STATE)) or {}
                await self._say(tx, generation=used, version=was.get("version", ""), next=made)
            async for batch in batches:
                for start in range(0, len(batch), BATCH):
                    async with self._db.write() as tx:
                        await _add_missing(tx, made, batch[start : start + BATCH], language)
            async with self._db.write() as tx:
                await self._say(tx, generation=made, version=version)
            await self._drop_all_but(made)

    async def _drop_all_but(self, generation: int) -> None:
        """Delete the rows of other generations, a few at a time."""
        while True:
            async with self._db.write() as tx:
                some = select(SearchRow.row).where(SearchRow.generation != generation).limit(BATCH * 4)
                gone = await tx.execute(delete(SearchRow).where(SearchRow.row.in_(some)).returning(SearchRow.row))
                if not gone.first():
                    return

    async def state(self) -> IndexState:
        """Return how many documents there are, and whether the index must be built anew."""
        generation, problem = await self._db.query(self._standing)
        count = await self._db.query(_count, generation)
        return IndexState(count, problem, is_building=self._building.locked())  # type: ignore[arg-type]

    async def close(self) -> None:
        """Nothing of its own is open."""

    def _standing(self, connection: Connection) -> tuple[int, str]:
        state = connection.scalar(select(SearchState.value).where(SearchState.name == STATE))
        if not state or not state["version"]:
            return int(state["generation"]) if state else 0, "missing"
        return int(state["generation"]), "" if state["version"] == self._version else "outdated"

    async def search(self, request: SearchRequest) -> SearchResult:
        """Return one page of what answers the request."""
        return await self._db.query(self._search, analysis.keepable(request))

    async def complete(self, text: str, limit: int = 5) -> Sequence[str]:
        """Return questions that begin with this text and find something public."""
        return await self._db.query(self._complete, text[: analysis.MAX_LETTERS], limit)

    def _search(self, connection: Connection, request: SearchRequest) -> SearchResult:
        generation, problem = self._standing(connection)
        vocabulary = self._vocabulary(connection, generation, with_staff=request.include_staff)
        question = self._reading.read(request.text, vocabulary)
        found = self._found(connection, request, question, generation)
        meant = "" if found.total or question.is_empty else self._reading.meant(request.text, vocabulary)
        if meant:
            again = SearchRequest(meant, request.types, limit=0, include_staff=request.include_staff)
            if not self._found(connection, again, self._reading.read(meant, vocabulary), generation).total:
                meant = ""
        return SearchResult(
            found.hits, found.total, found.types, found.facets, found.bounds, meant, problem in ("", "outdated")
        )

    def _found(
        self, connection: Connection, request: SearchRequest, question: Question, generation: int
    ) -> SearchResult:
        sql = Sql(request, question, generation, is_sqlite=self._db.is_sqlite)
        numbers = _numbers(connection, (*request.facets, request.sort.removeprefix("-")))
        bounded = [name for name in request.facets if name in numbers]
        counted = [name for name in request.facets if name not in numbers]
        sort = request.sort if request.sort.removeprefix("-") in numbers else ""
        parts: dict[str, list[Any]] = defaultdict(list)
        for row in connection.execute(text(sql.answer(sort, counted, bounded)), sql.values):
            parts[row.part].append(row)
        types = {row.said: row.one for row in parts["type"]}
        facets = {
            name: {row.said: row.one for row in sorted(parts[f"facet{place}"], key=lambda row: (-row.one, row.said))}
            for place, name in enumerate(counted)
        }
        found = {name: parts[f"number{place}"][0] for place, name in enumerate(bounded)}
        bounds = {name: (row.one, row.other) for name, row in found.items() if row.one is not None}
        total = sum(count for kind, count in types.items() if not request.types or kind in request.types)
        hits = self._hits(connection, _in_order(parts["hit"], sort), question)
        return SearchResult(hits, total, types, facets, bounds)

    def _hits(self, connection: Connection, found: Sequence[Any], question: Question) -> list[SearchHit]:
        if not found:
            return []
        columns = (SearchRow.row, SearchRow.type, SearchRow.id, SearchRow.title, SearchRow.url, SearchRow.body)
        rows = connection.execute(select(*columns).where(SearchRow.row.in_([hit.one for hit in found])))
        texts = {row.row: row for row in rows}
        marker = Marker(question, self._reading.language)
        return [_hit(texts[hit.one], hit.score, marker) for hit in found if hit.one in texts]

    def _vocabulary(self, connection: Connection, generation: int, *, with_staff: bool) -> Vocabulary:
        """Return the words of titles and keywords; asked again when rows came or went, but not all the time."""
        read_at, was, known = self._known.get(with_staff, (float("-inf"), (0, 0), Vocabulary()))
        if was[1] > LARGE and time.monotonic() - read_at < CALM_SECONDS:
            return known.asking(self._bears(connection))
        newest, rows_there = connection.execute(select(func.max(SearchRow.row), func.count())).one()
        epoch = (newest or 0, rows_there)
        if was == epoch:
            self._known[with_staff] = (time.monotonic(), epoch, known)
            return known.asking(self._bears(connection))
        rows = select(SearchRow.known).where(SearchRow.generation == generation)
        if not with_staff:
            rows = rows.where(SearchRow.visibility != "staff")
        counts = Counter(word for known_words in connection.scalars(rows) for word in known_words.split())
        known = Vocabulary(counts)
        self._known[with_staff] = (time.monotonic(), epoch, known)
        return known.asking(self._bears(connection))

    def _bears(self, connection: Connection) -> Callable[[str], bool]:
        """Return what says whether some text holds a word."""

        def bears(word: str) -> bool:
            question = Question((Term((word,)),), "")
            if self._db.is_sqlite:
                found = text("SELECT 1 FROM search_fts WHERE search_fts MATCH :match LIMIT 1")
                return connection.scalar(found, {"match": sqlite_match(question)}) is not None
            found = text(
                "SELECT 1 FROM search_documents WHERE to_tsvector('simple', title_words || ' ' || keyword_words || ' ' "
                "|| body_words) @@ to_tsquery('simple', :match) LIMIT 1"
            )
            return connection.scalar(found, {"match": postgres_match(question)}) is not None

        return bears

    def _complete(self, connection: Connection, said: str, limit: int) -> list[str]:
        generation, _problem = self._standing(connection)
        known = self._vocabulary(connection, generation, with_staff=False)
        whole, needs_looking = self._reading.completions(said, known, limit)
        return [one for one in whole if not needs_looking or self._finds(connection, one, known, generation)][:limit]

    def _finds(self, connection: Connection, said: str, known: Vocabulary, generation: int) -> bool:
        request = SearchRequest(said, limit=0)
        return bool(self._found(connection, request, self._reading.read(f"{said} ", known), generation).total)

    @property
    def _reading(self) -> Reader:
        """What reads questions, in the site's words as they are now."""
        words = self._words()
        if words != self._reader.words:
            self._reader = Reader(words)
        return self._reader

    @property
    def _version(self) -> str:
        return f"{VERSION}:{analysis.VERSION}:{self._reading.language.name}"


def _count(connection: Connection, generation: int) -> int:
    counted = select(func.count()).select_from(SearchRow).where(SearchRow.generation == generation)
    return connection.scalar(counted) or 0


async def _replace(tx: Tx, generation: int, documents: Sequence[SearchDocument], language: Language) -> None:
    for kind in {one.type for one in documents}:
        ids = [one.id for one in documents if one.type == kind]
        here = (SearchRow.generation == generation, SearchRow.type == kind, SearchRow.id.in_(ids))
        await tx.execute(delete(SearchRow).where(*here))
    await _add(tx, generation, list({(one.type, one.id): one for one in documents}.values()), language)


async def _add_missing(tx: Tx, generation: int, documents: Sequence[SearchDocument], language: Language) -> None:
    """Add documents to a generation that is being built, but for those that changed meanwhile and are in it."""
    ids = [one.id for one in documents]
    rows = await tx.execute(
        select(SearchRow.type, SearchRow.id).where(SearchRow.generation == generation, SearchRow.id.in_(ids))
    )
    there = {(row.type, row.id) for row in rows}
    await _add(tx, generation, [one for one in documents if (one.type, one.id) not in there], language)


async def _add(tx: Tx, generation: int, documents: Sequence[SearchDocument], language: Language) -> None:
    if not documents:
        return
    rows = [_row(one, generation, language) for one in documents]
    made = await tx.execute(insert(SearchRow).returning(SearchRow.row, SearchRow.type, SearchRow.id), rows)
    places = {(row.type, row.id): row.row for row in made}
    facets, numbers = [], []
    for one in documents:
        place = places[one.type, one.id]
        values = {(name[:120], value[:MAX_FACET]) for name, some in one.facets.items() for value in some}
        values |= {(CODE, analysis.code(code)[:MAX_FACET]) for code in one.codes if code.strip()}
        facets += [{"document": place, "name": name, "value": value} for name, value in sorted(values)]
        numbers += [{"document": place, "name": name[:120], "value": value} for name, value in one.numbers.items()]
    if facets:
        await tx.execute(insert(SearchFacet), facets)
    if numbers:
        await tx.execute(insert(SearchNumber), numbers)


def _row(document: SearchDocument, generation: int, language: Language) -> dict[str, Any]:
    body = text_of(document.body, MAX_BODY)
    keywords = analysis.keywords_of(document)
    return {
        "generation": generation,
        "type": document.type,
        "id": document.id,
        "title": document.title,
        "body": body,
        "url": document.url,
        "title_words": language.indexed(document.title),
        "keyword_words": language.indexed(keywords),
        "body_words": language.indexed(body),
        "known": " ".join(analysis.known_words(document)),
        "visibility": document.visibility,
    }


def _numbers(connection: Connection, names: Sequence[str]) -> set[str]:
    """Return which of these names are numbers of documents."""
    asked = list(dict.fromkeys(name for name in names if name))
    if not asked:
        return set()
    answers = connection.execute(select(*(exists().where(SearchNumber.name == name) for name in asked))).one()
    return {name for name, is_number in zip(asked, answers, strict=True) if is_number}


def _in_order(hits: Sequence[Any], sort: str) -> list[Any]:
    """Return hits as they were sorted: what is put together of parts has no order of its own."""
    if not sort:
        return sorted(hits, key=lambda hit: (-hit.score, hit.one))
    sign = -1 if sort.startswith("-") else 1
    return sorted(hits, key=lambda hit: (hit.other is None, sign * (hit.other or 0), hit.one))


def _hit(row: Any, score: float, marker: Marker) -> SearchHit:
    piece, marks = marker.snippet(row.body)
    return SearchHit(row.type, row.id, row.title, row.url, piece, round(float(score), 6), marks)
