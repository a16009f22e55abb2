"""What one process counts of its own work: requests, the database, caches. Kept in memory, read by `/metrics`.

Counting costs about a microsecond: a few additions in dictionaries whose keys are routes and names of ours, never what
a stranger typed, so that they cannot grow without end.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

#: Upper bounds of the latency buckets, in seconds.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SERVER_ERROR = 500
#: The route of what was answered while the site is closed on purpose.
CLOSED = "(closed)"


@dataclass(slots=True)
class Histogram:
    """How long something took: a count for each bucket (the last one has no bound), and the sum in seconds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0

    def note(self, seconds: float) -> None:
        """Count one more."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds

    def add(self, counts: Sequence[int], seconds: float) -> None:
        """Count what another counted. Raises ValueError for other buckets than ours."""
        self.counts = [mine + theirs for mine, theirs in zip(self.counts, counts, strict=True)]
        self.seconds += seconds

    @property
    def total(self) -> int:
        """How many were counted."""
        return sum(self.counts)


def quantile(counts: Sequence[int], share: float) -> float:
    """Return the bound, in seconds, under which this share of what was counted lies; 0 where nothing was.

    It is a bucket's upper bound, so never less than the truth; beyond the last bucket it is twice its bound.
    """
    wanted, seen = sum(counts) * share, 0
    if not wanted:
        return 0.0
    for bound, count in zip((*BOUNDS, BOUNDS[-1] * 2), counts, strict=True):
        seen += count
        if seen >= wanted:
            return bound
    return BOUNDS[-1] * 2


class Measures:
    """The counters of one process, or of several together."""

    def __init__(self) -> None:
        #: By surface, method, route and status.
        self.requests: Counter[tuple[str, str, str, int]] = Counter()
        #: Until the answer begins, by surface.
        self.latency: dict[str, Histogram] = {}
        #: By `read` and `write`; a write's time holds what it waited for others.
        self.database: dict[str, Histogram] = {"read": Histogram(), "write": Histogram()}
        #: By cache and `hit` or `miss`.
        self.caches: Counter[tuple[str, Literal["hit", "miss"]]] = Counter()

    def request(self, surface: str, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. route: its pattern, such as `/products/{slug}`."""
        self.requests[surface, method if method in METHODS else "other", route, status] += 1
        histogram = self.latency.get(surface)
        if histogram is None:
            histogram = self.latency[surface] = Histogram()
        histogram.note(seconds)

    def cached(self, cache: str, *, is_hit: bool) -> None:
        """Count a question to a cache."""
        self.caches[cache, "hit" if is_hit else "miss"] += 1

    def counts(self) -> dict[str, Any]:
        """Return all of it, as JSON can hold it."""
        return {
            "requests": [[*names, count] for names, count in list(self.requests.items())],
            "latency": [[name, list(one.counts), one.seconds] for name, one in list(self.latency.items())],
            "database": [[name, list(one.counts), one.seconds] for name, one in list(self.database.items())],
            "caches": [[*names, count] for names, count in list(self.caches.items())],
        }

    def add(self, counts: Mapping[str, Any]) -> None:
        """Count what another process counted. Raises KeyError, TypeError or ValueError for what is no such thing."""
        for surface, method, route, status, count in counts["requests"]:
            self.requests[surface, method, route, status] += count
        for name, buckets, seconds in counts["latency"]:
            self.latency.setdefault(name, Histogram()).add(buckets, seconds)
        for name, buckets, seconds in counts["database"]:
            self.database.setdefault(name, Histogram()).add(buckets, seconds)
        for cache, result, count in counts["caches"]:
            self.caches[cache, result] += count

    def answered(self) -> tuple[int, int]:
        """Return how many requests were answered, and how many of them with an error of ours (5xx)."""
        failed = sum(
            count
            for (_surface, _method, route, status), count in self.requests.items()
            if status >= SERVER_ERROR and route != CLOSED
        )
        return self.requests.total(), failed

    def latencies(self) -> list[int]:
        """Return the latency buckets of all surfaces together."""
        return [sum(counts) for counts in zip(*(one.counts for one in self.latency.values()), strict=True)]
