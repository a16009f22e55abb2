"""How two spans of days compare, as the dashboard shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.commerce.ordering.figures import DayFigures

#: More than so many times what was before is a beginning, not a change.
MOST_TIMES = 10


@dataclass(frozen=True, slots=True)
class Compared:
    """A span's figures day by day, with those of the span before."""

    now: Sequence[DayFigures]
    before: Sequence[DayFigures]

    @classmethod
    def of(cls, figures: Sequence[DayFigures]) -> "Compared":
        half = len(figures) // 2
        return cls(figures[half:], figures[:half])

    @property
    def taken(self) -> tuple[int, int]:
        return _sum(self.now, "taken_minor"), _sum(self.before, "taken_minor")

    @property
    def returned(self) -> int:
        """What went back of the money that arrived in the span itself."""
        return _sum(self.now, "returned_minor")

    @property
    def orders(self) -> tuple[int, int]:
        return _sum(self.now, "orders"), _sum(self.before, "orders")

    @property
    def average(self) -> tuple[int, int]:
        """What one payment came to in the mean, rounded to a whole unit."""
        return _mean(self.now), _mean(self.before)


def change(now: int, before: int) -> float | None:
    """Return the change as a share (0.12 is 12% more); None where what was before is too little to compare with."""
    return (now - before) / before if before * MOST_TIMES >= now and before else None


def _sum(figures: Sequence[DayFigures], name: str) -> int:
    return sum(getattr(day, name) for day in figures)


def _mean(figures: Sequence[DayFigures]) -> int:
    payments = _sum(figures, "payments")
    return round(_sum(figures, "taken_minor") / payments) if payments else 0
