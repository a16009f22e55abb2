"""A piece of a text around what matched, with where the words stand in it. Never HTML."""

from collections.abc import Iterator, Sequence
from itertools import chain, takewhile

from adapters.search import analysis
from adapters.search.analysis import Language
from adapters.search.question import Question

LENGTH = 160
LOOKED_AT = 2_000

Marks = Sequence[tuple[int, int]]


class Marker:
    """Knows which words of a text answer a question."""

    def __init__(self, question: Question, language: Language) -> None:
        self._language = language
        self._words: set[str] = set()
        self._begun: tuple[str, ...] = ()
        for term in question.terms:
            if term.is_optional:
                continue
            self._words.update(term.words, term.typos, *term.synonyms)
            if term.stem:
                self._words.add(term.stem)
            if term.is_begun:
                self._begun += (*term.words, *term.begun_typos)
        self._initials = {word[0] for word in (*self._words, *self._begun) if word}
        self._looked_up: dict[str, bool] = {}

    def snippet(self, body: str) -> tuple[str, Marks]:
        """Return up to 160 characters around the first word that matched, and the marks in them."""
        marks = self._marks(body[:LOOKED_AT]) if self._words else iter(())
        first = next(marks, None)
        start = _beginning(body, first[0] - LENGTH // 3) if first else 0
        end = _ending(body, start + LENGTH)
        lead = "…" if start else ""
        piece = body[start:end].rstrip()
        shift = len(lead) - start
        within = takewhile(lambda mark: mark[1] <= start + len(piece), chain([first] if first else [], marks))
        found = [(a + shift, b + shift) for a, b in within if a >= start]
        return lead + piece + ("…" if end < len(body) else ""), found

    def _marks(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where the words stand that answer the question, as far as somebody reads."""
        for match in analysis.WORD.finditer(text):
            word = match.group()
            if word.isascii() and word[0].lower() not in self._initials:
                continue  # no stemmer changes how a Latin word begins
            if word not in self._looked_up:
                self._looked_up[word] = self._answers(word)
            if self._looked_up[word]:
                yield match.start(), match.end()

    def _answers(self, word: str) -> bool:
        parts = analysis.words(word)
        if any(part in self._words or self._language.stem(part) in self._words for part in parts):
            return True
        return bool(self._begun) and any(part.startswith(self._begun) for part in parts)


def _beginning(body: str, wanted: int) -> int:
    """Return the beginning of the first word from here on."""
    if wanted <= 0:
        return 0
    at = body.find(" ", wanted, wanted + LENGTH // 3)
    return at + 1 if at >= 0 else wanted


def _ending(body: str, wanted: int) -> int:
    if wanted >= len(body):
        return len(body)
    at = body.rfind(" ", wanted - LENGTH // 3, wanted)
    return at if at > 0 else wanted
