"""Attempts to pay online: begun here, answered by the provider, and settled whatever comes first, late or twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from engine.commerce.ordering import letters, orders, payments, story
from engine.commerce.ordering.facts import PaymentFailed
from engine.commerce.ordering.models import EventKind, Order, OrderEvent, PaymentAttempt
from engine.commerce.ordering.rules import PaymentMethod, gateway_of
from engine.commerce.ordering.settling import LIVE, AttemptStatus
from engine.commerce.ordering.states import NAMES, OrderStatus, PaymentStatus
from engine.commerce.ports import Intent, IntentState
from engine.core import idempotency
from engine.core.actor import Actor
from engine.core.errors import Conflict, Unavailable
from engine.core.i18n import _
from engine.core.money import Money
from engine.core.secrets import Secrets
from engine.core.settings import Site
from engine.core.transaction import Tx

_SETTLED = {
    IntentState.PROCESSING: AttemptStatus.PROCESSING,
    IntentState.FAILED: AttemptStatus.FAILED,
    IntentState.CANCELLED: AttemptStatus.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt as the flow needs it. page_url: where the buyer pays, once the provider has said so."""

    id: UUID
    order_id: UUID
    number: str
    email: str
    provider: str
    status: AttemptStatus
    amount: Money
    origin: str
    intent_id: str | None
    page_url: str
    failure: str

    @property
    def is_live(self) -> bool:
        """Whether the buyer can still pay by it."""
        return self.status in LIVE


@dataclass(frozen=True, slots=True)
class Begun:
    """The attempt to go on with, and those before it that the provider should take no money for any more."""

    attempt: Attempt
    earlier: Sequence[Attempt]


async def begin(
    tx: Tx, actor: Actor, site: Site, order_id: UUID, *, origin: str, key: str | None = None, holds_link: bool = False
) -> Begun:
    """Return the order's one attempt that goes on, made now where there is none: two tabs pay by the same one.

    origin: the address of this site as the buyer sees it. key: a repeat with it is answered with the same attempt, also
    when that has failed. Raises NotFound for somebody else's order, Conflict for one that takes no money (any more),
    Unavailable while no provider takes cards.
    """
    once = await idempotency.begin(tx, f"attempt:{order_id}", key, {}) if key is not None else None
    order = await story.locked(tx, order_id)
    orders.party_of(actor, order, holds_link=holds_link)
    rows = await _of(tx, order)
    if once is not None and once.replay is not None:
        return Begun(next(seen(order, row) for row in rows if str(row.id) == once.replay["attempt"]), ())
    check_payable(tx, order)
    live = next((row for row in rows if row.status in LIVE), None)
    if live is None:
        provider = gateway_of(site.payments, site.system.surfaces.storefront)
        if provider is None:
            raise Unavailable(_("This shop takes no cards at the moment. Ask them how to pay."))
        live = PaymentAttempt(
            order_id=order.id,
            provider=provider,
            status=AttemptStatus.STARTED,
            amount_minor=order.total_minor,
            currency=order.currency,
            origin=origin[:300],
            page_url="",
            failure="",
        )
        tx.add(live)
        tx.record(actor, "order.attempt", order, number=order.number)
        await tx.flush()
    if once is not None:
        await idempotency.finish(tx, once, {"attempt": str(live.id)})
    return Begun(seen(order, live), [seen(order, row) for row in rows if row.status is AttemptStatus.FAILED])


def check_payable(tx: Tx, order: Order) -> None:
    """Raise Conflict where the order takes no online payment now, saying why."""
    number = order.number
    if order.payment_status in (PaymentStatus.PAID, PaymentStatus.REFUND_NEEDED):
        raise Conflict(_("Order {number} is paid already. Nothing more is due."), number=number)
    if order.status is OrderStatus.CANCELLED and order.expired_at is not None:
        raise Conflict(_("The time to pay for order {number} is over. Order again."), number=number)
    if order.payment_status is not PaymentStatus.PENDING or order.status not in (
        OrderStatus.PENDING,
        OrderStatus.CONFIRMED,
    ):
        raise Conflict(_("Order {number} is {status} and takes no money."), number=number, status=NAMES[order.status])
    if order.payment_method is not PaymentMethod.CARD:
        raise Conflict(_("Order {number} is paid in cash or by bank transfer."), number=number)
    if order.status is OrderStatus.PENDING and order.payment_due_at is not None and order.payment_due_at <= tx.now:
        raise Conflict(_("The time to pay for order {number} is over. Order again."), number=number)


