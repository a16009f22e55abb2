"""Elasticsearch's words for ours: the mapping, a document in it, and a request as queries and aggregations."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.search import analysis
from adapters.search.analysis import Language
from adapters.search.fields import (
    BEGUN_SCORE,
    CODE_SCORE,
    FIELDS,
    MOST_VALUES,
    PART,
    SEEN,
    STEM,
    SYNONYM,
    TIE,
    TYPO,
    key_of,
    number_field,
)
from adapters.search.question import Phrase, Question, Term
from engine.core.html import text_of
from engine.core.ports import SearchDocument, SearchRequest

#: Changes whenever the fields do: an index of another version is built anew.
VERSION = 1
MOST_TYPES = 200
WINDOW = 100_000
MAX_VALUE = 200
Dsl = dict[str, Any]


def index_of(numbers: Iterable[str], version: str) -> Dsl:
    """Return an index as it is made. version: empty for one that does not hold everything."""
    words = {"type": "text", "analyzer": "words", "search_analyzer": "words"}
    word: Dsl = {"type": "keyword"}
    fields = {"key": word, "type": word, "seen": word, "code": word, "facets": word, "known": word}
    return {
        "settings": {
            "analysis": {"analyzer": {"words": {"type": "custom", "tokenizer": "whitespace"}}},
            "max_result_window": WINDOW,
        },
        "mappings": {
            "dynamic": False,
            "_meta": {"version": version},
            "properties": {
                **fields,
                **{name: words for name, _boost in FIELDS},
                **{number_field(name): {"type": "long"} for name in numbers},
                "shown": {"type": "object", "enabled": False},
            },
        },
    }


def document(found: SearchDocument, language: Language, numbers: Iterable[str]) -> Dsl:
    """Return a document as it is indexed."""
    body = text_of(found.body)
    keywords = analysis.keywords_of(found)
    return {
        "key": key_of(found.type, found.id),
        "type": found.type,
        "seen": SEEN[found.visibility],
        "code": [analysis.code(one)[:MAX_VALUE] for one in found.codes if one.strip()],
        "facets": [_borne(name, value) for name, some in found.facets.items() for value in some],
        "known": analysis.known_words(found),
        "title": language.indexed(found.title),
        "keywords": language.indexed(keywords),
        "body": language.indexed(body),
        **{number_field(name): found.numbers[name] for name in numbers if name in found.numbers},
        "shown": {"type": found.type, "id": str(found.id), "title": found.title, "url": found.url, "body": body},
    }


class Asked:
    """A request as what the server is sent: one search for the page, one for the types, one for each other count."""

    def __init__(self, request: SearchRequest, question: Question, numbers: Sequence[str]) -> None:
        self.request = request
        self._numbers = numbers
        self._words: Dsl = {"match_all": {}} if question.is_empty else of_question(question)
        self._seen = "list" if question.is_empty else "find"

    def query(self, without: str = "", *, any_type: bool = False) -> Dsl:
        """Return what a hit must fulfil. without: a facet or number whose own filter is off."""
        request = self.request
        filters: list[Dsl] = []
        if not request.include_staff:
            filters.append({"term": {"seen": self._seen}})
        if request.types and not any_type:
            filters.append({"terms": {"type": list(request.types)}})
        for name, values in request.filters.items():
            if name != without:
                filters.append({"terms": {"facets": [_borne(name, value) for value in values]}})
        filters += [self._range(name, *ends) for name, ends in request.ranges.items() if name != without]
        return {"bool": {"must": [self._words], "filter": filters}}

    def _range(self, name: str, least: int | None, most: int | None) -> Dsl:
        if name not in self._numbers:
            return {"bool": {"must_not": [{"match_all": {}}]}}
        if least is None and most is None:
            return {"match_all": {}}
        ends = {"gte": least, "lte": most}
        return {"range": {number_field(name): {side: end for side, end in ends.items() if end is not None}}}

    def page(self) -> Dsl:
        """Return the search for the hits of one page."""
        size = max(0, min(self.request.limit, WINDOW - self.request.offset))
        return {
            "query": self.query(),
            "from": min(self.request.offset, WINDOW),
            "size": size,
            "sort": self._sort(),
            "_source": ["shown"],
            "track_scores": True,
        }

    def _sort(self) -> list[Dsl]:
        by_fit: list[Dsl] = [{"_score": {"order": "desc"}}, {"key": {"order": "asc"}}]
        name = self.request.sort.removeprefix("-")
        if name not in self._numbers:
            return by_fit
        order = "desc" if self.request.sort.startswith("-") else "asc"
        return [{number_field(name): {"order": order, "missing": "_last", "unmapped_type": "long"}}, *by_fit]

    def types(self) -> Dsl:
        """Return the search that counts types, whichever were asked for."""
        counted = {"types": {"terms": {"field": "type", "size": MOST_TYPES}}}
        return {"query": self.query(any_type=True), "size": 0, "aggs": counted}

    def counts(self) -> list[tuple[list[str], Dsl]]:
        """Return facets and numbers with the search that counts them: one whose filter is on needs its own."""
        own = [name for name in self.request.facets if name in self.request.filters or name in self.request.ranges]
        shared = [name for name in self.request.facets if name not in own]
        asked = [(shared, self._counting(shared))] if shared else []
        return asked + [([name], self._counting([name], without=name)) for name in own]

    def _counting(self, names: Sequence[str], without: str = "") -> Dsl:
        aggs: Dsl = {}
        for place, name in enumerate(names):
            if name in self._numbers:
                aggs[str(place)] = {"stats": {"field": number_field(name)}}
            else:
                only = {"include": f"{_borne(name)}.*"}
                aggs[str(place)] = {"terms": {"field": "facets", "size": MOST_VALUES, **only}}
        return {"query": self.query(without), "size": 0, "aggs": aggs}


def of_question(question: Question) -> Dsl:
    """Return the query for a question's words."""
    needed = [_term(term) for term in question.terms if not term.is_optional]
    welcome = [_term(term) for term in question.terms if term.is_optional]
    ways: list[Dsl] = [{"constant_score": {"filter": {"term": {"code": question.code}}, "boost": CODE_SCORE}}]
    if needed:
        ways.append({"bool": {"must": needed, "should": welcome}})
    return {"dis_max": {"queries": ways}}


