"""Two audits of a database after races and killed processes: every order is whole, every piece of stock told of."""

from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select

from engine.commerce.catalog.models import MovementReason, Product, StockMovement, Variant
from engine.commerce.ordering.letters import BY_STEP, RECEIVED
from engine.commerce.ordering.models import EventKind, Order, OrderEvent, OrderItem, Payment
from engine.commerce.ordering.states import STEPS, OrderStatus, PaymentStatus
from engine.core.database import Database
from engine.core.facts import FactRow
from engine.core.idempotency import IdempotencyKey
from engine.messaging.models import Message


async def audited(db: Database) -> list[str]:
    """Return what is wrong with the orders and the stock of a database, one sentence each; an empty list is right."""
    return await db.query(both)


def both(connection: Connection) -> list[str]:
    """Return what both audits find."""
    return [*orders_audit(connection), *stock_audit(connection)]


def orders_audit(connection: Connection) -> list[str]:
    """Return what is wrong with orders: sums, lines, numbers, story, e-mail, facts, payment and key."""
    found: list[str] = []
    items = _grouped(connection, OrderItem, OrderItem.position)
    events = _grouped(connection, OrderEvent, OrderEvent.id)
    payments = _grouped(connection, Payment, Payment.id)
    letters = _pairs(connection, Message.about, Message.template)
    facts = _pairs(connection, FactRow.about, FactRow.name)
    orders = connection.execute(select(Order.__table__)).all()
    numbers = Counter(order.number for order in orders)
    found += [f"the number {number} is on {count} orders" for number, count in numbers.items() if count > 1]
    for order in orders:
        wrong = [
            *_sums(order, items.get(order.id, [])),
            *_story(order, events.get(order.id, [])),
            *_money(order, payments.get(order.id, [])),
            *_told(order, events.get(order.id, []), letters.get(order.id, Counter()), facts.get(order.id, Counter())),
        ]
        found += [f"order {order.number}: {sentence}" for sentence in wrong]
    known = {str(order.id) for order in orders}
    for key in connection.execute(select(IdempotencyKey.__table__).where(IdempotencyKey.scope.startswith("checkout:"))):
        if not key.result or key.result.get("id") not in known:
            found.append(f"the key {key.key} was answered with no order that is there")
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
    gave_back = _gave_back(connection)
    for item in connection.execute(select(OrderItem.__table__).where(OrderItem.variant_id.in_(counted))):
        lines[item.order_id, item.variant_id] += item.quantity
        if item.order_id in gave_back:
            returned[item.order_id, item.variant_id] += item.quantity
    found = [f"order {o} took {sold[o, v]} of {v}, its lines say {lines[o, v]}" for o, v in _differ(sold, lines)]
    return found + [
        f"order {o} gave back {back[o, v]} of {v}, it should have been {returned[o, v]}"
        for o, v in _differ(back, returned)
    ]


def _gave_back(connection: Connection) -> set[UUID]:
    cancelled = select(OrderEvent.order_id).where(OrderEvent.status == OrderStatus.CANCELLED)
    return set(connection.scalars(cancelled))


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
            if event.status not in STEPS[at]:
                wrong.append(f"its story goes from {at} to {event.status}")
            at = event.status
    if at is not order.status:
        wrong.append(f"its story ends at {at}, but it is {order.status}")
    return wrong


def _money(order: Row[Any], payments: list[Row[Any]]) -> list[str]:
    paid = sum(payment.amount_minor for payment in payments)
    owed = 0 if order.payment_status is PaymentStatus.PENDING else order.total_minor
    return [] if paid == owed else [f"{paid} was paid, it should be {owed}"]


def _told(order: Row[Any], events: list[Row[Any]], letters: Counter[str], facts: Counter[str]) -> list[str]:
    """Return what the buyer or the house was not told of, or told twice."""
    steps = Counter(event.status for event in events if event.kind is EventKind.STEP)
    expected = Counter({RECEIVED: 1})
    for status, template in BY_STEP.items():
        expected[template] += steps[status]
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
