"""What a crowd is to be: how many of each, over which time, and ids that follow from it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, Table

#: Rows to be written, by table, in an order in which each finds what it points to.
Rows = dict[Table, list[dict[str, Any]]]
#: People and products are there before the first order.
BEFORE = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Plan:
    """How many, from which seed. until: the present of the crowd; days: how long orders have come by then.

    told_days: of the orders of so many days the letters are kept, too. gathered: how many reviews there are; and
    comments, entries of forms, files, redirects, missing pages, searches and jobs: as many of each.
    """

    people: int = 0
    products: int = 0
    orders: int = 0
    pages: int = 0
    gathered: int = 0
    days: int = 1_095
    told_days: int = 90
    currency: str = "GBP"
    seed: int = 7
    until: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    @property
    def since(self) -> datetime:
        """When the first order came."""
        return self.until - timedelta(days=self.days)

    def ordered_at(self, number: int) -> datetime:
        """Return when this order was placed: the greater its number, the later."""
        return self.since + timedelta(days=self.days) * ((number + 0.5) / self.orders)

    def came_at(self, number: int, count: int) -> datetime:
        """Return when this person or product of so many came."""
        return self.since - BEFORE + BEFORE * ((number + 0.5) / count)


class Part(Protocol):
    """One kind of thing. name: also that of its number in the plan."""

    name: str
    batch: int

    def prepare(self, connection: Connection) -> None:
        """Read or write what all its rows stand on."""

    def rows(self, start: int, stop: int) -> Rows:
        """Return what is written of the things with these numbers: the same each time."""

    def finish(self, connection: Connection) -> None:
        """Bring up to date what a batch changed; in its transaction."""


def id_at(moment: datetime, kind: int, number: int) -> UUID:
    """Return a UUIDv7 of a moment that nothing else has: kind below 4096, number below 2**62."""
    return UUID(int=_time_of(moment) | kind << 64 | 2 << 62 | number)


@lru_cache(maxsize=64)
def _time_of(moment: datetime) -> int:
    return int(moment.timestamp() * 1000) << 80 | 7 << 76
