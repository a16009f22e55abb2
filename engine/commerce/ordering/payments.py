"""Money that arrives for an order."""

from uuid import UUID

from engine.commerce.ordering import letters, orders
from engine.commerce.ordering.facts import OrderConfirmed, PaymentSucceeded
from engine.commerce.ordering.models import EventKind, Payment
from engine.commerce.ordering.rules import PaymentMethod
from engine.commerce.ordering.states import NAMES, OrderStatus, PaymentStatus
from engine.commerce.ordering.views import OrderView
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Conflict, Invalid
from engine.core.i18n import _
from engine.core.money import Money
from engine.core.plaintext import paragraphs_of
from engine.core.secrets import Secrets
from engine.core.settings import Site
from engine.core.transaction import Tx

_CLOSED = (OrderStatus.CANCELLED, OrderStatus.REFUNDED, OrderStatus.RETURNED)


async def receive(
    tx: Tx,
    actor: Actor,
    site: Site,
    secrets: Secrets,
    order_id: UUID,
    *,
    amount: Money | None = None,
    note: str = "",
) -> OrderView:
    """Mark an order as paid in full; a pending one is confirmed by it. Return the order.

    amount: what arrived, where staff say so; it must be the order's total. note: staff's own words.
    Raises NotAllowed below store manager, Conflict for an order that is paid or closed, Invalid for another amount.
    """
    access.require(actor, Permission.MANAGE_ORDERS)
    order = await orders.locked(tx, order_id)
    total = Money(order.total_minor, order.currency).format(site.general.language)
    if order.payment_status is not PaymentStatus.PENDING:
        raise Conflict(_("Order {number} is paid already: {total}."), number=order.number, total=total)
    if order.status in _CLOSED:
        raise Conflict(
            _("Order {number} is {status}: it takes no money any more. Send the money back."),
            number=order.number,
            status=NAMES[order.status],
        )
    if amount is not None and amount != Money(order.total_minor, order.currency):
        message = _("Order {number} comes to {total}. Enter that sum, or leave it out.").having(
            number=order.number, total=total
        )
        raise Invalid(message, {"amount": message})
    payment = Payment(
        order_id=order.id,
        method=PaymentMethod.MANUAL,
        amount_minor=order.total_minor,
        currency=order.currency,
        note=paragraphs_of(note)[: orders.MAX_NOTE],
        user_id=actor.user_id,
        created_at=tx.now,
    )
    tx.add(payment)
    order.payment_status = PaymentStatus.PAID
    orders.tell(tx, actor, order, EventKind.PAYMENT)
    await tx.flush()
    if payment.note:
        orders.tell(tx, actor, order, EventKind.NOTE, payment.note)
    is_confirmed = order.status is OrderStatus.PENDING
    if is_confirmed:
        order.status = OrderStatus.CONFIRMED
        orders.tell(tx, actor, order, EventKind.STEP)
        tx.publish(OrderConfirmed(order.id))
    tx.record(actor, "order.pay", order, number=order.number, total_minor=order.total_minor)
    tx.publish(PaymentSucceeded(order.id, payment.id, payment.amount_minor, payment.currency))
    view = await orders.seen(tx, order)
    if is_confirmed:
        await letters.write(tx, site, secrets, view, letters.BY_STEP[OrderStatus.CONFIRMED])
    return view
