"""Audits of a database after races and killed processes: orders are whole, stock is told of, kept sums are true."""

from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select

from engine.commerce.catalog import kept, shelf_counts
from engine.commerce.catalog.models import MovementReason, Product, StockMovement, Variant
from engine.commerce.ordering import sums
from engine.commerce.ordering.letters import BILL, BY_STEP, EXPIRED, RECEIPT, RECEIVED, REFUNDED
from engine.commerce.ordering.models import (
    EventKind,
    Order,
    OrderEvent,
    OrderItem,
    Payment,
    PaymentAttempt,
    Refund,
)
from engine.commerce.ordering.settling import LIVE, AttemptStatus, RefundStatus
from engine.commerce.ordering.states import STEPS, OrderStatus, PaymentStatus
from engine.core.database import Database
from engine.core.facts import FactRow
from engine.core.idempotency import IdempotencyKey
from engine.core.testgateway import GatewayIntent
from engine.messaging.models import Message

#: The one step that nobody may choose: money that came late confirms what was cancelled for want of it.
LATE = (OrderStatus.CANCELLED, OrderStatus.CONFIRMED)


async def audited(db: Database) -> list[str]:
    """Return what is wrong with the orders and the stock of a database, one sentence each; an empty list is right."""
    return await db.query(both)


def both(connection: Connection) -> list[str]:
    """Return what all of them find."""
    found = [*orders_audit(connection), *payments_audit(connection), *stock_audit(connection)]
    found += [*kept.differences(connection), *shelf_counts.differences(connection)]
    return found + sums.differences(connection)


def orders_audit(connection: Connection) -> list[str]:
    """Return what is wrong with orders: sums, lines, numbers, story, e-mail, facts, payment and key."""
    found: list[str] = []
    items = _grouped(connection, OrderItem, OrderItem.position)
    events = _grouped(connection, OrderEvent, OrderEvent.id)
    payments = _grouped(connection, Payment, Payment.id)
    refunds = _grouped(connection, Refund, Refund.id)
    letters = _pairs(connection, Message.about, Message.template)
    facts = _pairs(connection, FactRow.about, FactRow.name)
    orders = connection.execute(select(Order.__table__)).all()
    numbers = Counter(order.number for order in orders)
    found += [f"the number {number} is on {count} orders" for number, count in numbers.items() if count > 1]
    for order in orders:
        wrong = [
            *_sums(order, items.get(order.id, [])),
            *_story(order, events.get(order.id, [])),
            *_arrivals(payments.get(order.id, []), events.get(order.id, [])),
            *_money(order, payments.get(order.id, []), refunds.get(order.id, [])),
            *_told(order, events.get(order.id, []), letters.get(order.id, Counter()), facts.get(order.id, Counter())),
        ]
        found += [f"order {order.number}: {sentence}" for sentence in wrong]
    known = {str(order.id) for order in orders}
    for key in connection.execute(select(IdempotencyKey.__table__).where(IdempotencyKey.scope.startswith("checkout:"))):
        if not key.result or key.result.get("id") not in known:
            found.append(f"the key {key.key} was answered with no order that is there")
    return found


def payments_audit(connection: Connection) -> list[str]:
    """Return what is wrong with online payments: each that the gateway took is here exactly once, at its sum."""
    found: list[str] = []
    payments = {row.id: row for row in connection.execute(select(Payment.__table__))}
    attempts = connection.execute(select(PaymentAttempt.__table__)).all()
    for attempt in attempts:
        payment = payments.get(attempt.payment_id)
        if (attempt.status is AttemptStatus.SUCCEEDED) is not (payment is not None):
            found.append(f"attempt {attempt.id} is {attempt.status}, but has {payment and payment.id} as its payment")
        elif payment is not None and payment.order_id != attempt.order_id:
            found.append(f"attempt {attempt.id} paid for another order")
    live = Counter(attempt.order_id for attempt in attempts if attempt.status in LIVE)
    found += [f"order {order} has {count} attempts that go on" for order, count in live.items() if count > 1]
    by_intent = {attempt.intent_id: attempt for attempt in attempts if attempt.intent_id}
    for intent in connection.execute(select(GatewayIntent.__table__).where(GatewayIntent.state == "succeeded")):
        attempt = by_intent.get(intent.id)
        payment = payments.get(attempt.payment_id) if attempt else None
        if payment is None:
            found.append(f"the gateway took {intent.amount_minor} for {intent.id}, of which nothing is known here")
        elif (payment.amount_minor, payment.currency) != (intent.amount_minor, intent.currency):
            found.append(f"the gateway took {intent.amount_minor} for {intent.id}, kept is {payment.amount_minor}")
    online = {attempt.payment_id for attempt in attempts}
    found += [
        f"payment {p.id} came by no attempt" for p in payments.values() if p.method == "card" and p.id not in online
    ]
    return found


