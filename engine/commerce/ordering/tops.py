"""What sells the most, as it was summed last: the lines of a hundred thousand orders take too long to wait for."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, select

from engine.commerce.ordering import figures
from engine.commerce.ordering.figures import TopProduct
from engine.commerce.ordering.models import Order, Payment, SalesTop
from engine.commerce.ordering.spans import Day
from engine.core.counting import EXACT, at_most, lately
from engine.core.transaction import Tx

LIMIT = 5
#: So often they are summed anew while orders come, and for so long they are shown: over midnight and a restart, too.
EVERY, LASTS = timedelta(minutes=15), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Top:
    """What sold the most, the most first. found_at: when it was summed; None: now, or in the last half minute."""

    products: Sequence[TopProduct]
    found_at: datetime | None = None


def top_products(connection: Connection, days: Sequence[Day], currency: str, now: datetime, orders: int) -> Top:
    """Return what sold the most on these days, up to now; where there are many orders, as of the last hour.

    orders: how many there are of all.
    """
    since, until = days[0][0], days[-1][1]
    if orders <= EXACT:
        return Top(figures.top_products(connection, since, until, currency, LIMIT))
    asked = (SalesTop.days == len(days)) & (SalesTop.currency == currency) & (SalesTop.found_at > now - LASTS)
    kept = connection.execute(select(SalesTop.products, SalesTop.found_at).where(asked)).first()
    if kept is not None:
        return Top([_read(one) for one in kept.products], kept.found_at)
    key = ("top products", since, until, currency)
    return Top(lately(connection, key, lambda: figures.top_products(connection, since, until, currency, LIMIT)))


def _read(kept: Mapping[str, Any]) -> TopProduct:
    return TopProduct(**{**kept, "product_id": kept["product_id"] and UUID(kept["product_id"])})


def outdated(connection: Connection, lengths: Sequence[int], currency: str, now: datetime) -> list[int]:
    """Return for which lengths of span they have to be summed anew; none where there are few orders."""
    if at_most(connection, select(Order.id), EXACT + 1) <= EXACT:
        return []
    rows = connection.execute(select(SalesTop.days, SalesTop.found_at).where(SalesTop.currency == currency))
    found = {row.days: row.found_at for row in rows}
    last = connection.scalar(select(Payment.created_at).order_by(Payment.created_at.desc()).limit(1))
    return [
        length
        for length in lengths
        if length not in found or (last and last > found[length]) or found[length] < now - LASTS / 2
    ]


async def keep(tx: Tx, length: int, currency: str, products: Sequence[TopProduct], found_at: datetime) -> None:
    """Keep what was found for a span of so many days, in place of what was found before."""
    await tx.execute(delete(SalesTop).where(SalesTop.days == length))
    rows = [{**asdict(one), "product_id": str(one.product_id) if one.product_id else None} for one in products]
    tx.add(SalesTop(days=length, currency=currency, products=rows, found_at=found_at))
