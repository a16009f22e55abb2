"""The dashboard's arithmetic: days of the site's own calendar, takings per day, and how two spans compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ui.charts import Point

Payment = tuple[datetime, int, str]


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days in a row up to and with today, and as many before them."""

    days: tuple[date, ...]
    before: tuple[date, ...]
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, now: datetime, zone: ZoneInfo, length: int) -> "Span":
        today = now.astimezone(zone).date()
        days = tuple(today - timedelta(days=length - 1 - n) for n in range(length))
        before = tuple(day - timedelta(days=length) for day in days)
        start = datetime.combine(before[0], time(), zone)
        return cls(days, before, start, datetime.combine(today + timedelta(days=1), time(), zone))


def per_day(payments: Sequence[Payment], currency: str, zone: ZoneInfo) -> dict[date, int]:
    """Return minor units by day; payments in another currency than the shop's are left out."""
    sums: dict[date, int] = {}
    for at, amount, paid_in in payments:
        if paid_in == currency:
            day = at.astimezone(zone).date()
            sums[day] = sums.get(day, 0) + amount
    return sums


def points(span: Span, sums: dict[date, int], labels: Sequence[str]) -> list[Point]:
    """Return each day's takings with those of the same day one span before."""
    return [
        Point(label, sums.get(day, 0), sums.get(earlier, 0))
        for label, day, earlier in zip(labels, span.days, span.before, strict=True)
    ]


def change(now: int, before: int) -> float | None:
    """Return the change as a share (0.12 is 12% more); None where there is nothing to compare with."""
    return (now - before) / before if before else None
