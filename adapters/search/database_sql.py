"""The database adapter's SQL: what SQLite and PostgreSQL say differently, and what they share."""

# ruff: noqa: S608 - the statements are made of our own words; what was asked goes in as values

from collections.abc import Iterable
from typing import Any

from adapters.search.fields import CODE_SCORE, MOST_VALUES
from adapters.search.question import Question, Term
from engine.core.ports import SearchRequest

CODE = "#code"
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
_WORDS_AND_CODE = f"SELECT row, score FROM words WHERE row NOT IN (SELECT row FROM coded) UNION ALL {_CODED}"


class Sql:
    """One request as one statement, with its values in `values`. Only our own words are part of the text.

    What was found is picked once; hits, and the counts of types and facets, are taken from there. A facet that is
    filtered by is counted as if its own filter were off: that alone goes back to what the words found.
    """

    def __init__(self, request: SearchRequest, question: Question, generation: int, *, is_sqlite: bool) -> None:
        self._request = request
        self._is_all = question.is_empty
        # SQLite, which counts nothing beforehand, begins with the first table only where it is told to.
        self._beside = "CROSS JOIN" if is_sqlite else ","
        self.values: dict[str, Any] = {"generation": generation}
        self._matched = self._matching(question, is_sqlite=is_sqlite)
        self._always = ["d.generation = :generation"]
        if not request.include_staff:
            self._always.append(f"d.visibility IN {self._list('visible', SHOWN[question.is_empty])}")
        self._filters = {name: self._borne(place, name) for place, name in enumerate(request.filters)}
        self._filters |= {name: self._within(place, name) for place, name in enumerate(request.ranges)}
        self._types = f"type IN {self._list('type', request.types)}" if request.types else "1 = 1"

    def _matching(self, question: Question, *, is_sqlite: bool) -> list[str]:
        if question.is_empty:
            return []
        self.values["code"] = question.code
        match = sqlite_match(question) if is_sqlite else postgres_match(question)
        if not match:
            return [f"matched AS MATERIALIZED ({_CODED})"]
        self.values["match"] = match
        return [
            f"words AS MATERIALIZED ({_SQLITE if is_sqlite else _POSTGRES})",
            f"coded AS MATERIALIZED ({_CODED})",
            f"matched AS MATERIALIZED ({_WORDS_AND_CODE})",
        ]

    def _list(self, name: str, values: Iterable[Any]) -> str:
        keys = []
        for place, value in enumerate(values):
            self.values[f"{name}{place}"] = value
            keys.append(f":{name}{place}")
        return f"({', '.join(keys) or 'NULL'})"

    def _borne(self, place: int, name: str) -> str:
        self.values[f"facet{place}"] = name
        values = self._list(f"facet{place}_", self._request.filters[name])
        if self._is_all and not place:  # where no word narrows, the first filter does
            return f"d.row IN (SELECT document FROM search_facets WHERE name = :facet{place} AND value IN {values})"
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

    def _picked(self, without: str = "") -> str:
        found = "search_documents AS d" if self._is_all else f"matched AS m {self._beside} search_documents AS d"
        score = "0.0" if self._is_all else "m.score"
        where = [*self._always, *(sql for name, sql in self._filters.items() if name != without)]
        if not self._is_all:
            where.append("d.row = m.row")
        return f"SELECT d.row AS row, d.type AS type, {score} AS score FROM {found} WHERE {' AND '.join(where)}"

    def answer(self, sort: str, facets: Iterable[str], numbers: Iterable[str]) -> str:
        """Return the statement. Its rows: what part they are, then text, two whole numbers and a score.

        `type` (name, count), `hit` (row, what it is sorted by, score), and by their place among those that are asked
        for `facet0` (value, count) and `number0` (least, most).
        """
        parts = [
            "SELECT 'type' AS part, type AS said, count(*) AS one, 0 AS other, 0.0 AS score FROM picked GROUP BY type"
        ]
        if self._request.limit > 0:
            parts.append(f"SELECT * FROM ({self._hits(sort)}) AS hits")
        parts += [f"SELECT * FROM ({self._facet(*one)}) AS facet{one[0]}" for one in enumerate(facets)]
        parts += [self._bounds(*one) for one in enumerate(numbers)]
        tables = [*self._matched, f"picked AS MATERIALIZED ({self._picked()})"]
        return f"WITH {', '.join(tables)} {' UNION ALL '.join(parts)}"

    def _hits(self, sort: str) -> str:
        self.values |= {"limit": self._request.limit, "offset": max(self._request.offset, 0)}
        joined, by, order = "", "0", "p.score DESC, p.row"
        if sort:
            self.values["sort"] = sort.removeprefix("-")
            joined = "LEFT JOIN search_numbers AS s ON s.document = p.row AND s.name = :sort"
            by = "s.value"
            order = f"s.value IS NULL, s.value {'DESC' if sort.startswith('-') else 'ASC'}, p.row"
        return (
            f"SELECT 'hit' AS part, '' AS said, p.row AS one, {by} AS other, p.score AS score "
            f"FROM picked AS p {joined} WHERE {self._types} ORDER BY {order} LIMIT :limit OFFSET :offset"
        )

    def _facet(self, place: int, name: str) -> str:
        self.values[f"counted{place}"] = name
        return (
            f"SELECT 'facet{place}' AS part, f.value AS said, count(*) AS one, 0 AS other, 0.0 AS score "
            f"FROM {self._counted(name)} AS p {self._beside} search_facets AS f "
            f"WHERE {self._types} AND f.document = p.row AND f.name = :counted{place} "
            f"GROUP BY f.value ORDER BY count(*) DESC, f.value LIMIT {MOST_VALUES}"
        )

    def _bounds(self, place: int, name: str) -> str:
        self.values[f"bound{place}"] = name
        return (
            f"SELECT 'number{place}' AS part, '' AS said, min(n.value) AS one, max(n.value) AS other, 0.0 AS score "
            f"FROM {self._counted(name)} AS p {self._beside} search_numbers AS n "
            f"WHERE {self._types} AND n.document = p.row AND n.name = :bound{place}"
        )

    def _counted(self, name: str) -> str:
        return f"({self._picked(name)})" if name in self._filters else "picked"


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
