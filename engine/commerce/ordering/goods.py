"""An order's pieces: back on the shelf when it ends, and off it again where its money came late."""

from sqlalchemy import select

from engine.commerce.catalog import public as catalog
from engine.commerce.ordering.models import Order, OrderItem
from engine.core.actor import Actor
from engine.core.transaction import Tx


async def give_back(tx: Tx, actor: Actor, order: Order) -> None:
    """Return the order's pieces to the shelf; those of variants that are gone are passed over."""
    lines = [(item.variant_id, item.quantity) for item in await _items(tx, order) if item.variant_id is not None]
    if lines:
        await catalog.return_stock(tx, actor, lines, order.id)


async def take_again(tx: Tx, actor: Actor, order: Order) -> bool:
    """Take the order's pieces once more: all of them or, where anything is short or gone, none. Return whether.

    An order that a form asked for holds no goods: its money is never too late for them.
    """
    if order.entry_id is not None:
        return True
    items = await _items(tx, order)
    lines = [(item.variant_id, item.quantity) for item in items if item.variant_id is not None]
    if len(lines) < len(items):
        return False
    return not await catalog.take_stock(tx, actor, lines, order.id)


async def _items(tx: Tx, order: Order) -> list[OrderItem]:
    return list(await tx.scalars(select(OrderItem).where(OrderItem.order_id == order.id)))