def stock_audit(connection: Connection) -> list[str]:
    """Return what is wrong with stock: each variant's movements add up to it, and each order took what it holds."""
    found: list[str] = []
    variants = connection.execute(
        select(Variant.id, Variant.stock, Variant.tracks_stock, Product.name).join(Product)
    ).all()
    moved: dict[UUID, list[Row[Any]]] = {}
    for movement in connection.execute(select(StockMovement.__table__).order_by(StockMovement.id)):
        moved.setdefault(movement.variant_id, []).append(movement)
    for variant in variants:
        movements = moved.get(variant.id, [])
        total = sum(movement.change or 0 for movement in movements)
        if variant.stock < 0:
            found.append(f"“{variant.name}” has a stock of {variant.stock}")
        if variant.tracks_stock and total != variant.stock:
            found.append(f"“{variant.name}” has {variant.stock}, but its movements add up to {total}")
        if variant.tracks_stock and movements and movements[-1].stock_after != variant.stock:
            found.append(
                f"“{variant.name}” has {variant.stock}, but its last movement left {movements[-1].stock_after}"
            )
    counted = {variant.id for variant in variants if variant.tracks_stock}
    return found + _taken(connection, counted)


def _taken(connection: Connection, counted: set[UUID]) -> list[str]:
    """Return where an order's movements are not what its lines say: taken once, and back once if it was cancelled."""
    sold: Counter[tuple[UUID, UUID]] = Counter()
    back: Counter[tuple[UUID, UUID]] = Counter()
    rows = select(StockMovement.__table__).where(StockMovement.reference_id.is_not(None))
    for movement in connection.execute(rows):
        side = sold if movement.reason is MovementReason.SOLD else back
        side[movement.reference_id, movement.variant_id] += abs(movement.change or 0)
    lines: Counter[tuple[UUID, UUID]] = Counter()
    returned: Counter[tuple[UUID, UUID]] = Counter()
    took_again, gave_back = _moves(connection)
    for item in connection.execute(select(OrderItem.__table__).where(OrderItem.variant_id.in_(counted))):
        lines[item.order_id, item.variant_id] += item.quantity * (1 + took_again[item.order_id])
        if item.order_id in gave_back:
            returned[item.order_id, item.variant_id] += item.quantity * gave_back[item.order_id]
    found = [f"order {o} took {sold[o, v]} of {v}, its lines say {lines[o, v]}" for o, v in _differ(sold, lines)]
    return found + [
        f"order {o} gave back {back[o, v]} of {v}, it should have been {returned[o, v]}"
        for o, v in _differ(back, returned)
    ]


def _moves(connection: Connection) -> tuple[Counter[UUID], Counter[UUID]]:
    """Return how often each order came back from being cancelled, and how often it was cancelled."""
    took_again, gave_back, at = Counter[UUID](), Counter[UUID](), dict[UUID, OrderStatus]()
    steps = select(OrderEvent.order_id, OrderEvent.status).where(OrderEvent.kind == EventKind.STEP)
    for step in connection.execute(steps.order_by(OrderEvent.id)):
        took_again[step.order_id] += (at.get(step.order_id), step.status) == LATE
        gave_back[step.order_id] += step.status is OrderStatus.CANCELLED
        at[step.order_id] = step.status
    return took_again, gave_back


def _differ(one: Counter[tuple[UUID, UUID]], other: Counter[tuple[UUID, UUID]]) -> list[tuple[UUID, UUID]]:
    return [key for key in {*one, *other} if one[key] != other[key]]


def _sums(order: Row[Any], items: list[Row[Any]]) -> list[str]:
    added = 0 if order.is_tax_included else order.tax_minor
    checks: list[tuple[bool, str]] = [
        (bool(items), "has no lines"),
        (all(i.quantity > 0 for i in items), "has a line of no pieces"),
        (all(i.total_minor == i.unit_price_minor * i.quantity for i in items), "has a line whose total is wrong"),
        (sum(i.total_minor for i in items) == order.subtotal_minor, "its lines do not add up to the subtotal"),
        (
            order.subtotal_minor + order.shipping_minor + added == order.total_minor,
            "subtotal, delivery and tax do not add up to the total",
        ),
        (
            sum(i.tax_minor for i in items) + order.shipping_tax_minor == order.tax_minor,
            "the taxes of its lines do not add up",
        ),
    ]
    return [sentence for holds, sentence in checks if not holds]


