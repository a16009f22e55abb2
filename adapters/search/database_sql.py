"""The database adapter's SQL: what SQLite and PostgreSQL say differently, and what they share."""

# ruff: noqa: S608 - the statements are made of our own words; what was asked goes in as values

from collections.abc import Iterable
from typing import Any

from adapters.search.question import Question, Term
from engine.core.ports import SearchRequest

CODE = "#code"
CODE_SCORE = 10_000.0
MOST_VALUES = 2_000
SHOWN = {False: ("public", "found"), True: ("public", "listed")}

_SQLITE = "SELECT rowid AS row, -bm25(search_fts, 8.0, 4.0, 1.0) AS score FROM search_fts WHERE search_fts MATCH :match"
_POSTGRES = """
SELECT d.row AS row,
       ts_rank('{{0.1, 0.4, 0.4, 1.0}}', setweight(to_tsvector('simple', d.title_words), 'A')
         || setweight(to_tsvector('simple', d.keyword_words), 'B') || to_tsvector('simple', d.body_words), q) AS score
FROM search_documents AS d, to_tsquery('simple', :match) AS q
WHERE to_tsvector('simple', d.title_words || ' ' || d.keyword_words || ' ' || d.body_words) @@ q
""".replace("{{", "{").replace("}}", "}")
_CODED = f"SELECT document AS row, {CODE_SCORE} AS score FROM search_facets WHERE name = '{CODE}' AND value = :code"
_ALL = "SELECT row, 0.0 AS score FROM search_documents WHERE generation = :generation"


class Sql:
    """The statements of one request, each with the values in `values`. Only our own words are part of the text."""

    def __init__(self, request: SearchRequest, question: Question, generation: int, *, is_sqlite: bool) -> None:
        self._request = request
        self.values: dict[str, Any] = {"generation": generation}
        self._with = f"WITH {self._matched(question, is_sqlite=is_sqlite)}"
        visible = SHOWN[question.is_empty]
        self._always = ["d.generation = :generation"]
        if not request.include_staff:
            self._always.append(f"d.visibility IN {self._list('visible', visible)}")
        self._filters = {name: self._borne(place, name) for place, name in enumerate(request.filters)}
        self._filters |= {name: self._within(place, name) for place, name in enumerate(request.ranges)}
        self._types = f"d.type IN {self._list('type', request.types)}" if request.types else ""

    def _matched(self, question: Question, *, is_sqlite: bool) -> str:
        if question.is_empty:
            return f"matched AS ({_ALL})"
        self.values["code"] = question.code
        match = sqlite_match(question) if is_sqlite else postgres_match(question)
        if not match:
            return f"matched AS ({_CODED})"
        self.values["match"] = match
        words = f"words AS MATERIALIZED ({_SQLITE if is_sqlite else _POSTGRES})"
        both = f"SELECT row, score FROM words UNION ALL {_CODED}"
        return f"{words}, matched AS (SELECT row, max(score) AS score FROM ({both}) AS m GROUP BY row)"

    def _list(self, name: str, values: Iterable[Any]) -> str:
        keys = []
        for place, value in enumerate(values):
            self.values[f"{name}{place}"] = value
            keys.append(f":{name}{place}")
        return f"({', '.join(keys) or 'NULL'})"

    def _borne(self, place: int, name: str) -> str:
        self.values[f"facet{place}"] = name
        values = self._list(f"facet{place}_", self._request.filters[name])
        return (
            "EXISTS (SELECT 1 FROM search_facets AS f WHERE f.document = d.row "
            f"AND f.name = :facet{place} AND f.value IN {values})"
        )

    def _within(self, place: int, name: str) -> str:
        least, most = self._request.ranges[name]
        if least is None and most is None:
            return "1 = 1"
        self.values[f"number{place}"] = name
        ends = []
        for sign, end, key in ((">=", least, "least"), ("<=", most, "most")):
            if end is not None:
                self.values[f"{key}{place}"] = end
                ends.append(f"n.value {sign} :{key}{place}")
        return (
            "EXISTS (SELECT 1 FROM search_numbers AS n WHERE n.document = d.row "
            f"AND n.name = :number{place} AND {' AND '.join(ends)})"
        )

    def _where(self, without: str = "", *, any_type: bool = False) -> str:
        parts = [*self._always, *(sql for name, sql in self._filters.items() if name != without)]
        if self._types and not any_type:
            parts.append(self._types)
        return " AND ".join(parts)

    def types(self) -> str:
        """Count by type, over all types."""
        return (
            f"{self._with} SELECT d.type, count(*) FROM matched AS m JOIN search_documents AS d ON d.row = m.row "
            f"WHERE {self._where(any_type=True)} GROUP BY d.type"
        )

    def page(self, sort: str) -> str:
        """Return one page of hits."""
        self.values |= {"limit": max(self._request.limit, 0), "offset": max(self._request.offset, 0)}
        joined, order = "", "m.score DESC, d.row"
        if sort:
            self.values["sort"] = sort.removeprefix("-")
            joined = "LEFT JOIN search_numbers AS s ON s.document = d.row AND s.name = :sort"
            order = f"s.value IS NULL, s.value {'DESC' if sort.startswith('-') else 'ASC'}, d.row"
        return (
            f"{self._with} SELECT d.type, d.id, d.title, d.url, d.body, m.score FROM matched AS m "
            f"JOIN search_documents AS d ON d.row = m.row {joined} WHERE {self._where()} "
            f"ORDER BY {order} LIMIT :limit OFFSET :offset"
        )

    def facet(self, name: str) -> str:
        """Count a facet's values, as if its own filter were off."""
        self.values["counted"] = name
        return (
            f"{self._with} SELECT f.value, count(*) FROM matched AS m JOIN search_documents AS d ON d.row = m.row "
            "JOIN search_facets AS f ON f.document = d.row AND f.name = :counted "
            f"WHERE {self._where(name)} GROUP BY f.value ORDER BY count(*) DESC, f.value LIMIT {MOST_VALUES}"
        )

    def bounds(self, name: str) -> str:
        """Return the least and the most of a number, as if its own range were off."""
        self.values["counted"] = name
        return (
            f"{self._with} SELECT min(n.value), max(n.value) FROM matched AS m "
            "JOIN search_documents AS d ON d.row = m.row "
            f"JOIN search_numbers AS n ON n.document = d.row AND n.name = :counted WHERE {self._where(name)}"
        )


def sqlite_match(question: Question) -> str:
    """Return a question as FTS5 is asked; empty where there is none."""
    return _match(question, lambda words: '"' + " ".join(words) + '"', lambda word: f'"{word}" *', " OR ", " AND ")


def postgres_match(question: Question) -> str:
    """Return a question as `to_tsquery` is asked; empty where there is none."""
    return _match(
        question, lambda words: " <-> ".join(f"'{word}'" for word in words), lambda word: f"'{word}':*", " | ", " & "
    )


def _match(question: Question, phrase: Any, begun: Any, either: str, both: str) -> str:
    return both.join(f"({either.join(_ways(term, phrase, begun))})" for term in question.terms if not term.is_optional)


def _ways(term: Term, phrase: Any, begun: Any) -> list[str]:
    phrases = [term.words, *((one,) for one in (term.stem, *term.typos) if one), *term.synonyms]
    beginnings = [*term.words, *term.begun_typos] if term.is_begun and len(term.words) == 1 else []
    return [*(f"({phrase(one)})" if len(one) > 1 else phrase(one) for one in phrases), *map(begun, beginnings)]
