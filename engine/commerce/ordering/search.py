"""Orders in the search index: for staff, by number, buyer and what was bought."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, select

from engine.commerce.ordering.facts import (
    OrderCancelled,
    OrderConfirmed,
    OrderCreated,
    OrderRefunded,
    OrderShipped,
    OrderUpdated,
)
from engine.commerce.ordering.models import Order, OrderItem
from engine.core.access import Permission
from engine.core.ports import SearchDocument
from engine.core.searching import Searchable


def documents(connection: Connection, ids: Sequence[UUID]) -> list[SearchDocument]:
    """Return what is found of these orders."""
    rows = connection.execute(
        select(Order.id, Order.number, Order.name, Order.email, Order.status, Order.created_at).where(Order.id.in_(ids))
    )
    bought: dict[UUID, list[str]] = {}
    for item in connection.execute(
        select(OrderItem.order_id, OrderItem.name, OrderItem.sku).where(OrderItem.order_id.in_(ids))
    ):
        bought.setdefault(item.order_id, []).append(f"{item.name} {item.sku}".strip())
    return [
        SearchDocument(
            type="order",
            id=row.id,
            title=f"#{row.number} {row.name}",
            body=", ".join(bought.get(row.id, ())),
            url=f"/admin/orders/{row.id}",
            keywords=row.email,
            codes=(str(row.number), f"#{row.number}"),
            visibility="staff",
            facets={"status": (str(row.status),)},
            numbers={"newest": int(row.created_at.timestamp())},
        )
        for row in rows
    ]


ORDERS = Searchable(
    kind="order",
    on=(OrderCreated, OrderConfirmed, OrderShipped, OrderCancelled, OrderRefunded, OrderUpdated),
    documents=documents,
    ids=select(Order.id),
    numbers=("newest",),
    read=Permission.MANAGE_ORDERS,
)
