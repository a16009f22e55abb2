"""Tantivy's words for ours: the schema, a document in it, and a request as queries and aggregations."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tantivy import Document, FieldType, Index, Occur, Order, Query, Schema, SchemaBuilder

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

#: Changes whenever the fields do: an index of another version is not opened, and built anew.
VERSION = 1
#: Under which name the values of all facets are counted.
VALUES = "\x1fvalues"


def schema(numbers: Iterable[str]) -> Schema:
    """Return the fields of an index whose documents bear these numbers."""
    builder = SchemaBuilder()
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("type", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("seen", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("code", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("facets", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("known", tokenizer_name="whitespace", index_option="basic")
    for name, _boost in FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in numbers:
        builder.add_integer_field(number_field(name), indexed=True, fast=True)
    builder.add_bytes_field("shown", stored=True)
    return builder.build()


def document(found: SearchDocument, language: Language, numbers: Iterable[str]) -> Document:
    """Return a document as it is indexed."""
    body = text_of(found.body)
    keywords = analysis.keywords_of(found)
    made = Document()
    made.add_text("key", key_of(found.type, found.id))
    made.add_text("type", found.type)
    for how in SEEN[found.visibility]:
        made.add_text("seen", how)
    for code in dict.fromkeys(map(analysis.code, found.codes)):
        made.add_text("code", code)
    for name, values in found.facets.items():
        for value in dict.fromkeys(values):
            made.add_text("facets", f"{name}{PART}{value}")
    made.add_text("known", " ".join(analysis.known_words(found)))
    for field, text in (("title", found.title), ("keywords", keywords), ("body", body)):
        made.add_text(field, language.indexed(text))
    for name in numbers:
        if (number := found.numbers.get(name)) is not None:
            made.add_integer(number_field(name), number)
    shown = [found.type, str(found.id), found.title, found.url, body]
    made.add_bytes("shown", json.dumps(shown, ensure_ascii=False).encode("utf-8", "replace"))
    return made


class Asked:
    """A request against one index, whose fields it knows."""

    def __init__(self, index: Index, numbers: Sequence[str], request: SearchRequest, question: Question) -> None:
        self._schema = index.schema
        self._numbers = numbers
        self.request = request
        self._words = Query.all_query() if question.is_empty else self._of_question(question)
        self._seen = "list" if question.is_empty else "find"

    def query(self, without: str = "", *, any_type: bool = False) -> Query:
        """Return what a hit must fulfil. without: a facet or number whose own filter is off."""
        request = self.request
        musts = [self._words]
        if not request.include_staff:
            musts.append(self._unscored(Query.term_query(self._schema, "seen", self._seen)))
        if request.types and not any_type:
            musts.append(self._unscored(Query.term_set_query(self._schema, "type", list(request.types))))
        for name, values in request.filters.items():
            if name != without:
                borne = [f"{name}{PART}{value}" for value in values]
                musts.append(self._unscored(Query.term_set_query(self._schema, "facets", borne)))
        musts += [self._range(name, *ends) for name, ends in request.ranges.items() if name != without]
        return Query.boolean_query([(Occur.Must, one) for one in musts])

    def _range(self, name: str, least: int | None, most: int | None) -> Query:
        if name not in self._numbers:
            return Query.empty_query()
        if least is None and most is None:
            return Query.all_query()
        within = Query.range_query(self._schema, number_field(name), FieldType.Integer, least, most)
        return self._unscored(within)

    @staticmethod
    def _unscored(query: Query) -> Query:
        return Query.const_score_query(query, 0.0)

    def counts(self) -> Iterable[tuple[Query, Mapping[str, Any]]]:
        """Yield queries with what is counted over each: facets whose filter is on need one of their own."""
        own = [name for name in self.request.facets if name in self.request.filters or name in self.request.ranges]
        shared = [name for name in self.request.facets if name not in own]
        if shared:
            yield self.query(), self._counted(shared)
        for name in own:
            yield self.query(without=name), self._counted([name])

    def _counted(self, names: Sequence[str]) -> Mapping[str, Any]:
        """Return what counts these facets: their values in one go, under VALUES, and each number by its name."""
        wanted: dict[str, Any] = {
            name: {"stats": {"field": number_field(name)}} for name in names if name in self._numbers
        }
        facets = "|".join(_literally(name) for name in names if name not in self._numbers)
        if facets:
            size = MOST_VALUES * (facets.count("|") + 1)
            wanted[VALUES] = {"terms": {"field": "facets", "size": size, "include": f"({facets}){PART}.*"}}
        return wanted

    def _of_question(self, question: Question) -> Query:
        needed = [self._term(term) for term in question.terms if not term.is_optional]
        welcome = [self._term(term) for term in question.terms if term.is_optional]
        ways = [Query.const_score_query(Query.term_query(self._schema, "code", question.code), CODE_SCORE)]
        if needed:
            parts = [(Occur.Must, one) for one in needed] + [(Occur.Should, one) for one in welcome]
            ways.append(Query.boolean_query(parts))
        return Query.disjunction_max_query(ways)

    def _term(self, term: Term) -> Query:
        ways = self._phrase(term.words, 1.0)
        if term.stem:
            ways += self._phrase((term.stem,), STEM)
        for synonym in term.synonyms:
            ways += self._phrase(synonym, SYNONYM)
        for typo in term.typos:
            ways += self._phrase((typo,), TYPO)
        if term.is_begun and len(term.words) == 1:
            ways += self._begun(term.words[0], 1.0)
        for beginning in term.begun_typos:
            ways += self._begun(beginning, TYPO)
        return Query.disjunction_max_query(ways, TIE)

    def _phrase(self, words: Phrase, weight: float) -> list[Query]:
        return [
            Query.boost_query(
                Query.term_query(self._schema, field, words[0])
                if len(words) == 1
                else Query.phrase_query(self._schema, field, list(words)),
                boost * weight,
            )
            for field, boost in FIELDS
        ]

    def _begun(self, beginning: str, weight: float) -> list[Query]:
        """Return what finds words that begin so; a single letter begins half of all texts, so only names count."""
        fields = FIELDS[:1] if len(beginning) == 1 else FIELDS
        return [
            Query.const_score_query(
                Query.regex_query(self._schema, field, f"{beginning}.*"), BEGUN_SCORE * boost * weight
            )
            for field, boost in fields
        ]


def value_of(bucket: str) -> tuple[str, str]:
    """Return the facet and its value in what the index holds of it."""
    name, _part, value = bucket.partition(PART)
    return name, value


def _literally(text: str) -> str:
    """Return a pattern that fits this text; a letter of another alphabet is any."""
    return "".join(letter if letter.isalnum() else f"\\{letter}" if letter.isascii() else "." for letter in text)


def shown_of(stored: Any) -> tuple[str, str, str, str, str]:
    """Return what is shown of a document: type, id, title, address, body."""
    kind, id_, title, url, body = json.loads(bytes(stored))
    return kind, id_, title, url, body


def order_of(sort: str) -> Order:
    """Return which way a sort goes; by fit it is the best first."""
    return Order.Desc if not sort or sort.startswith("-") else Order.Asc
