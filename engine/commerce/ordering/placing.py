"""Writing an order down, whatever it is made of: its number, its lines, its story and its facts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, update

from engine.commerce.ordering import sums
from engine.commerce.ordering.facts import OrderConfirmed, OrderCreated
from engine.commerce.ordering.models import (
    FIRST_NUMBER,
    OWN_NUMBERS,
    Counter,
    EventKind,
    Numbers,
    Order,
    OrderEvent,
    OrderItem,
)
from engine.commerce.ordering.states import OrderStatus
from engine.commerce.ordering.views import OrderView, order_view
from engine.core.actor import Actor
from engine.core.tables import table_of
from engine.core.transaction import Tx


async def enter(
    tx: Tx, actor: Actor, order: Order, items: Sequence[OrderItem], numbers: Numbers = OWN_NUMBERS
) -> OrderView:
    """Write down a new order with its lines; return it. It draws the number, so it comes last in its transaction."""
    order.number = await _next_number(tx, numbers)
    tx.add(order)
    await tx.flush()
    events = _events(order, actor)
    tx.add(*items, *events)
    await tx.flush()
    tx.record(actor, "order.place", order, changes={}, number=order.number, total_minor=order.total_minor)
    tx.publish(OrderCreated(order.id, order.number, order.total_minor, order.currency))
    if tx.is_past:
        await sums.let_go(tx, order.created_at)
    if order.status is OrderStatus.CONFIRMED:
        tx.publish(OrderConfirmed(order.id))
    return order_view(order, items, events)


def _events(order: Order, actor: Actor) -> list[OrderEvent]:
    def event(kind: EventKind, status: OrderStatus) -> OrderEvent:
        who: dict[str, Any] = {"actor": actor.name or order.name, "user_id": actor.user_id}
        return OrderEvent(order_id=order.id, kind=kind, status=status, note="", created_at=order.created_at, **who)

    placed = event(EventKind.PLACED, OrderStatus.PENDING)
    return [placed] if order.status is OrderStatus.PENDING else [placed, event(EventKind.STEP, order.status)]


async def _next_number(tx: Tx, numbers: Numbers) -> str:
    """Draw the next order number. Whoever draws holds the counter until the commit, so it is drawn last."""
    drawn = (await tx.execute(_DRAW, {"counter": numbers.counter})).scalar()
    if drawn is None:
        await tx.insert_new(Counter, {"name": numbers.counter, "value": FIRST_NUMBER - 1})
        drawn = (await tx.execute(_DRAW, {"counter": numbers.counter})).scalar_one()
    return f"{numbers.prefix}{drawn}"


_VALUE = table_of(Counter).c.value
_DRAW = (
    update(table_of(Counter))
    .where(table_of(Counter).c.name == bindparam("counter"))
    .values(value=_VALUE + 1)
    .returning(_VALUE)
)
