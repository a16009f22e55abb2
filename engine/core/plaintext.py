"""Plain text from people: kept as they wrote it, without what a database, a header or a page cannot bear."""

import re
import unicodedata

_spaces = re.compile(r"\s+")
#: Marks that turn the direction of what follows: in a name they disguise the text around it.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _bearable(text: str) -> str:
    """Leave out control characters, lone surrogates and direction overrides; compose accents (NFC)."""
    kept = (c for c in text if c in "\n\t" or (unicodedata.category(c) not in {"Cc", "Cs"} and c not in _TURNS))
    return unicodedata.normalize("NFC", "".join(kept))


def line_of(text: str) -> str:
    """Return the text on one line, single-spaced: for names, addresses and everything that reaches a header."""
    return _spaces.sub(" ", _bearable(text.replace("\r", "\n"))).strip()


def paragraphs_of(text: str) -> str:
    """Return the text with its line breaks, without spaces around it: for notes."""
    return _bearable(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