def bears(word: str) -> Dsl:
    """Return the search that says whether any text holds a word."""
    found = [{"term": {field: {"value": word}}} for field, _boost in FIELDS]
    return {"query": {"bool": {"should": found, "minimum_should_match": 1}}, "size": 0, "terminate_after": 1}


def known(limit: int, *, with_staff: bool) -> Dsl:
    """Return the search for the words of titles and keywords, with how many things bear each."""
    query: Dsl = {"match_all": {}} if with_staff else {"exists": {"field": "seen"}}
    return {"query": query, "size": 0, "aggs": {"known": {"terms": {"field": "known", "size": limit}}}}


def values_of(buckets: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the values of one facet with how many bear each, the most first."""
    found = [(str(one["key"]).partition(PART)[2], int(one["doc_count"])) for one in buckets]
    return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _term(term: Term) -> Dsl:
    ways = _phrase(term.words, 1.0)
    if term.stem:
        ways += _phrase((term.stem,), STEM)
    for synonym in term.synonyms:
        ways += _phrase(synonym, SYNONYM)
    for typo in term.typos:
        ways += _phrase((typo,), TYPO)
    if term.is_begun and len(term.words) == 1:
        ways += _begun(term.words[0], 1.0)
    for beginning in term.begun_typos:
        ways += _begun(beginning, TYPO)
    return {"dis_max": {"queries": ways, "tie_breaker": TIE}}


def _phrase(words: Phrase, weight: float) -> list[Dsl]:
    if len(words) == 1:
        return [{"term": {field: {"value": words[0], "boost": boost * weight}}} for field, boost in FIELDS]
    said = " ".join(words)
    return [{"match_phrase": {field: {"query": said, "boost": boost * weight}}} for field, boost in FIELDS]


def _begun(beginning: str, weight: float) -> list[Dsl]:
    """Return what finds words that begin so; a single letter begins half of all texts, so only names count."""
    fields = FIELDS[:1] if len(beginning) == 1 else FIELDS
    return [{"prefix": {field: {"value": beginning, "boost": BEGUN_SCORE * boost * weight}}} for field, boost in fields]


def _borne(name: str, value: str = "") -> str:
    """Return a facet and its value as one word; the name in letters that mean nothing in a pattern."""
    return f"{name.encode().hex()}{PART}{value[:MAX_VALUE]}"
