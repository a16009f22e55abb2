"""Dates, numbers, money and sizes as the reader's language and time zone write them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_decimal, format_percent

from engine.core.money import Money

_KILO = 1000
_UNITS = ("kB", "MB", "GB", "TB")


@dataclass(frozen=True)
class Formats:
    """The filters of one locale and time zone."""

    locale: Locale
    zone: tzinfo

    @classmethod
    def of(cls, locale: str, timezone: str) -> "Formats":
        return cls(Locale.parse(locale.replace("-", "_")), ZoneInfo(timezone))

    def money(self, value: Money | int, currency: str | None = None) -> str:
        """Return an amount with its currency: a Money, or minor units and an ISO 4217 code."""
        amount = value if isinstance(value, Money) else Money(value, currency or "")
        return amount.format(str(self.locale))

    def number(self, value: float | Decimal) -> str:
        return format_decimal(value, locale=self.locale)

    def percent(self, value: float | Decimal) -> str:
        """Return 0.125 as 12.5%."""
        return format_percent(value, format="#,##0.#%", locale=self.locale)

    def day(self, value: date | datetime, style: str = "medium") -> str:
        return format_date(self._local(value), format=style, locale=self.locale)

    def clock(self, value: datetime) -> str:
        return format_time(self._local(value), format="short", locale=self.locale)

    def moment(self, value: datetime, style: str = "medium") -> str:
        local = self._local(value)
        pattern = self.locale.datetime_formats[style]
        return str(pattern).format(
            format_time(local, format="short", locale=self.locale),
            format_date(local, format=style, locale=self.locale),
        )

    def full_datetime(self, value: datetime) -> str:
        """Return the moment with weekday and zone, for a tooltip."""
        return format_datetime(self._local(value), format="full", locale=self.locale)

    def relative_time(self, value: datetime, now: datetime | None = None) -> str:
        """Return how long ago a moment was, or how far ahead it is."""
        return format_timedelta(value - (now or datetime.now(UTC)), add_direction=True, locale=self.locale)

    def filesize(self, octets: int) -> str:
        size, unit = float(octets), "B"
        for larger in _UNITS:
            if size < _KILO:
                break
            size, unit = size / _KILO, larger
        return f"{format_decimal(size, format='#,##0.#' if unit != 'B' else '#,##0', locale=self.locale)} {unit}"

    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """Return the filters by name. Those that Babel takes long over remember what they wrote last."""
        remembering = lru_cache(maxsize=2_000, typed=True)
        return {
            "money": self.money,
            "number": remembering(self.number),
            "percent": self.percent,
            "date": remembering(self.day),
            "time": remembering(self.clock),
            "datetime": remembering(self.moment),
            "full_datetime": remembering(self.full_datetime),
            "relative_time": self.relative_time,
            "filesize": self.filesize,
        }

    def _local(self, value: Any) -> Any:
        return value.astimezone(self.zone) if isinstance(value, datetime) else value
