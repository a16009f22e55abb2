"""The words that an index knows, and those of them that somebody may have meant."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from copy import copy

SHORTEST = 4
MOST_LETTERS = 48
MOST_NEIGHBOURS = 4


class Vocabulary:
    """Words with how many things bear each. bears: says of others whether something does."""

    def __init__(
        self, counts: Mapping[str, int] | None = None, bears: Callable[[str], bool] = lambda _word: False
    ) -> None:
        self.counts = counts or {}
        self.bears = bears
        self._sorted = sorted(self.counts)
        seen = Counter(letter for word in self.counts for letter in set(word))
        self._letters = "".join(letter for letter, _count in seen.most_common(MOST_LETTERS))

    def asking(self, bears: Callable[[str], bool]) -> "Vocabulary":
        """Return the same words, with another way to ask for those that are not among them."""
        other = copy(self)
        other.bears = bears
        return other

    def has(self, word: str) -> bool:
        """Return whether something bears this very word."""
        return word in self.counts or self.bears(word)

    def has_beginning(self, beginning: str) -> bool:
        """Return whether a word begins so."""
        at = bisect_left(self._sorted, beginning)
        return at < len(self._sorted) and self._sorted[at].startswith(beginning)

    def beginning_with(self, beginning: str, limit: int) -> list[str]:
        """Return the words that begin so, the commonest first."""
        at = bisect_left(self._sorted, beginning)
        found = []
        while at < len(self._sorted) and self._sorted[at].startswith(beginning):
            found.append(self._sorted[at])
            at += 1
        return sorted(found, key=lambda word: (-self.counts[word], word))[:limit]

    def neighbours(self, word: str) -> tuple[str, ...]:
        """Return the words that are one slip away, the commonest first; none for short words and codes."""
        if not can_be_misspelt(word):
            return ()
        found = {near for near in _one_slip_away(word, self._letters) if near in self.counts}
        return tuple(sorted(found, key=lambda near: (-self.counts[near], near))[:MOST_NEIGHBOURS])

    def beginnings_near(self, word: str) -> tuple[str, ...]:
        """Return what is one slip away from this beginning and begins a word."""
        if not can_be_misspelt(word):
            return ()
        found = {near for near in _one_slip_away(word, self._letters) if self.has_beginning(near)}
        return tuple(sorted(found))[:MOST_NEIGHBOURS]

    def nearest(self, word: str) -> str:
        """Return the word, or the two words, that were most likely meant; empty where none is near."""
        if self.has(word):
            return word
        if not can_be_misspelt(word):
            return ""
        return next(iter(self.neighbours(word)), "") or self._split(word) or self._two_slips_away(word)

    def _split(self, word: str) -> str:
        halves = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
        known = [pair for pair in halves if self.has(pair[0]) and self.has(pair[1])]
        best = max(known, key=lambda pair: min(self.counts[pair[0]], self.counts[pair[1]]), default=("", ""))
        return " ".join(best).strip()

    def _two_slips_away(self, word: str) -> str:
        pairs, third = _pairs(word), -(-len(word) // 3)
        one, two, three = word[:third], word[third : 2 * third], word[2 * third :]  # two slips leave a third as it is
        rough = [
            near
            for near in self.counts
            if (one in near or two in near or three in near)
            and abs(len(near) - len(word)) <= 2
            and len(pairs & _pairs(near)) * 2 >= len(pairs) - 2
        ]
        close = [(distance(word, near), -self.counts[near], near) for near in rough]
        best = min(close, default=(9, 0, ""))
        return best[2] if best[0] <= 1 + (len(word) > SHORTEST) else ""


def can_be_misspelt(word: str) -> bool:
    """Return whether a word is long enough to be guessed at, and no code."""
    return len(word) >= SHORTEST and word.isalpha()


def _one_slip_away(word: str, letters: str) -> Iterable[str]:
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in letters:
            yield head + letter + tail
            if tail and letter != tail[0]:
                yield head + letter + tail[1:]


def _pairs(word: str) -> set[str]:
    return {word[at : at + 2] for at in range(len(word) - 1)}


def distance(one: str, other: str) -> int:
    """Return how many slips lie between two words: letters left out, put in, exchanged, or swapped with the next."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        now = [i]
        for j, wanted in enumerate(other, 1):
            best = min(row[j] + 1, now[j - 1] + 1, row[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, before[j - 2] + 1)
            now.append(best)
        before, row = row, now
    return row[-1]
