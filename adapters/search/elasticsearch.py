"""Search in Elasticsearch 8 and 9 or OpenSearch, by plain JSON over HTTP.

Texts and questions are read here as by the other adapters; the server is given words. Two aliases: the index in use,
and the one that is being built, which hears of every change meanwhile.
"""

import json
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

import httpx
from anyio import to_thread

from adapters.search import analysis
from adapters.search.elasticsearch_query import VERSION, Asked, Dsl, bears, document, index_of, known, values_of
from adapters.search.fields import key_of
from adapters.search.question import Question, Reader
from adapters.search.snippets import Marker
from adapters.search.spelling import Vocabulary
from engine.core.encryption import why_not
from engine.core.errors import Unavailable
from engine.core.i18n import Message, _
from engine.core.ids import new_id
from engine.core.ports import IndexState, SearchDocument, SearchHit, SearchRequest, SearchResult, SearchWords

BATCH = 200
CALM_SECONDS = 5.0
WAIT_SECONDS = 10.0


class ElasticSearch:
    """url: with user and password where they are wanted. api_key: instead of them. index: the alias in use."""

    def __init__(
        self,
        url: str,
        words: Callable[[], SearchWords],
        numbers: Iterable[str],
        *,
        index: str = "agora",
        api_key: str = "",
        ca_file: str = "",
    ) -> None:
        self._place = urlsplit(url).hostname or url
        self._used, self._next = index, f"{index}-next"
        self._numbers = sorted(set(numbers))
        self._words = words
        self._reader = Reader(words())
        self._known: dict[bool, tuple[float, Vocabulary]] = {}
        self._rebuilding = threading.Lock()
        self._headers = {"Authorization": f"ApiKey {api_key}"} if api_key else {}
        self._base, self._ca_file = url.rstrip("/"), ca_file
        self._opened: httpx.Client | None = None

    async def put(self, documents: Sequence[SearchDocument]) -> None:
        """Index documents, those of the same type and id instead of what was there."""
        await to_thread.run_sync(self._put, documents)

    async def remove(self, type: str, ids: Sequence[UUID]) -> None:  # noqa: A002 - the port's word
        """Take documents out."""
        if ids:
            await to_thread.run_sync(self._remove, type, ids)

    async def search(self, request: SearchRequest) -> SearchResult:
        """Return one page of what answers the request."""
        return await to_thread.run_sync(self._search, analysis.keepable(request))

    async def complete(self, text: str, limit: int = 5) -> Sequence[str]:
        """Return questions that begin with this text and find something public."""
        said = analysis.keepable(SearchRequest(text)).text
        return await to_thread.run_sync(self._complete, said, limit)

    async def rebuild(self, batches: AsyncIterator[Sequence[SearchDocument]]) -> None:
        """Build a new index beside the one in use, and put it in its place."""
        with self._rebuilding:
            version = self._version
            made = await to_thread.run_sync(self._begin)
            async for batch in batches:
                await to_thread.run_sync(self._add_missing, made, batch)
            await to_thread.run_sync(self._swap, made, version)

    async def state(self) -> IndexState:
        """Return how many documents there are, and whether the index must be built anew."""
        return await to_thread.run_sync(self._state)

    async def close(self) -> None:
        """Give the connections back."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _put(self, documents: Sequence[SearchDocument]) -> None:
        language = self._reading.language
        rows = [document(one, language, self._numbers) for one in documents]
        for index in self._writable():
            self._bulk([({"index": {"_index": index, "_id": row["key"]}}, row) for row in rows])
        self._known.clear()

    def _remove(self, kind: str, ids: Sequence[UUID]) -> None:
        for index in self._writable():
            self._bulk([({"delete": {"_index": index, "_id": key_of(kind, one)}}, None) for one in ids])
        self._known.clear()

    def _add_missing(self, index: str, documents: Sequence[SearchDocument]) -> None:
        """Add documents to an index that is being built, but for those that changed meanwhile and are in it."""
        language = self._reading.language
        rows = [document(one, language, self._numbers) for one in documents]
        self._bulk([({"create": {"_index": index, "_id": row["key"]}}, row) for row in rows])

    def _bulk(self, asked: Sequence[tuple[Dsl, Dsl | None]]) -> None:
        for start in range(0, len(asked), BATCH):
            lines = [json.dumps(part) for pair in asked[start : start + BATCH] for part in pair if part is not None]
            done = self._ask("POST", "/_bulk?refresh=wait_for", "\n".join(lines) + "\n")
            for item in done["items"]:
                ((_what, one),) = item.items()
                if one["status"] >= 400 and one["status"] not in (404, 409):
                    raise self._away(json.dumps(one.get("error", one))[:200])

    def _indices(self) -> dict[str, str]:
        """Return alias -> index for the two aliases that are there."""
        found = self._ask("GET", f"/{self._used}*/_alias", missing={})
        there = {alias: index for index, about in found.items() for alias in about["aliases"]}
        return {alias: there[alias] for alias in (self._used, self._next) if alias in there}

    def _writable(self) -> list[str]:
        there = self._indices()
        if self._used not in there:
            there[self._used] = made = self._make("")
            self._ask("POST", "/_aliases", {"actions": [{"add": {"index": made, "alias": self._used}}]})
        return list(there.values())

    def _make(self, version: str) -> str:
        name = f"{self._used}-{new_id().hex}"
        self._ask("PUT", f"/{name}", index_of(self._numbers, version))
        return name

    def _begin(self) -> str:
        self._drop_all_but(self._indices().get(self._used, ""))
        made = self._make("")
        self._ask("POST", "/_aliases", {"actions": [{"add": {"index": made, "alias": self._next}}]})
        return made

    def _swap(self, made: str, version: str) -> None:
        self._ask("PUT", f"/{made}/_mapping", {"_meta": {"version": version}})
        before = self._indices().get(self._used)
        actions: list[Dsl] = [{"add": {"index": made, "alias": self._used}}]
        actions.append({"remove": {"index": made, "alias": self._next}})
        if before and before != made:
            actions.append({"remove": {"index": before, "alias": self._used}})
        self._ask("POST", "/_aliases", {"actions": actions})
        self._drop_all_but(made)
        self._known.clear()

    def _drop_all_but(self, kept: str) -> None:
        """Delete our other indices: what an earlier build left, or the one that was in use."""
        for index in self._ask("GET", f"/{self._used}-*/_alias", missing={}):
            if index != kept and len(index) == len(self._used) + 33:
                self._ask("DELETE", f"/{index}", missing={})

    def _state(self) -> IndexState:
        index = self._indices().get(self._used)
        if index is None:
            return IndexState(0, "missing", is_building=self._rebuilding.locked())
        mapping = self._ask("GET", f"/{index}/_mapping")
        version = next(iter(mapping.values()))["mappings"].get("_meta", {}).get("version", "")
        count = int(self._ask("GET", f"/{index}/_count")["count"])
        problem: Any = "missing" if not version else "" if version == self._version else "outdated"
        return IndexState(count, problem, is_building=self._rebuilding.locked())

    def _search(self, request: SearchRequest) -> SearchResult:
        vocabulary = self._vocabulary(with_staff=request.include_staff)
        question = self._reading.read(request.text, vocabulary)
        found = self._found(request, question)
        if found is None:
            return SearchResult([], 0, is_whole=False)
        meant = "" if found.total or question.is_empty else self._reading.meant(request.text, vocabulary)
        if meant:
            again = SearchRequest(meant, request.types, limit=0, include_staff=request.include_staff)
            other = self._found(again, self._reading.read(meant, vocabulary))
            meant = meant if other and other.total else ""
        return SearchResult(found.hits, found.total, found.types, found.facets, found.bounds, meant)

    def _found(self, request: SearchRequest, question: Question) -> SearchResult | None:
        """Return what answers; None where there is no index yet."""
        asked = Asked(request, question, self._numbers)
        counts = asked.counts()
        bodies = [asked.page(), asked.types(), *(body for _names, body in counts)]
        answers = self._search_all(bodies)
        if answers is None:
            return None
        page, types, *counted = answers
        kinds = {one["key"]: int(one["doc_count"]) for one in types["aggregations"]["types"]["buckets"]}
        marker = Marker(question, self._reading.language)
        hits = [_hit(one, marker) for one in page["hits"]["hits"]]
        facets: dict[str, dict[str, int]] = {}
        bounds: dict[str, tuple[int, int]] = {}
        for (names, _body), answer in zip(counts, counted, strict=True):
            for place, name in enumerate(names):
                said = answer["aggregations"][str(place)]
                if name not in self._numbers:
                    facets[name] = values_of(said["buckets"])
                elif said.get("count"):
                    bounds[name] = (int(said["min"]), int(said["max"]))
        total = sum(count for kind, count in kinds.items() if not request.types or kind in request.types)
        return SearchResult(hits, total, kinds, facets, bounds)

    def _search_all(self, bodies: Sequence[Dsl]) -> list[Dsl] | None:
        """Return the answers of several searches in one round; None where there is no index."""
        lines = [json.dumps(part) for body in bodies for part in ({"index": self._used}, body)]
        answers: list[Dsl] = self._ask("POST", "/_msearch", "\n".join(lines) + "\n")["responses"]
        for answer in answers:
            if "error" in answer:
                if answer.get("status") == 404:
                    return None
                raise self._away(json.dumps(answer["error"])[:200])
        return answers

    def _vocabulary(self, *, with_staff: bool) -> Vocabulary:
        read_at, found = self._known.get(with_staff, (float("-inf"), Vocabulary()))
        if time.monotonic() - read_at > CALM_SECONDS:
            answers = self._search_all([known(analysis.MAX_WORDS, with_staff=with_staff)])
            buckets = answers[0]["aggregations"]["known"]["buckets"] if answers else []
            found = Vocabulary({one["key"]: int(one["doc_count"]) for one in buckets}, self._bears)
            self._known[with_staff] = (time.monotonic(), found)
        return found

    def _bears(self, word: str) -> bool:
        answers = self._search_all([bears(word)])
        return bool(answers and answers[0]["hits"]["total"]["value"])

    def _complete(self, said: str, limit: int) -> list[str]:
        vocabulary = self._vocabulary(with_staff=False)
        whole, needs_looking = self._reading.completions(said, vocabulary, limit)
        return [one for one in whole if not needs_looking or self._finds(one, vocabulary)][:limit]

    def _finds(self, said: str, vocabulary: Vocabulary) -> bool:
        found = self._found(SearchRequest(said, limit=0), self._reading.read(f"{said} ", vocabulary))
        return bool(found and found.total)

    def _ask(self, method: str, path: str, body: Dsl | str | None = None, missing: Any = None) -> Any:
        """Return the answer's JSON. missing: what a 404 stands for. Raises Unavailable."""
        kind = "application/x-ndjson" if isinstance(body, str) else "application/json"
        sent = body if isinstance(body, str) or body is None else json.dumps(body)
        try:
            answer = self._client.request(
                method, quote(path, safe="/?=&_*-"), content=sent, headers={"Content-Type": kind}
            )
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise self._away(why_not(error) or str(error) or type(error).__name__) from error
        if answer.status_code == 404 and missing is not None:
            return missing
        if answer.status_code in (401, 403):
            raise self._away(_("it does not take the user and password, or the API key, for this index"))
        if answer.status_code >= 400:
            raise self._away(f"HTTP {answer.status_code} {answer.text[:200]}")
        return answer.json() if answer.content else {}

    @property
    def _client(self) -> httpx.Client:
        if self._opened is None:
            verify = ssl.create_default_context(cafile=self._ca_file) if self._ca_file else True
            self._opened = httpx.Client(
                base_url=self._base, headers=self._headers, timeout=WAIT_SECONDS, verify=verify, trust_env=False
            )
        return self._opened

    def _away(self, reason: Message | str) -> Unavailable:
        return Unavailable(_("The search at {place} does not answer: {reason}."), place=self._place, reason=reason)

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


def _hit(found: Dsl, marker: Marker) -> SearchHit:
    shown = found["_source"]["shown"]
    piece, marks = marker.snippet(shown["body"])
    score = round(float(found.get("_score") or 0.0), 6)
    return SearchHit(shown["type"], UUID(shown["id"]), shown["title"], shown["url"], piece, score, marks)
