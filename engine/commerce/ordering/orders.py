"""What is done with an order: its steps from state to state, and staff's own notes."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import update

from engine.commerce.ordering import asked, goods, letters, refunds
from engine.commerce.ordering.facts import (
    OrderCancelled,
    OrderConfirmed,
    OrderDelivered,
    OrderRefunded,
    OrderShipped,
    OrderUpdated,
)
from engine.commerce.ordering.models import EventKind, Order
from engine.commerce.ordering.payments import CLOSE
from engine.commerce.ordering.rules import PaymentMethod
from engine.commerce.ordering.settling import RefundReason
from engine.commerce.ordering.states import OrderStatus, Party, check_step, payment_after
from engine.commerce.ordering.story import locked, seen, tell
from engine.commerce.ordering.views import OrderView
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Invalid, NotFound, NotSignedIn
from engine.core.facts import Fact
from engine.core.i18n import _
from engine.core.plaintext import paragraphs_of
from engine.core.secrets import Secrets
from engine.core.settings import Site
from engine.core.transaction import Tx

MAX_NOTE = 2_000
_OWED: Mapping[OrderStatus, RefundReason] = {
    OrderStatus.CANCELLED: RefundReason.CANCELLED,
    OrderStatus.RETURNED: RefundReason.RETURNED,
}
_FACTS: Mapping[OrderStatus, type[OrderConfirmed | OrderShipped | OrderDelivered | OrderCancelled]] = {
    OrderStatus.CONFIRMED: OrderConfirmed,
    OrderStatus.SHIPPED: OrderShipped,
    OrderStatus.DELIVERED: OrderDelivered,
    OrderStatus.CANCELLED: OrderCancelled,
}


async def step(
    tx: Tx,
    actor: Actor,
    site: Site,
    secrets: Secrets,
    order_id: UUID,
    to: OrderStatus,
    note: str = "",
    *,
    holds_link: bool = False,
) -> OrderView:
    """Bring an order to its next state; return it. A cancelled order's stock goes back.

    note: words to the buyer, in the e-mail and the order's story. holds_link: the actor came by the secret link.
    Raises NotFound for somebody else's order, Conflict for a step that does not follow, NotAllowed for one that is not
    the actor's to take.
    """
    order = await locked(tx, order_id)
    party = party_of(actor, order, holds_link=holds_link)
    check_step(order.standing, to, party)
    words = _words(note)
    before = {"status": order.status, "payment_status": order.payment_status}
    order.payment_status, order.status = payment_after(order.standing, to), to
    await _move_money(tx, actor, site, secrets, order, words)
    await asked.follow(tx, order)
    if to is OrderStatus.CANCELLED:
        await goods.give_back(tx, actor, order)
        if order.payment_method is PaymentMethod.CARD:
            tx.enqueue(CLOSE, {"order": str(order.id)}, key=f"{CLOSE}:{order.id}")
    tell(tx, actor, order, EventKind.STEP, words, name=order.name if party is Party.BUYER else "")
    changes = {name: [old, getattr(order, name)] for name, old in before.items() if old != getattr(order, name)}
    tx.record(actor, f"order.{to.value}", order, changes=changes, number=order.number)
    tx.publish(_fact(order))
    view = await seen(tx, order)
    if template := letters.BY_STEP.get(to):
        await letters.write(tx, site, secrets, view, template, words)
    return view


async def note(tx: Tx, actor: Actor, order_id: UUID, text: str) -> OrderView:
    """Keep staff's own note with an order; the buyer never sees it. Return the order."""
    access.require(actor, Permission.MANAGE_ORDERS)
    order = await locked(tx, order_id)
    words = _words(text)
    if not words:
        message = _("Write the note first.")
        raise Invalid(message, {"note": message})
    tell(tx, actor, order, EventKind.NOTE, words)
    tx.record(actor, "order.note", order, number=order.number)
    tx.publish(OrderUpdated(order.id, order.status))
    return await seen(tx, order)


async def attach(tx: Tx, user_id: UUID, email: str) -> None:
    """Give a person the orders that were placed as a guest with an address that is now known to be theirs."""
    await tx.execute(
        update(Order)
        .where(Order.user_id.is_(None), Order.email.ilike(_exactly(email), escape="\\"))
        .values(user_id=user_id)
        .execution_options(synchronize_session=False)
    )


def party_of(actor: Actor, order: Order, *, holds_link: bool = False) -> Party:
    """Return as what the actor acts on the order. Raises NotFound where it is none of theirs."""
    if actor.is_system:
        return Party.SYSTEM
    if access.allows(actor, Permission.MANAGE_ORDERS):
        return Party.STAFF
    if holds_link or (actor.is_signed_in and order.user_id == actor.user_id):
        return Party.BUYER
    if not actor.is_signed_in:
        raise NotSignedIn(_("Sign in to see this order."))
    raise NotFound(_("There is no such order."))


async def _move_money(tx: Tx, actor: Actor, site: Site, secrets: Secrets, order: Order, words: str) -> None:
    """Let the order's money follow a step that ends it: it is owed, or all of it is back."""
    if reason := _OWED.get(order.status):
        await refunds.owe_all(tx, order, reason)
    elif order.status is OrderStatus.REFUNDED:
        await refunds.owe_all(tx, order, RefundReason.REFUNDED)
        for refund in await refunds.due(tx, order):
            await refunds.finish(tx, actor, site, secrets, order, refund, "", words)


def _fact(order: Order) -> Fact:
    if kind := _FACTS.get(order.status):
        return kind(order.id)
    if order.status is OrderStatus.REFUNDED:
        return OrderRefunded(order.id, order.total_minor, order.currency)
    return OrderUpdated(order.id, order.status)


def _words(text: str) -> str:
    words = paragraphs_of(text)
    if len(words) > MAX_NOTE:
        message = _("This is too long: use at most {most} characters.").having(most=MAX_NOTE)
        raise Invalid(message, {"note": message})
    return words


def _exactly(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
