"""What a text is to the search: folded words and their stems, the same for every adapter and for questions."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from anyascii import anyascii
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from engine.core.ports import SearchDocument, SearchRequest

#: Changes whenever the same text would be indexed otherwise: every index is then built anew.
VERSION = 3
MAX_WORDS = 20_000
MAX_WORD = 60
MAX_LETTERS = 1_000
#: Scripts whose words are not parted by spaces: each letter is a word, and a run of them is a phrase.
_UNPARTED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
#: Vowel signs and points that Python's \\w does not take for letters, though they stand inside words.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff"
_plain = re.compile(r"[a-z0-9]+")
WORD = re.compile(rf"(?:[^\W_]|[{_MARKS}])+")
_piece = re.compile(rf"[{_UNPARTED}]+|[^{_UNPARTED}]+")
_unparted = re.compile(rf"[{_UNPARTED}]")
_accents = re.compile(r"[\u0300-\u036f]")
_digit = re.compile(r"\d")
_latin = re.compile(r"[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")
_LANGUAGES = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nb": "norwegian", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish",
}  # fmt: skip


@lru_cache(maxsize=65_536)
def _folded(word: str) -> str:
    """Return a word in lower case without accents; what is Latin in plain letters (“Straße” is “strasse”)."""
    plain = unicodedata.normalize("NFC", _accents.sub("", unicodedata.normalize("NFKD", word))).casefold()
    if plain.isascii():
        return plain
    return "".join(anyascii(letter).lower() if _latin.match(letter) else letter for letter in plain)


def terms(text: str) -> list[tuple[str, ...]]:
    """Return the words of a text, folded; a run of letters without spaces between words is one phrase of many."""
    found: list[tuple[str, ...]] = []
    for match in WORD.finditer(text):
        word = _folded(match.group())
        found += [(word[:MAX_WORD],)] if word.isascii() and word.isalnum() else _runs(word)
        if len(found) >= MAX_WORDS:
            break
    return found


def _runs(word: str) -> list[tuple[str, ...]]:
    """Return a word's parts: folding may have put signs into it, and scripts may be mixed."""
    runs: list[tuple[str, ...]] = []
    for part in WORD.findall(word):
        pieces = _piece.findall(part)
        runs += [tuple(piece) if _unparted.match(piece) else (piece[:MAX_WORD],) for piece in pieces]
    return runs


def words(text: str) -> list[str]:
    """Return the words of a text, folded, in their order."""
    if text.isascii():  # most are, and these are found in a tenth of the time
        return [word[:MAX_WORD] for word in _plain.findall(text.lower())[:MAX_WORDS]]
    return [word for term in terms(text) for word in term]


def latinised(text: str) -> str:
    """Return the words of another script in Latin letters (“Москва”: “moskva”); empty where there are none."""
    if text.isascii():
        return ""
    foreign = [word for word in WORD.findall(text) if not _folded(word).isascii()]
    return " ".join(anyascii(word).lower() for word in foreign)


def keepable(request: SearchRequest) -> SearchRequest:
    """Return a request without what no index can hold: zero bytes and halves of letters."""
    filters = {_keepable(name): [_keepable(value) for value in values] for name, values in request.filters.items()}
    return replace(request, text=_keepable(request.text[:MAX_LETTERS]), filters=filters)


def _keepable(text: str) -> str:
    return text.replace("\x00", " ").encode("utf-8", "ignore").decode()


def keywords_of(document: SearchDocument) -> str:
    """Return what a document is found by besides its title and text: codes also without what parts them."""
    joined = ("".join(words(one)) for one in document.codes)
    return " ".join((document.keywords, *document.codes, *joined, latinised(document.title)))


def known_words(document: SearchDocument) -> list[str]:
    """Return the words that questions are completed and corrected with: a code's parts, but nothing with digits.

    Nobody is offered a number, and of a million orders each has its own.
    """
    said = (document.title, document.keywords, *document.codes, latinised(document.title))
    return [word for word in dict.fromkeys(words(" ".join(said))) if not _digit.search(word)]


def code(text: str) -> str:
    """Return a code as it is compared: without spaces around it and without regard to case."""
    return " ".join(text.casefold().split())


class Language:
    """The grammar of one language: stems, and the words that say nothing. A language unknown here has neither."""

    def __init__(self, code_of_language: str) -> None:
        self.name = _LANGUAGES.get(code_of_language.replace("_", "-").split("-")[0].lower(), "")
        self._stemmer = _made(Filter.stemmer, self.name)
        self._sieve = _made(Filter.stopword, self.name)
        self._known: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """Return a folded word's stem; itself where it has none."""
        if self._stemmer is None or not word.isalpha():
            return word
        if word not in self._known:
            if len(self._known) > 100_000:
                self._known.clear()
            self._known[word] = next(iter(self._stemmer.analyze(word)), word)
        return self._known[word]

    def is_stop_word(self, word: str) -> bool:
        """Return whether a word says nothing by itself, such as “the”."""
        return self._sieve is not None and not self._sieve.analyze(word)

    def indexed(self, text: str) -> str:
        """Return what is indexed of a text: its words, and after them those stems that are no word of it."""
        found = words(text)
        return " ".join([*found, *dict.fromkeys(stem for word in found if (stem := self.stem(word)) != word)])


@lru_cache(maxsize=8)
def language(code_of_language: str) -> Language:
    """Return a language's grammar."""
    return Language(code_of_language)


def _made(part: Callable[[str], Filter], name: str) -> TextAnalyzer | None:
    """Return one part of a language's grammar; None where tantivy has none: several languages have but one of them."""
    try:
        return _analyzer(part(name)) if name else None
    except ValueError:
        return None


def _analyzer(grammar: Filter) -> TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.whitespace()).filter(grammar).build()