async def open_up(tx: Tx, attempt_id: UUID, intent: Intent) -> Attempt:
    """Keep what the provider calls the attempt, and where the buyer pays; return it.

    An order that ended meanwhile has it closed again, by a job.
    """
    order, row = await locked(tx, attempt_id)
    if row.intent_id is None:
        row.intent_id, row.page_url = intent.id, intent.page_url
        if row.status is AttemptStatus.STARTED:
            row.status = AttemptStatus.OPEN
    if order.payment_status is not PaymentStatus.PENDING or order.status is OrderStatus.CANCELLED:
        tx.enqueue(payments.CLOSE, {"order": str(order.id)}, key=f"{payments.CLOSE}:{order.id}")
    return seen(order, row)


async def settle(tx: Tx, site: Site, secrets: Secrets, attempt_id: UUID, intent: Intent) -> Attempt:
    """Let an attempt follow what the provider says of it; return it. Saying it again, or late, changes nothing."""
    order, row = await locked(tx, attempt_id)
    row.intent_id, row.page_url = row.intent_id or intent.id, row.page_url or intent.page_url
    if row.status is AttemptStatus.SUCCEEDED:
        return seen(order, row)
    if intent.state is IntentState.SUCCEEDED:
        row.status, row.failure = AttemptStatus.SUCCEEDED, ""
        payment = await payments.arrive(tx, site, secrets, order, intent.amount, intent.id)
        row.payment_id = payment.id
    elif intent.state is IntentState.OPEN:
        row.status = AttemptStatus.OPEN if row.status is AttemptStatus.STARTED else row.status
    elif row.status in LIVE:
        row.status, row.failure = _SETTLED[intent.state], intent.failure[:100]
        if row.status is AttemptStatus.FAILED:
            await _fail(tx, site, secrets, order, row)
    return seen(order, row)


async def cancel(tx: Tx, attempt_id: UUID) -> None:
    """End an attempt that the provider was never asked for, or whose buyer was never sent there."""
    _order, row = await locked(tx, attempt_id)
    if row.status is AttemptStatus.STARTED:
        row.status = AttemptStatus.CANCELLED


async def locked(tx: Tx, attempt_id: UUID) -> tuple[Order, PaymentAttempt]:
    """Return an attempt and its order; the order is locked first, as everywhere."""
    order_id = await tx.scalar(select(PaymentAttempt.order_id).where(PaymentAttempt.id == attempt_id))
    order = await story.locked(tx, order_id)
    row = await tx.get(PaymentAttempt, attempt_id, locked=True)
    assert row is not None  # noqa: S101 - its order was just found by it
    return order, row


def seen(order: Order, row: PaymentAttempt) -> Attempt:
    """Return the attempt of an order."""
    return Attempt(
        id=row.id,
        order_id=order.id,
        number=order.number,
        email=order.email,
        provider=row.provider,
        status=row.status,
        amount=row.amount,
        origin=row.origin,
        intent_id=row.intent_id,
        page_url=row.page_url,
        failure=row.failure,
    )


async def of_order(tx: Tx, order_id: UUID) -> list[Attempt]:
    """Return an order's attempts, the latest first."""
    order = await story.locked(tx, order_id)
    return [seen(order, row) for row in await _of(tx, order)]


async def _of(tx: Tx, order: Order) -> list[PaymentAttempt]:
    rows = await tx.scalars(
        select(PaymentAttempt).where(PaymentAttempt.order_id == order.id).order_by(PaymentAttempt.id.desc())
    )
    return list(rows)


async def _fail(tx: Tx, site: Site, secrets: Secrets, order: Order, row: PaymentAttempt) -> None:
    """Tell that an attempt came to nothing: in the story each time, by e-mail the first time only."""
    agora = Actor.system()
    before = await tx.scalar(
        select(func.count()).where(OrderEvent.order_id == order.id, OrderEvent.kind == EventKind.PAYMENT_FAILED)
    )
    story.tell(tx, agora, order, EventKind.PAYMENT_FAILED)
    tx.record(agora, "order.payment-failed", order, number=order.number, failure=row.failure)
    tx.publish(PaymentFailed(order.id, row.id, row.failure))
    if not before and order.status is OrderStatus.PENDING:
        view = await story.seen(tx, order)
        await letters.write(tx, site, secrets, view, letters.FAILED)