def _story(order: Row[Any], events: list[Row[Any]]) -> list[str]:
    """Return where the story is no path through the table of steps that ends in the order's state."""
    if not events or events[0].kind is not EventKind.PLACED:
        return ["its story does not begin with its placing"]
    wrong = []
    at = OrderStatus.PENDING
    for event in events[1:]:
        if event.kind is EventKind.STEP:
            if event.status not in STEPS[at] and (at, event.status) != LATE:
                wrong.append(f"its story goes from {at} to {event.status}")
            at = event.status
    if at is not order.status:
        wrong.append(f"its story ends at {at}, but it is {order.status}")
    return wrong


def _arrivals(payments: list[Row[Any]], events: list[Row[Any]]) -> list[str]:
    """Return where the story tells of more or less money that came than there is."""
    told = sum(event.kind is EventKind.PAYMENT for event in events)
    return [] if told == len(payments) else [f"it has {len(payments)} payments, its story tells of {told}"]


def _money(order: Row[Any], payments: list[Row[Any]], refunds: list[Row[Any]]) -> list[str]:
    """Return where what was paid and does not go back is not the total of an order that is paid, and nothing else."""
    going = {refund.payment_id: refund for refund in refunds}
    kept = [payment for payment in payments if payment.id not in going]
    paid = sum(payment.amount_minor for payment in kept)
    is_open = any(refund.status is RefundStatus.NEEDED for refund in refunds)
    amounts = {payment.id: payment.amount_minor for payment in payments}
    is_free = order.total_minor == 0
    checks: list[tuple[bool, str]] = [
        (len(going) == len(refunds), "a payment goes back twice"),
        (all(refund.amount_minor == amounts.get(refund.payment_id) for refund in refunds), "a refund has another sum"),
        (is_open is (order.payment_status is PaymentStatus.REFUND_NEEDED), "its refunds are not what its state says"),
        (paid in (0, order.total_minor), f"{paid} was paid and kept, it comes to {order.total_minor}"),
        (len(kept) <= 1, "it was paid twice, and both are kept"),
        (
            order.payment_status is not PaymentStatus.PAID or bool(kept) or is_free,
            "it is paid, but no payment is kept for it",
        ),
        (order.payment_status is not PaymentStatus.PENDING or not kept, "it is unpaid, but a payment is kept for it"),
    ]
    return [sentence for holds, sentence in checks if not holds]


def _told(order: Row[Any], events: list[Row[Any]], letters: Counter[str], facts: Counter[str]) -> list[str]:
    """Return what the buyer or the house was not told of, or told twice."""
    steps = Counter(event.status for event in events if event.kind is EventKind.STEP)
    expected = Counter({RECEIVED: 1})
    for status, template in BY_STEP.items():
        expected[template] += steps[status]
    expected[BY_STEP[OrderStatus.CANCELLED]] -= letters[EXPIRED]
    expected[REFUNDED] = facts["payment.refunded"]
    if order.entry_id is not None:
        expected = Counter({**expected, RECEIVED: 0, BILL: int(order.payment_method == "manual")})
        expected[RECEIPT] = expected.pop(BY_STEP[OrderStatus.CONFIRMED])
    if order.total_minor == 0:
        expected[BY_STEP[OrderStatus.CONFIRMED]] = 0
    wrong = [f"{letters[t]} e-mails “{t}”, it should be {n}" for t, n in expected.items() if letters[t] != n]
    if facts["order.created"] != 1:
        wrong.append(f"{facts['order.created']} facts say that it was created")
    return wrong


def _grouped(connection: Connection, table: Any, order_by: Any) -> dict[UUID, list[Row[Any]]]:
    found: dict[UUID, list[Row[Any]]] = {}
    for row in connection.execute(select(table.__table__).order_by(order_by)):
        found.setdefault(row.order_id, []).append(row)
    return found


def _pairs(connection: Connection, about: Any, name: Any) -> dict[UUID, Counter[str]]:
    found: dict[UUID, Counter[str]] = {}
    for row in connection.execute(select(about, name, func.count()).where(about.is_not(None)).group_by(about, name)):
        found.setdefault(row[0], Counter())[row[1]] = row[2]
    return found
