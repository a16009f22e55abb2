"""Plain text from people: kept as they wrote it, without what a database, a header or a page cannot bear."""

import re
import unicodedata

_spaces = re.compile(r"\s+")
#: Marks that turn the direction of what follows: in a name they disguise the text around it.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Letters and marks that are drawn as nothing. Source: Unicode, Default_Ignorable_Code_Point, and the blank of Braille.
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | {
    chr(selector) for selector in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Cn"})


def is_blank(text: str) -> bool:
    """Return whether nothing of a text can be seen: no name, no title and no answer to a question that is required."""
    return all(c in _FILLERS or unicodedata.category(c) in _UNSEEN for c in text)


def _bearable(text: str) -> str:
    """Leave out control characters, lone surrogates and direction overrides; compose accents (NFC)."""
    kept = (c for c in text if c in "\n\t" or (unicodedata.category(c) not in {"Cc", "Cs"} and c not in _TURNS))
    return unicodedata.normalize("NFC", "".join(kept))


def fold(text: str) -> str:
    """Return a text as it is kept to be looked for, and as what is looked for is compared: no case, one width."""
    return unicodedata.normalize("NFKC", text).casefold()


def line_of(text: str) -> str:
    """Return the text on one line, single-spaced: for names, addresses and everything that reaches a header.

    One of which nothing can be seen is empty.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return "" if is_blank(text) else _spaces.sub(" ", _bearable(text.replace("\r", "\n"))).strip()


def paragraphs_of(text: str) -> str:
    """Return the text with its line breaks, without spaces around it: for notes."""
    return "" if is_blank(text) else _bearable(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
