"""How well a line of the palette fits what was typed."""

from collections.abc import Iterable
from functools import lru_cache

from anyascii import anyascii

#: A whole label, one that begins with the question, a word of it that does, letters inside it, and another word.
WHOLE, BEGINS, WORD, INSIDE, ASIDE = 100, 40, 10, 4, 2
LEAST_INSIDE = 3


@lru_cache(4096)
def folded(text: str) -> str:
    """Return text in plain small letters with single spaces: “Größe” and “grosse” are the same."""
    plain = anyascii(text[:500]).lower()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


def fit(question: str, label: str, words: Iterable[str] = ()) -> int:
    """Return how well a label fits; 0 where a word of the question is neither in it nor among its other words.

    question, label and words are folded.
    """
    asked = question.split()
    if not asked:
        return 0
    own, others = label.split(), " ".join(words).split()
    score = 0
    for word in asked:
        if any(one.startswith(word) for one in own):
            score += WORD
        elif len(word) >= LEAST_INSIDE and word in label:
            score += INSIDE
        elif any(one.startswith(word) for one in others):
            score += ASIDE
        else:
            return 0
    if label == question:
        score += WHOLE
    elif label.startswith(question):
        score += BEGINS
    return score
