"""Ordering's numbers for who watches the house: goods held for orders, orders by status, and money taken."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from engine.commerce.ordering.models import Order, OrderItem, Payment, Refund
from engine.commerce.ordering.settling import RefundStatus
from engine.commerce.ordering.states import OrderStatus
from engine.core.gauges import Gauge, Reading


def _holds(connection: Connection, _now: datetime) -> Iterable[Reading]:
    held = (Order.payment_due_at.is_not(None), Order.status == OrderStatus.PENDING)
    pieces = select(func.coalesce(func.sum(OrderItem.quantity), 0)).join(Order, Order.id == OrderItem.order_id)
    orders = connection.execute(select(func.count()).where(*held)).scalar_one()
    return [(("orders",), orders), (("pieces",), int(connection.execute(pieces.where(*held)).scalar_one()))]


def _orders(connection: Connection, _now: datetime) -> Iterable[Reading]:
    rows = connection.execute(select(Order.status, func.count()).group_by(Order.status))
    found = dict(rows.all())
    return [((str(status),), found.get(status, 0)) for status in OrderStatus]


def _taken(connection: Connection, _now: datetime) -> Iterable[Reading]:
    rows = connection.execute(select(Payment.currency, func.sum(Payment.amount_minor)).group_by(Payment.currency))
    return [((currency,), int(amount)) for currency, amount in rows]


def _returned(connection: Connection, _now: datetime) -> Iterable[Reading]:
    rows = connection.execute(
        select(Refund.currency, func.sum(Refund.amount_minor))
        .where(Refund.status == RefundStatus.DONE)
        .group_by(Refund.currency)
    )
    return [((currency,), int(amount)) for currency, amount in rows]


GAUGES = (
    Gauge("holds", "Unpaid online orders, and the pieces that they keep from others.", _holds, ("of",)),
    Gauge("orders", "Orders by status.", _orders, ("status",)),
    Gauge("money_taken_minor_total", "Money that arrived, in minor units.", _taken, ("currency",), counts_up=True),
    Gauge("money_returned_minor_total", "Money that went back.", _returned, ("currency",), counts_up=True),
)
