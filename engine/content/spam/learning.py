"""What staff taught, as counts of words: naive Bayes, explained by the words that weighed most. Pure."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.content.spam import folding

#: With fewer posts of either kind nothing is known yet.
LEAST_LESSONS = 5
MOST_WORDS = 400
TELLING_WORDS = 15
#: How far from even a word must be to count, and how strongly an even start holds a rare word back.
_TELLING, _STRENGTH = 0.15, 1.0
_SHORTEST, _LONGEST = 3, 40


class Lesson(StrEnum):
    """What staff said of a post."""

    SPAM = "spam"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """How many posts of each kind were taught, and in how many (spam, fine) a word stood."""

    spam: int = 0
    fine: int = 0
    words: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def is_enough(self) -> bool:
        return min(self.spam, self.fine) >= LEAST_LESSONS


@dataclass(frozen=True, slots=True)
class Opinion:
    """How likely a post is spam, from 0 to 1, and the words that weighed most with their own likelihood."""

    likelihood: float
    words: tuple[tuple[str, float], ...] = ()


def words_of(text: str, author: str = "", email: str = "") -> frozenset[str]:
    """Return what a post is known by: its words, the hosts that it links to, its author's name and mail host."""
    found = {word for word in folding.words(text) if _SHORTEST <= len(word) <= _LONGEST or not word.isascii()}
    found |= {f"link:{host}"[:_LONGEST] for host in folding.links(text)}
    found |= {f"name:{word}"[:_LONGEST] for word in folding.words(author)}
    if "@" in email:
        found.add(f"mail:{folding.folded(email.rpartition('@')[2])}"[:_LONGEST])
    return frozenset(sorted(word[:_LONGEST] for word in found)[:MOST_WORDS])


def likelihood(word: str, known: Knowledge) -> float:
    """Return how likely a post with this word is spam; 0.5 for a word that nobody taught. Robinson's smoothing."""
    spam, fine = known.words.get(word, (0, 0))
    if spam + fine == 0:
        return 0.5
    in_spam, in_fine = min(1.0, spam / known.spam), min(1.0, fine / known.fine)
    seen = in_spam / (in_spam + in_fine)
    return (_STRENGTH * 0.5 + (spam + fine) * seen) / (_STRENGTH + spam + fine)


def opinion(words: Iterable[str], known: Knowledge) -> Opinion | None:
    """Return what the lessons say of these words, or None where too little was taught or nothing is telling."""
    if not known.is_enough:
        return None
    weighed = [(word, likelihood(word, known)) for word in words]
    telling = [(word, p) for word, p in weighed if abs(p - 0.5) >= _TELLING]
    if not telling:
        return None
    telling.sort(key=lambda one: (-abs(one[1] - 0.5), one[0]))
    telling = telling[:TELLING_WORDS]
    odds = sum(math.log(p) - math.log1p(-p) for _word, p in telling)
    chance = 1 / (1 + math.exp(-max(-700.0, min(700.0, odds))))
    leaning = [one for one in telling if (one[1] > 0.5) == (chance > 0.5)]
    return Opinion(chance, tuple(leaning[:5]))
