"""Money that goes back: who is owed what, and the order's state that follows from it."""

from collections.abc import Sequence

from sqlalchemy import select

from engine.commerce.ordering import asked, letters, story, sums
from engine.commerce.ordering.facts import PaymentRefunded, RefundNeeded
from engine.commerce.ordering.models import Order, Payment, Refund
from engine.commerce.ordering.settling import REASONS, RefundReason, RefundStatus, payment_status_of
from engine.commerce.ordering.states import OrderStatus
from engine.core.actor import Actor
from engine.core.i18n import format_message
from engine.core.secrets import Secrets
from engine.core.settings import Site
from engine.core.transaction import Tx


async def owe(tx: Tx, order: Order, payments: Sequence[Payment], reason: RefundReason) -> list[Refund]:
    """Write down that these payments have to go back; the order's payment state follows. Return the refunds."""
    found = [
        Refund(
            order_id=order.id,
            payment_id=payment.id,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            reason=reason,
            status=RefundStatus.NEEDED,
            receipt="",
        )
        for payment in payments
    ]
    tx.add(*found)
    for refund in found:
        tx.publish(RefundNeeded(order.id, refund.id, refund.amount_minor, refund.currency, reason))
    await derive(tx, order)
    return found


async def owe_all(tx: Tx, order: Order, reason: RefundReason) -> list[Refund]:
    """Write down that everything the buyer paid and does not get back yet has to go back."""
    return await owe(tx, order, await kept(tx, order), reason)


async def kept(tx: Tx, order: Order) -> list[Payment]:
    """Return the order's payments that nobody has to return."""
    await tx.flush()
    returned = select(Refund.payment_id).where(Refund.order_id == order.id)
    rows = await tx.scalars(
        select(Payment).where(Payment.order_id == order.id, Payment.id.not_in(returned)).order_by(Payment.id)
    )
    return list(rows)


async def due(tx: Tx, order: Order) -> list[Refund]:
    """Return the order's refunds that are still to be made."""
    await tx.flush()
    rows = await tx.scalars(
        select(Refund).where(Refund.order_id == order.id, Refund.status == RefundStatus.NEEDED).order_by(Refund.id)
    )
    return list(rows)


async def finish(
    tx: Tx, actor: Actor, site: Site, secrets: Secrets, order: Order, refund: Refund, receipt: str, note: str = ""
) -> None:
    """Keep that the buyer has the money back, tell them, and let the order's payment state follow.

    receipt: the provider's name for it, or staff's own words. note: words to the buyer.
    """
    refund.status, refund.receipt, refund.done_at = RefundStatus.DONE, receipt[:200], tx.now
    refund.user_id = actor.user_id
    await derive(tx, order)
    await sums.let_go(tx, await tx.scalar(select(Payment.created_at).where(Payment.id == refund.payment_id)))
    tx.publish(PaymentRefunded(order.id, refund.id, refund.amount_minor, refund.currency))
    view = await story.seen(tx, order)
    await letters.write(
        tx, site, secrets, view, letters.REFUNDED, note, refund=refund.amount, reason=_why(refund, site)
    )


async def derive(tx: Tx, order: Order) -> None:
    """Set where the order's money is from its payments and refunds."""
    await tx.flush()
    states = set(await tx.scalars(select(Refund.status).where(Refund.order_id == order.id)))
    order.payment_status = payment_status_of(
        order.status,
        is_free=order.total_minor == 0 and order.status is not OrderStatus.PENDING,
        has_kept=bool(await kept(tx, order)),
        has_open=RefundStatus.NEEDED in states,
        has_returned=RefundStatus.DONE in states,
    )
    await asked.follow(tx, order)


def _why(refund: Refund, site: Site) -> str:
    return format_message(REASONS[refund.reason], site.general.language)
