"""Orders whose online payment did not come in time: cancelled, their goods back on the shelf, the buyer told."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from engine.commerce.ordering import asked, goods, letters, refunds, story
from engine.commerce.ordering.facts import OrderCancelled
from engine.commerce.ordering.models import EventKind, Order
from engine.commerce.ordering.states import OrderStatus
from engine.core.actor import Actor
from engine.core.i18n import _, format_message
from engine.core.secrets import Secrets
from engine.core.settings import Site
from engine.core.transaction import Tx

BATCH = 100


def overdue(connection: Connection, now: datetime) -> Sequence[UUID]:
    """Return pending orders whose time to pay is over, the oldest first, at most a hundred."""
    rows = connection.scalars(
        select(Order.id)
        .where(Order.payment_due_at <= now, Order.status == OrderStatus.PENDING)
        .order_by(Order.payment_due_at)
        .limit(BATCH)
    )
    return rows.all()


async def expire(tx: Tx, site: Site, secrets: Secrets, order_id: UUID) -> bool:
    """Cancel an order whose time to pay is over; return whether it was: money may have come at the last moment."""
    order = await story.locked(tx, order_id)
    is_due = order.payment_due_at is not None and order.payment_due_at <= tx.now
    if order.status is not OrderStatus.PENDING or not is_due or await refunds.kept(tx, order):
        return False
    agora = Actor.system()
    order.status, order.expired_at = OrderStatus.CANCELLED, tx.now
    await goods.give_back(tx, agora, order)
    await asked.follow(tx, order)
    words = format_message(_("The payment did not arrive in time."), site.general.language)
    story.tell(tx, agora, order, EventKind.STEP, words)
    tx.record(agora, "order.expire", order, number=order.number)
    tx.publish(OrderCancelled(order.id))
    view = await story.seen(tx, order)
    await letters.write(tx, site, secrets, view, letters.EXPIRED)
    return True
