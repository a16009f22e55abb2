"""Search by the database itself: FTS5 on SQLite, text search on PostgreSQL. Every word matches as a prefix."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from anyascii import anyascii
from sqlalchemy import Connection, delete, text
from sqlalchemy.dialects import postgresql, sqlite

from engine.core.database import Database
from engine.core.html import text_of
from engine.core.ports import SearchDocument, SearchHit, SearchRequest, SearchResult
from engine.core.searchtable import SearchRow

_word = re.compile(r"[^\W_]+")
MAX_WORDS = 12
SNIPPET = 160
BATCH = 200

_SQLITE = """
SELECT d.type, d.id, d.title, d.url, d.body, -bm25(search_fts, 8.0, 1.0) AS score
FROM search_fts JOIN search_documents AS d ON d.row = search_fts.rowid
WHERE search_fts MATCH :match {filters}
"""
_POSTGRES = """
SELECT d.type, d.id, d.title, d.url, d.body,
       ts_rank(setweight(to_tsvector('simple', d.title_words), 'A') || to_tsvector('simple', d.words), q) AS score
FROM search_documents AS d, to_tsquery('simple', :match) AS q
WHERE to_tsvector('simple', d.title_words || ' ' || d.words) @@ q {filters}
"""


class DatabaseSearch:
    """Keeps `search_documents`; words are folded (anyascii, lower case), so that “cafe” finds “Café”."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def put(self, documents: Sequence[SearchDocument]) -> None:
        dialect: Any = sqlite if self._db.is_sqlite else postgresql
        for start in range(0, len(documents), BATCH):
            rows = [_row(document) for document in documents[start : start + BATCH]]
            statement = dialect.insert(SearchRow)
            changed = {name: statement.excluded[name] for name in rows[0] if name not in ("type", "id")}
            async with self._db.write() as tx:
                await tx.execute(statement.on_conflict_do_update(index_elements=["type", "id"], set_=changed), rows)

    async def remove(self, type: str, ids: Sequence[UUID]) -> None:  # noqa: A002 - the port's word
        if ids:
            async with self._db.write() as tx:
                await tx.execute(delete(SearchRow).where(SearchRow.type == type, SearchRow.id.in_(ids)))

    async def clear(self) -> None:
        async with self._db.write() as tx:
            await tx.execute(delete(SearchRow))

    async def search(self, request: SearchRequest) -> SearchResult:
        words = folded(request.text).split()[:MAX_WORDS]
        if not words:
            return SearchResult([], 0)
        return await self._db.query(self._search, request, words)

    def _search(self, connection: Connection, request: SearchRequest, words: list[str]) -> SearchResult:
        is_sqlite = self._db.is_sqlite
        match = " ".join(f'"{word}"*' for word in words) if is_sqlite else " & ".join(f"{word}:*" for word in words)
        filters = "" if request.include_staff else "AND d.visibility = 'public'"
        values: dict[str, Any] = {"match": match}
        matched = (_SQLITE if is_sqlite else _POSTGRES).format(filters=filters)
        counts = connection.execute(text(f"SELECT type, count(*) FROM ({matched}) AS m GROUP BY type"), values)  # noqa: S608
        types = {kind: count for kind, count in counts}  # noqa: C416 - rows are no mapping
        wanted = [kind for kind in types if not request.types or kind in request.types]
        if not wanted:
            return SearchResult([], 0, types)
        for position, kind in enumerate(wanted):
            values[f"t{position}"] = kind
        names = ", ".join(f":t{position}" for position in range(len(wanted)))
        page = text(
            f"SELECT * FROM ({matched}) AS m WHERE type IN ({names}) "  # noqa: S608 - built from our own text
            "ORDER BY score DESC, title LIMIT :limit OFFSET :offset"
        )
        rows = connection.execute(page, {**values, "limit": request.limit, "offset": request.offset})
        hits = [
            SearchHit(row.type, _uuid(row.id), row.title, row.url, snippet(row.body, words), round(row.score, 6))
            for row in rows
        ]
        return SearchResult(hits, sum(types[kind] for kind in wanted), types)


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def folded(words: str) -> str:
    """Return the words of a text in plain lower-case letters and digits, one space between."""
    return " ".join(_word.findall(anyascii(words).lower()))


def _row(document: SearchDocument) -> dict[str, Any]:
    body = text_of(document.body)
    return {
        "type": document.type,
        "id": document.id,
        "title": document.title,
        "body": body,
        "url": document.url,
        "title_words": folded(f"{document.title} {document.keywords}"),
        "words": folded(body)[:20_000],
        "visibility": document.visibility,
        "facets": dict(document.facets),
    }


def snippet(body: str, words: Sequence[str]) -> str:
    """Return up to 160 characters of the body around the first word that matched."""
    low = body.lower()
    found = [low.find(word) for word in words if word in low]
    at = max(0, min(found) - SNIPPET // 3) if found else 0
    if at:
        at = body.find(" ", at) + 1
    piece = body[at : at + SNIPPET].strip()
    return ("…" if at else "") + piece + ("…" if at + SNIPPET < len(body) else "")
