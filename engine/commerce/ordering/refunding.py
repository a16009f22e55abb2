"""Sending money back: begun by staff, made at the provider, kept here. Marking what they sent back by other ways."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from engine.commerce.ordering import refunds, story
from engine.commerce.ordering.facts import OrderRefunded
from engine.commerce.ordering.models import EventKind, Order, Payment, PaymentAttempt, Refund
from engine.commerce.ordering.settling import RefundReason, RefundStatus
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.commerce.ordering.views import OrderView
from engine.core import access, idempotency
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Conflict, NotFound
from engine.core.i18n import _, format_message
from engine.core.money import Money
from engine.core.plaintext import line_of
from engine.core.secrets import Secrets
from engine.core.settings import Site
from engine.core.transaction import Tx

_ENDED = (OrderStatus.CANCELLED, OrderStatus.RETURNED)


@dataclass(frozen=True, slots=True)
class Repayment:
    """What the provider is asked to send back, and which payment of its own it was."""

    refund_id: UUID
    provider: str
    intent_id: str
    amount: Money


async def begin(tx: Tx, actor: Actor, order_id: UUID, *, key: str | None = None) -> list[Repayment]:
    """Return what the provider has to send back of an order: an empty list where a repeat finds it done.

    Raises NotAllowed below store manager, Conflict where nothing is owed, or what is owed was paid by another way.
    """
    access.require(actor, Permission.MANAGE_ORDERS)
    once = await idempotency.begin(tx, f"refund:{order_id}", key, {}) if key is not None else None
    order = await story.locked(tx, order_id)
    owed = await refunds.due(tx, order)
    if once is not None and once.replay is not None:
        return await _by_provider(tx, owed)
    if not owed:
        raise Conflict(_("Nothing of order {number} has to be returned."), number=order.number)
    found = await _by_provider(tx, owed)
    if not found:
        raise Conflict(
            _("Order {number} was paid in cash or by bank transfer. Send the money, then mark it as returned."),
            number=order.number,
        )
    tx.record(actor, "order.refund", order, number=order.number, refunds=[str(one.refund_id) for one in found])
    if once is not None:
        await idempotency.finish(tx, once, {"refunds": [str(one.refund_id) for one in found]})
    return found


async def done(tx: Tx, actor: Actor, site: Site, secrets: Secrets, refund_id: UUID, receipt: str) -> OrderView:
    """Keep that a refund was made; return the order. Keeping it twice changes nothing."""
    order, refund = await _locked(tx, refund_id)
    if refund.status is not RefundStatus.DONE:
        await refunds.finish(tx, actor, site, secrets, order, refund, receipt)
        await _follow(tx, actor, site, order, refund.amount)
    return await story.seen(tx, order)


async def mark(
    tx: Tx, actor: Actor, site: Site, secrets: Secrets, order_id: UUID, refund_id: UUID, words: str = ""
) -> OrderView:
    """Keep that staff sent money back by another way; return the order. words: how, for staff.

    Raises NotAllowed below store manager, NotFound, Conflict where it was returned already.
    """
    access.require(actor, Permission.MANAGE_ORDERS)
    order, refund = await _locked(tx, refund_id)
    if order.id != order_id:
        raise NotFound(_("There is no such refund."))
    if refund.status is RefundStatus.DONE:
        raise Conflict(_("This was returned already. Nothing more is due."))
    await refunds.finish(tx, actor, site, secrets, order, refund, line_of(words))
    tx.record(actor, "order.refund-marked", order, number=order.number, amount_minor=refund.amount_minor)
    await _follow(tx, actor, site, order, refund.amount)
    return await story.seen(tx, order)


async def returned_outside(
    tx: Tx, site: Site, secrets: Secrets, attempt: PaymentAttempt, order: Order, refunded_minor: int
) -> None:
    """Take up that money was returned at the provider itself: the whole of it settles, a part is told to staff."""
    payment = await tx.get(Payment, attempt.payment_id) if attempt.payment_id else None
    if payment is None or refunded_minor == 0:
        return
    agora = Actor.system()
    refund: Refund | None = await tx.scalar(select(Refund).where(Refund.payment_id == payment.id))
    if refund is not None and refund.status is RefundStatus.DONE:
        return
    if refunded_minor < payment.amount_minor:
        part = Money(refunded_minor, payment.currency).format(site.general.language)
        words = _("{amount} of it was returned at the payment provider.").having(amount=part)
        story.tell(tx, agora, order, EventKind.NOTE, format_message(words, site.general.language))
        return
    if refund is None:
        refund = (await refunds.owe(tx, order, [payment], RefundReason.OUTSIDE))[0]
    await refunds.finish(tx, agora, site, secrets, order, refund, "")
    tx.record(agora, "order.refund", order, number=order.number, refunds=[str(refund.id)])
    await _follow(tx, agora, site, order, refund.amount)


async def _by_provider(tx: Tx, owed: list[Refund]) -> list[Repayment]:
    payments = [refund.payment_id for refund in owed]
    rows = await tx.execute(
        select(PaymentAttempt.payment_id, PaymentAttempt.provider, PaymentAttempt.intent_id).where(
            PaymentAttempt.payment_id.in_(payments)
        )
    )
    by_payment = {row.payment_id: row for row in rows}
    return [
        Repayment(refund.id, row.provider, row.intent_id or "", refund.amount)
        for refund in owed
        if (row := by_payment.get(refund.payment_id)) is not None
    ]


async def _locked(tx: Tx, refund_id: UUID) -> tuple[Order, Refund]:
    order_id = await tx.scalar(select(Refund.order_id).where(Refund.id == refund_id))
    if order_id is None:
        raise NotFound(_("There is no such refund."))
    order = await story.locked(tx, order_id)
    refund = await tx.get(Refund, refund_id, locked=True)
    assert refund is not None  # noqa: S101 - its order was just found by it
    return order, refund


async def _follow(tx: Tx, actor: Actor, site: Site, order: Order, amount: Money) -> None:
    """Let an order that ended be refunded with its last refund; tell the story either way."""
    if order.status in _ENDED and order.payment_status is PaymentStatus.REFUNDED:
        order.status = OrderStatus.REFUNDED
        story.tell(tx, actor, order, EventKind.STEP)
        tx.publish(OrderRefunded(order.id, order.total_minor, order.currency))
    else:
        story.tell(tx, actor, order, EventKind.REFUND, amount.format(site.general.language))
