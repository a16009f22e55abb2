"""Money that arrives for an order: counted by staff, or told by the payment provider."""

from uuid import UUID

from engine.commerce.ordering import asked, goods, letters, refunds, story, sums
from engine.commerce.ordering.facts import OrderConfirmed, OrderUpdated, PaymentSucceeded
from engine.commerce.ordering.models import EventKind, Order, Payment
from engine.commerce.ordering.rules import PaymentMethod
from engine.commerce.ordering.settling import CLOSED, REASONS, RefundReason, reason_to_return
from engine.commerce.ordering.states import NAMES, OrderStatus, PaymentStatus
from engine.commerce.ordering.views import OrderView
from engine.core import access, idempotency
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Conflict, Invalid
from engine.core.i18n import _, format_message
from engine.core.money import Money
from engine.core.plaintext import paragraphs_of
from engine.core.secrets import Secrets
from engine.core.settings import Site
from engine.core.transaction import Tx

CLOSE = "payments.close"
MAX_NOTE = 2_000


async def receive(
    tx: Tx,
    actor: Actor,
    site: Site,
    secrets: Secrets,
    order_id: UUID,
    *,
    amount: Money | None = None,
    note: str = "",
    key: str | None = None,
) -> OrderView:
    """Mark an order as paid in full; a pending one is confirmed by it. Return the order.

    amount: what arrived, where staff say so; it must be the order's total. note: staff's own words. key: a repeat
    with it is answered with the order as it then stands.
    Raises NotAllowed below store manager, Conflict for an order that is paid or closed, Invalid for another amount.
    """
    access.require(actor, Permission.MANAGE_ORDERS)
    once = None
    if key is not None:
        said = {"amount": amount and [amount.amount, amount.currency], "note": note}
        once = await idempotency.begin(tx, f"receive:{order_id}", key, said)
    order = await story.locked(tx, order_id)
    if once is not None and once.replay is not None:
        return await story.seen(tx, order)
    _check(order, site, amount)
    payment = await _payment(tx, actor, order, PaymentMethod.MANUAL, order.total, paragraphs_of(note)[:MAX_NOTE])
    story.tell(tx, actor, order, EventKind.PAYMENT)
    await tx.flush()
    if payment.note:
        story.tell(tx, actor, order, EventKind.NOTE, payment.note)
    before = {"status": order.status, "payment_status": order.payment_status}
    if order.payment_method is PaymentMethod.CARD:
        tx.enqueue(CLOSE, {"order": str(order.id)}, key=f"{CLOSE}:{order.id}")
    if once is not None:
        await idempotency.finish(tx, once, {"payment": str(payment.id)})
    view = await _accept(tx, actor, site, secrets, order, payment)
    changes = {name: [old, getattr(order, name)] for name, old in before.items() if old != getattr(order, name)}
    tx.record(actor, "order.pay", order, changes=changes, number=order.number, total_minor=order.total_minor)
    return view


async def arrive(tx: Tx, site: Site, secrets: Secrets, order: Order, amount: Money, note: str) -> Payment:
    """Take up money that the provider has taken for an order, and return the payment: each is called for once.

    It confirms the order, also one that was cancelled for want of it while its goods are still there; otherwise it has
    to go back, which staff see. note: the provider's name for it. The order is locked.
    """
    agora = Actor.system()
    has_kept = bool(await refunds.kept(tx, order))
    payment = await _payment(tx, agora, order, PaymentMethod.CARD, amount, note)
    story.tell(tx, agora, order, EventKind.PAYMENT, amount.format(site.general.language))
    is_expired = order.expired_at is not None
    reason = reason_to_return(amount, order.total, order.status, is_paid=has_kept, is_expired=is_expired)
    if reason is None and order.status is OrderStatus.CANCELLED and not await goods.take_again(tx, agora, order):
        reason = RefundReason.LATE
    await tx.flush()
    tx.record(agora, "order.pay", order, number=order.number, total_minor=amount.amount, refund=reason)
    if reason is None:
        await _accept(tx, agora, site, secrets, order, payment)
        return payment
    tx.publish(PaymentSucceeded(order.id, payment.id, payment.amount_minor, payment.currency))
    await refunds.owe(tx, order, [payment], reason)
    words = _("{amount} has to go back to the buyer. {reason}").having(
        amount=amount.format(site.general.language), reason=REASONS[reason]
    )
    story.tell(tx, agora, order, EventKind.NOTE, format_message(words, site.general.language))
    return payment


async def _accept(tx: Tx, actor: Actor, site: Site, secrets: Secrets, order: Order, payment: Payment) -> OrderView:
    """Let the payment pay for the order; one that waited for it is confirmed. Return the order."""
    order.payment_status = PaymentStatus.PAID
    is_confirmed = order.status in (OrderStatus.PENDING, OrderStatus.CANCELLED)
    if is_confirmed:
        order.status, order.expired_at = OrderStatus.CONFIRMED, None
        story.tell(tx, actor, order, EventKind.STEP)
        tx.publish(OrderConfirmed(order.id))
    tx.publish(PaymentSucceeded(order.id, payment.id, payment.amount_minor, payment.currency))
    if is_confirmed and order.entry_id is not None:  # nothing is packed or sent
        order.status = OrderStatus.COMPLETED
        story.tell(tx, actor, order, EventKind.STEP)
        tx.publish(OrderUpdated(order.id, order.status))
    await asked.follow(tx, order)
    view = await story.seen(tx, order)
    if is_confirmed:
        confirmed = letters.BY_STEP[OrderStatus.CONFIRMED] if order.entry_id is None else letters.RECEIPT
        await letters.write(tx, site, secrets, view, confirmed)
    return view


def _check(order: Order, site: Site, amount: Money | None) -> None:
    total = order.total.format(site.general.language)
    if order.payment_status is PaymentStatus.REFUND_NEEDED:
        raise Conflict(_("A refund of order {number} is open. Make it first."), number=order.number)
    if order.payment_status is not PaymentStatus.PENDING:
        raise Conflict(_("Order {number} is paid already: {total}."), number=order.number, total=total)
    if order.status in CLOSED:
        raise Conflict(
            _("Order {number} is {status}: it takes no money any more. Send the money back."),
            number=order.number,
            status=NAMES[order.status],
        )
    if amount is not None and amount != order.total:
        message = _("Order {number} comes to {total}. Enter that sum, or leave it out.").having(
            number=order.number, total=total
        )
        raise Invalid(message, {"amount": message})


async def _payment(tx: Tx, actor: Actor, order: Order, method: PaymentMethod, amount: Money, note: str) -> Payment:
    payment = Payment(
        order_id=order.id,
        method=method,
        amount_minor=amount.amount,
        currency=amount.currency,
        note=note,
        user_id=actor.user_id,
        created_at=tx.now,
    )
    tx.add(payment)
    if tx.is_past:
        await sums.let_go(tx, payment.created_at)
    return payment
