"""Spans of days in the site's own calendar, from one local midnight to the next, 23 to 25 hours each."""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: From when until when a day lasts.
Day = tuple[datetime, datetime]
#: How many days the shop's figures are looked at for.
LENGTHS = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days in a row up to and with today, and as many before them."""

    days: tuple[date, ...]
    zone: ZoneInfo

    @classmethod
    def of(cls, now: datetime, zone: ZoneInfo, length: int) -> "Span":
        today = now.astimezone(zone).date()
        return cls(tuple(today - timedelta(days=length - 1 - place) for place in range(length)), zone)

    @property
    def bounds(self) -> list[Day]:
        """From when until when each day lasts, those of the span before first."""
        length = len(self.days)
        starts = [self._midnight(self.days[0] + timedelta(days=place - length)) for place in range(2 * length + 1)]
        return list(itertools.pairwise(starts))

    def _midnight(self, day: date) -> datetime:
        """Return when a day begins there; where no clock shows midnight that day, its first moment."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)
