"""A piece of a text around what matched, with where the words stand in it. Never HTML."""

from collections.abc import Sequence

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

    def snippet(self, body: str) -> tuple[str, Marks]:
        """Return up to 160 characters around the first word that matched, and the marks in them."""
        found = self.marks(body[:LOOKED_AT]) if self._words else []
        start = _beginning(body, found[0][0] - LENGTH // 3) if found else 0
        end = _ending(body, start + LENGTH)
        lead = "…" if start else ""
        piece = body[start:end].rstrip()
        shift = len(lead) - start
        marks = [(a + shift, b + shift) for a, b in found if a >= start and b <= start + len(piece)]
        return lead + piece + ("…" if end < len(body) else ""), marks

    def marks(self, text: str) -> list[tuple[int, int]]:
        """Return where the words stand that answer the question."""
        return [(m.start(), m.end()) for m in analysis.WORD.finditer(text) if self._answers(m.group())]

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
