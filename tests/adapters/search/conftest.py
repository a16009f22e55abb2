"""Each search adapter, empty: tantivy in memory and in a folder, FTS5, PostgreSQL, OpenSearch."""

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from uuid import UUID

import pytest

from adapters.search.database import DatabaseSearch
from adapters.search.elasticsearch import ElasticSearch
from adapters.search.tantivy import TantivySearch
from engine.core.database import Database
from engine.core.ids import new_id
from engine.core.ports import SearchDocument, SearchHit, SearchIndex, SearchRequest, SearchResult, SearchWords

NUMBERS = ("price", "newest")


class Words:
    """The site's words, which a test may change."""

    def __init__(self) -> None:
        self.now = SearchWords("en")

    def __call__(self) -> SearchWords:
        return self.now


class Index:
    """An index with short words for tests: documents are named by their titles."""

    def __init__(self, index: SearchIndex, words: Words) -> None:
        self.index = index
        self.words = words
        self.ids: dict[str, UUID] = {}

    def document(self, title: str, body: str = "", **more: object) -> SearchDocument:
        id_ = self.ids.setdefault(title, new_id())
        values: dict[str, object] = {"type": "product", "url": f"/{title}", **more}
        return SearchDocument(id=id_, title=title, body=body, **values)  # type: ignore[arg-type]

    async def put(self, title: str, body: str = "", **more: object) -> None:
        await self.index.put([self.document(title, body, **more)])

    async def ask(self, text: str = "", **more: object) -> SearchResult:
        return await self.index.search(SearchRequest(text, **more))  # type: ignore[arg-type]

    async def titles(self, text: str = "", **more: object) -> list[str]:
        return [hit.title for hit in (await self.ask(text, **more)).hits]

    async def hit(self, text: str) -> SearchHit:
        (found,) = (await self.ask(text)).hits
        return found


async def batches(*documents: SearchDocument) -> AsyncIterator[Sequence[SearchDocument]]:
    """Yield documents as a rebuild takes them."""
    for one in documents:
        yield [one]


@pytest.fixture(params=["memory", "folder", "sqlite", "postgres", "opensearch"])
async def index(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Index]:
    words = Words()
    if request.param in ("memory", "folder"):
        yield Index(TantivySearch(tmp_path / "search" if request.param == "folder" else None, words, NUMBERS), words)
        return
    if request.param == "opensearch":
        server = request.getfixturevalue("search_server")
        name = f"test{new_id().hex}"
        engine = ElasticSearch(f"http://127.0.0.1:{server.port}", words, NUMBERS, index=name)
        yield Index(engine, words)
        await engine.close()
        return
    if request.param == "sqlite":
        url, drop = request.getfixturevalue("sqlite_url"), _nothing
    else:
        server = request.getfixturevalue("postgres_server")
        url, drop = server.lend(), server.take_back
    db = Database(url)
    yield Index(DatabaseSearch(db, words), words)
    await db.close()
    drop(url)


_nothing: Callable[[str], None] = lambda _url: None  # noqa: E731
