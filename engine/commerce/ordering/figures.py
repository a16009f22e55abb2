"""What was taken and ordered, day by day: sums made by the database, over the days of the site's own calendar.

A day is from one local midnight to the next, 23 to 25 hours: the moments are given to the database with the question,
so that it needs to know no time zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CTE, Connection, Integer, String, case, cast, column, func, select, values

from engine.commerce.ordering.models import Order, OrderItem, Payment, Refund
from engine.commerce.ordering.settling import RefundStatus
from engine.commerce.ordering.spans import Day
from engine.commerce.ordering.states import PaymentStatus
from engine.core.tables import UtcDateTime

#: Money that has arrived and is still here, even where it must go back.
HERE = (PaymentStatus.PAID, PaymentStatus.REFUND_NEEDED)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day. taken_minor: money that arrived on it and stayed; payments: how often; orders: how many were placed.

    returned_minor: of the money that arrived on it, what went back since, which is not in `taken_minor`.
    """

    taken_minor: int = 0
    payments: int = 0
    returned_minor: int = 0
    orders: int = 0


@dataclass(frozen=True, slots=True)
class TopProduct:
    """What sold well. product_id None: it is not in the catalogue any more."""

    product_id: UUID | None
    name: str
    pieces: int
    worth_minor: int


def summed(connection: Connection, days: Sequence[Day]) -> list[dict[str, DayFigures]]:
    """Return each day's figures by currency, in two reads. How many orders were placed in any stands under ""."""
    if not days:
        return []
    found: list[dict[str, DayFigures]] = [{"": DayFigures()} for _day in days]
    asked = _asked(days)
    during = (Payment.created_at >= asked.c.starts_at) & (Payment.created_at < asked.c.ends_at)
    stayed = Payment.amount_minor - func.coalesce(Refund.amount_minor, 0)
    taken = (
        select(
            asked.c.place,
            Payment.currency,
            func.sum(stayed).label("taken"),
            func.sum(case((stayed > 0, 1), else_=0)).label("stayed"),
            func.sum(func.coalesce(Refund.amount_minor, 0)).label("returned"),
        )
        .join_from(asked, Payment, during)
        .outerjoin(Refund, (Refund.payment_id == Payment.id) & (Refund.status == RefundStatus.DONE))
        .group_by(asked.c.place, Payment.currency)
    )
    for row in connection.execute(taken):
        found[row.place][row.currency] = DayFigures(int(row.taken), int(row.stayed), int(row.returned))
    asked = _asked(days)
    during = (Order.created_at >= asked.c.starts_at) & (Order.created_at < asked.c.ends_at)
    placed = select(asked.c.place, func.count().label("orders")).join_from(asked, Order, during)
    for row in connection.execute(placed.group_by(asked.c.place)):
        found[row.place][""] = DayFigures(orders=row.orders)
    return found


def top_products(
    connection: Connection, since: datetime, until: datetime, currency: str, limit: int = 5
) -> list[TopProduct]:
    """Return what was sold the most, by worth, in orders placed in this time whose money is here.

    What forms ask for is no product and left out.
    """
    worth = func.sum(OrderItem.total_minor)
    rows = connection.execute(
        select(
            OrderItem.product_id,
            func.max(OrderItem.name).label("name"),
            func.sum(OrderItem.quantity).label("pieces"),
            worth.label("worth"),
        )
        .join(Order, Order.id == OrderItem.order_id)
        .where(
            Order.created_at >= since,
            Order.created_at < until,
            # As expressions, so that no index on where the money is or on forms seems better than the days'.
            func.coalesce(cast(Order.payment_status, String), "").in_([str(status) for status in HERE]),
            func.coalesce(Order.currency, "") == currency,
            func.coalesce(cast(Order.entry_id, String), "") == "",
        )
        .group_by(OrderItem.product_id)
        .order_by(worth.desc(), func.max(OrderItem.name))
        .limit(limit)
    )
    return [TopProduct(row.product_id, row.name, int(row.pieces), int(row.worth)) for row in rows]


def _asked(days: Sequence[Day]) -> CTE:
    """Return the days as rows that can be joined: their place, and from when until when they last."""
    columns = (column("place", Integer), column("starts_at", UtcDateTime()), column("ends_at", UtcDateTime()))
    rows = [(place, starts_at, ends_at) for place, (starts_at, ends_at) in enumerate(days)]
    return values(*columns, name="asked").data(rows).cte("asked")
