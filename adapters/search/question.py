"""What somebody asks, word by word: each with everything that counts as an answer to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from adapters.search import analysis
from adapters.search.analysis import Language
from adapters.search.spelling import Vocabulary
from engine.core.ports import SearchWords

MAX_TERMS = 12
LONGEST_SYNONYM = 4

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a question, or a phrase. stem: empty where it is the word.

    is_begun: words that begin so answer it, too. is_optional: it says nothing, things without it answer as well.
    typos: words that may have been meant; begun_typos: beginnings of such.
    """

    words: Phrase
    stem: str = ""
    is_begun: bool = False
    is_optional: bool = False
    typos: tuple[str, ...] = ()
    begun_typos: tuple[str, ...] = ()
    synonyms: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question as an index is asked. code: the whole of it, as codes are compared."""

    terms: tuple[Term, ...]
    code: str

    @property
    def is_empty(self) -> bool:
        return not self.terms and not self.code


class Reader:
    """Reads questions in a site's words."""

    def __init__(self, words: SearchWords) -> None:
        self.words = words
        self.language: Language = analysis.language(words.language)
        self._synonyms = _folded(words.synonyms)

    def read(self, text: str, vocabulary: Vocabulary) -> Question:
        """Return what a text asks for."""
        found = analysis.terms(text)[:MAX_TERMS]
        is_begun = bool(text) and not text[-1].isspace()
        terms: list[Term] = []
        at = 0
        while at < len(found):
            length, synonyms = self._synonym(found, at)
            phrase = tuple(word for one in found[at : at + length] for word in one)
            at += length
            terms.append(self._term(phrase, synonyms, vocabulary, is_begun=is_begun and at == len(found)))
        if all(term.is_optional for term in terms):
            terms = [replace(term, is_optional=False) for term in terms]
        return Question(tuple(terms), analysis.code(text))

    def _term(self, words: Phrase, synonyms: tuple[Phrase, ...], vocabulary: Vocabulary, *, is_begun: bool) -> Term:
        if len(words) > 1:
            return Term(words, synonyms=synonyms)
        word = words[0]
        stem = self.language.stem(word)
        is_known = bool(synonyms) or vocabulary.has(word) or vocabulary.has(stem)
        if is_begun:
            is_known = is_known or vocabulary.has_beginning(word)
        typos = () if is_known else vocabulary.neighbours(word)
        return Term(
            words,
            stem="" if stem == word else stem,
            is_begun=is_begun,
            is_optional=self.language.is_stop_word(word) and not is_begun,
            typos=typos,
            begun_typos=vocabulary.beginnings_near(word) if is_begun and not is_known and not typos else (),
            synonyms=synonyms,
        )

    def _synonym(self, found: Sequence[Phrase], at: int) -> tuple[int, tuple[Phrase, ...]]:
        """Return how many words from here have synonyms together, the most first, and which."""
        for length in range(min(LONGEST_SYNONYM, len(found) - at), 0, -1) if self._synonyms else ():
            key = tuple(word for one in found[at : at + length] for word in one)
            stems = tuple(self.language.stem(word) for word in key)
            if synonyms := self._synonyms.get(key) or self._synonyms.get(stems):
                return length, synonyms
        return 1, ()

    def completions(self, text: str, vocabulary: Vocabulary, limit: int) -> tuple[list[str], bool]:
        """Return questions that a text may become, one of each word's forms, and whether it has words before."""
        said = analysis.words(text)
        if not said or text[-1:].isspace():
            return [], False
        *before, begun = said
        ends: dict[str, str] = {}
        for word in vocabulary.beginning_with(begun, limit * 4):
            if word != begun and not any(letter.isdigit() for letter in word):
                ends.setdefault(self.language.stem(word), word)
        return [" ".join([*before, word]) for word in ends.values()], bool(before)

    def meant(self, text: str, vocabulary: Vocabulary) -> str:
        """Return a question in words that are known; empty where there is no better one."""
        found = [term for term in analysis.terms(text)[:MAX_TERMS] if len(term) == 1]
        said = [word for (word,) in found]
        joined = "".join(said)
        if len(said) > 1 and vocabulary.has(joined):
            return joined
        better = [
            word if self.language.is_stop_word(word) or vocabulary.has_beginning(word) else vocabulary.nearest(word)
            for word in said
        ]
        known = [word for word in better if word]
        return " ".join(known) if known and known != said else ""


def _folded(synonyms: Mapping[str, Sequence[str]]) -> dict[Phrase, tuple[Phrase, ...]]:
    folded: dict[Phrase, tuple[Phrase, ...]] = {}
    for said, others in synonyms.items():
        key = tuple(analysis.words(said))
        phrases = tuple(phrase for other in others if (phrase := tuple(analysis.words(other))) and phrase != key)
        if key and phrases:
            folded[key] = tuple(dict.fromkeys(folded.get(key, ()) + phrases))
    return folded
