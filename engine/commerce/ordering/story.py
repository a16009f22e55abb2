"""An order's row while it is changed: locked, told in its story, and seen as it then stands."""

from uuid import UUID

from sqlalchemy import bindparam, select

from engine.commerce.ordering.models import EventKind, Order, OrderEvent, OrderItem
from engine.commerce.ordering.views import OrderView, order_view
from engine.core.actor import Actor
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.transaction import Tx


async def locked(tx: Tx, order_id: UUID) -> Order:
    """Return an order that nobody else changes until the commit. Raises NotFound."""
    order = await tx.get(Order, order_id, locked=True)
    if order is None:
        raise NotFound(_("There is no such order."))
    return order


def tell(tx: Tx, actor: Actor, order: Order, kind: EventKind, words: str = "", *, name: str = "") -> None:
    """Add a line to the order's story."""
    tx.add(
        OrderEvent(
            order_id=order.id,
            kind=kind,
            status=order.status,
            note=words,
            actor=actor.name or actor.email or name,
            user_id=actor.user_id,
            created_at=tx.now,
        )
    )


async def seen(tx: Tx, order: Order) -> OrderView:
    """Return the order as it now stands."""
    await tx.flush()
    items = (await tx.execute(_ITEMS, {"order": order.id})).scalars()
    events = (await tx.execute(_EVENTS, {"order": order.id})).scalars()
    return order_view(order, list(items), list(events))


# Made once.
_ITEMS = select(OrderItem).where(OrderItem.order_id == bindparam("order")).order_by(OrderItem.position)
_EVENTS = select(OrderEvent).where(OrderEvent.order_id == bindparam("order")).order_by(OrderEvent.id)
