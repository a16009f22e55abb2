"""The orders of a crowd: with lines, story, payment, refund, stock movements, letters, facts and audit lines."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from engine.commerce.catalog.models import MovementReason, StockMovement, Variant
from engine.commerce.ordering.letters import BY_STEP, RECEIVED, REFUNDED
from engine.commerce.ordering.models import (
    FIRST_NUMBER,
    OWN_NUMBERS,
    Counter,
    EventKind,
    Order,
    OrderEvent,
    OrderItem,
    Payment,
    PaymentAttempt,
    Refund,
)
from engine.commerce.ordering.rules import DeliveryMethod, PaymentMethod
from engine.commerce.ordering.settling import AttemptStatus, RefundStatus
from engine.commerce.ordering.states import OrderStatus
from engine.core.audit import AuditEntry, AuditResult
from engine.core.facts import FactRow
from engine.core.tables import table_of
from engine.messaging.models import Message, MessageStatus
from tests.benchmarks.crowd.goods import Good, Goods, Version, moved
from tests.benchmarks.crowd.people import USER, named
from tests.benchmarks.crowd.plan import Plan, Rows, id_at
from tests.benchmarks.crowd.stories import Story, told
from tests.benchmarks.crowd.words import address

ORDER, ITEM, EVENT, PAYMENT, ATTEMPT, REFUND, SALE, FACT, LETTER, AUDIT = range(11, 21)
DELIVERY_MINOR, FREE_FROM_MINOR, TAX_PERCENT = 490, 10_000, 20
MOST_LINES, MOST_ROWS = 4, 16
RESTOCKED = 60
WORKER = "Olive Owner"
TABLES = (Order, OrderItem, OrderEvent, Payment, PaymentAttempt, Refund, StockMovement, FactRow, Message, AuditEntry)
_orders, _items, _events, _payments, _attempts, _refunds, _moves, _facts, _letters, _audit = map(table_of, TABLES)
_counters, _variants = table_of(Counter), table_of(Variant)
_STOCK = update(_variants).where(_variants.c.id == bindparam("variant")).values(stock=bindparam("left"))


class Orders:
    """Orders. Each takes its pieces from the stock, which is filled up where too few are left."""

    name, batch = "orders", 1_000

    def __init__(self, plan: Plan, goods: Goods) -> None:
        self._plan = plan
        self._goods = goods
        self._stock: dict[UUID, int] = {}
        self._touched: set[UUID] = set()
        self._made: Rows = {}

    def prepare(self, connection: Connection) -> None:
        """Look how many pieces there are, and have the shop's own orders numbered from here on."""
        if not self._plan.orders:
            return
        if not (self._plan.people and self._plan.products):
            raise SystemExit("Orders need people who buy and products that they buy: give --people and --products.")
        counted = select(_variants.c.id, _variants.c.stock).where(_variants.c.tracks_stock)
        self._stock = dict(connection.execute(counted).tuples().all())
        connection.execute(delete(_counters).where(_counters.c.name == OWN_NUMBERS.counter))
        last = FIRST_NUMBER - 1 + self._plan.orders
        connection.execute(insert(_counters).values(name=OWN_NUMBERS.counter, value=last))

    def rows(self, start: int, stop: int) -> Rows:
        dice = random.Random(f"{self._plan.seed}:orders:{start}")
        self._made = {table_of(model): [] for model in TABLES}
        for number in range(start, stop):
            self._write(dice, number)
        return self._made

    def finish(self, connection: Connection) -> None:
        """Write how many pieces are left."""
        left = [{"variant": variant, "left": self._stock[variant]} for variant in sorted(self._touched)]
        if left:
            connection.execute(_STOCK, left)
        self._touched.clear()

    def _write(self, dice: random.Random, number: int) -> None:
        plan, at = self._plan, self._plan.ordered_at(number)
        order_id = id_at(at, ORDER, number)
        is_sent = dice.random() < 0.85
        story = told(dice, at, plan.until, is_sent=is_sent)
        lines = self._lines(dice)
        taxes = self._items(order_id, number, at, lines)
        order = self._order(dice, order_id, number, at, story, is_sent, lines, taxes)
        self._made[_orders].append(order)
        self._tell(order, number, at, story)
        self._pay(order, number, story)
        self._take(order_id, number, at, lines, story)

    def _lines(self, dice: random.Random) -> list[tuple[Good, Version, int]]:
        """Return what is bought: some products much more often than others, each version once."""
        chosen: dict[UUID, tuple[Good, Version, int]] = {}
        for _line in range(dice.choices((1, 2, 3, MOST_LINES), (45, 30, 15, 10))[0]):
            good = self._goods.good(int(self._plan.products * dice.random() ** 3))
            version = dice.choice(good.versions)
            chosen[version.id] = (good, version, 1 if dice.random() < 0.85 else 2)
        return list(chosen.values())

    def _items(self, order: UUID, number: int, at: datetime, lines: list[tuple[Good, Version, int]]) -> list[int]:
        taxes = []
        for place, (good, version, pieces) in enumerate(lines):
            total = version.price_minor * pieces
            taxes.append(_tax(total))
            self._made[_items].append(
                {"id": id_at(at, ITEM, number * MOST_LINES + place), "order_id": order, "position": place}
                | {"product_id": good.id, "variant_id": version.id, "name": good.name, "sku": version.sku}
                | {"variant_title": " / ".join(version.choices.values()), "url": f"/products/{good.slug}"}
                | {"image_url": None, "quantity": pieces, "unit_price_minor": version.price_minor}
                | {"total_minor": total, "tax_minor": taxes[-1], "is_shippable": True, "weight_grams": 400}
            )
        return taxes

    def _order(
        self,
        dice: random.Random,
        order_id: UUID,
        number: int,
        at: datetime,
        story: Story,
        is_sent: bool,
        lines: list[tuple[Good, Version, int]],
        taxes: list[int],
    ) -> dict[str, Any]:
        plan = self._plan
        buyer = int(plan.people * dice.random() ** 1.5)
        name, email = named(buyer)
        subtotal = sum(version.price_minor * pieces for _good, version, pieces in lines)
        delivery = DELIVERY_MINOR if is_sent and subtotal < FREE_FROM_MINOR else 0
        user = id_at(plan.came_at(buyer, plan.people), USER, buyer) if dice.random() < 0.7 else None
        latest = max([at, *(moment for _state, moment in story.steps)])
        return (
            {"id": order_id, "number": str(FIRST_NUMBER + number), "user_id": user, "email": email, "name": name}
            | {"status": story.status, "payment_status": story.payment_status, "currency": plan.currency}
            | {"payment_method": PaymentMethod.CARD if dice.random() < 0.7 else PaymentMethod.MANUAL}
            | {"shipping_method": DeliveryMethod.FLAT_RATE if is_sent else DeliveryMethod.PICKUP}
            | {"shipping_label": "Standard delivery" if is_sent else "Pick-up", "note": ""}
            | {"subtotal_minor": subtotal, "shipping_minor": delivery, "total_minor": subtotal + delivery}
            | {"tax_minor": sum(taxes) + _tax(delivery), "shipping_tax_minor": _tax(delivery), "tax_label": "VAT"}
            | {"tax_rate_percent": str(TAX_PERCENT), "is_tax_included": True}
            | {"shipping_address": address(dice, name) if is_sent else None, "payment_due_at": None}
            | {"expired_at": None, "entry_id": None, "created_at": at, "updated_at": latest}
        )

    def _tell(self, order: dict[str, Any], number: int, at: datetime, story: Story) -> None:
        """Write the order's story, what the house heard of it, and the letters that went out."""
        told = [(EventKind.PLACED, OrderStatus.PENDING, at)]
        told += [(EventKind.PAYMENT, OrderStatus.PENDING, story.paid_at)] if story.paid_at else []
        told += [(EventKind.STEP, state, moment) for state, moment in story.steps]
        for place, (kind, state, moment) in enumerate(told):
            who = WORKER if kind is EventKind.STEP else order["name"]
            self._made[_events].append(
                {"id": id_at(moment, EVENT, number * MOST_ROWS + place), "order_id": order["id"], "kind": kind}
                | {"status": state, "note": "", "actor": who, "user_id": None, "created_at": moment}
            )
        facts = {"order_id": str(order["id"]), "number": order["number"], "currency": order["currency"]}
        self._fact("order.created", order, number, 0, at, facts | {"total_minor": order["total_minor"]})
        self._made[_audit].append(
            {"id": id_at(at, AUDIT, number), "user_id": order["user_id"], "actor": order["email"], "created_at": at}
            | {"action": "order.place", "resource_type": "order", "resource_id": order["id"], "ip_address": ""}
            | {"details": {"number": order["number"]}, "result": AuditResult.SUCCESS}
        )
        letters = [(RECEIVED, at), *((BY_STEP[state], when) for state, when in story.steps if state in BY_STEP)]
        letters += [(REFUNDED, story.returned_at)] if story.back and story.returned_at else []
        if at >= self._plan.until - timedelta(days=self._plan.told_days):
            self._made[_letters] += self._sent(order, number, letters)

    def _sent(
        self, order: dict[str, Any], number: int, letters: Iterable[tuple[str, datetime]]
    ) -> list[dict[str, Any]]:
        return [
            {"id": id_at(at, LETTER, number * MOST_ROWS + place), "template": template, "locale": "en"}
            | {"recipient": order["email"], "contents": {}, "about": order["id"], "status": MessageStatus.KEPT}
            | {"subject": f"Your order {order['number']}", "text": f"Hello {order['name']}", "created_at": at}
            | {"updated_at": at}
            for place, (template, at) in enumerate(letters)
        ]

    def _fact(
        self, name: str, order: dict[str, Any], number: int, place: int, at: datetime, payload: dict[str, Any]
    ) -> None:
        id_ = id_at(at, FACT, number * MOST_ROWS + place)
        self._made[_facts].append({"id": id_, "name": name, "about": order["id"], "payload": payload, "created_at": at})

    def _pay(self, order: dict[str, Any], number: int, story: Story) -> None:
        if story.paid_at is None:
            return
        at, payment = story.paid_at, id_at(story.paid_at, PAYMENT, number)
        money = {"order_id": order["id"], "amount_minor": order["total_minor"], "currency": order["currency"]}
        self._made[_payments].append(
            {"id": payment, "method": order["payment_method"], "note": "", "user_id": None, "created_at": at, **money}
        )
        if order["payment_method"] is PaymentMethod.CARD:
            self._made[_attempts].append(
                {"id": id_at(at, ATTEMPT, number), "provider": "crowd", "status": AttemptStatus.SUCCEEDED, **money}
                | {"origin": "", "intent_id": f"crowd_{number}", "page_url": "", "failure": "", "payment_id": payment}
                | {"created_at": at, "updated_at": at}
            )
        if story.back is not None:
            done, begun = story.returned_at, story.steps[-1][1]
            refund = id_at(begun, REFUND, number)
            self._made[_refunds].append(
                {"id": refund, "payment_id": payment, "reason": story.back, "receipt": "", "user_id": None, **money}
                | {"status": RefundStatus.DONE if done else RefundStatus.NEEDED, "done_at": done}
                | {"created_at": begun, "updated_at": done or begun}
            )
            is_told = order["created_at"] >= self._plan.until - timedelta(days=self._plan.told_days)
            if done and is_told:
                told = {"refund_id": str(refund), "order_id": str(order["id"])}
                told |= {"amount_minor": order["total_minor"], "currency": order["currency"]}
                self._fact("payment.refunded", order, number, 1, done, told)

    def _take(
        self, order: UUID, number: int, at: datetime, lines: list[tuple[Good, Version, int]], story: Story
    ) -> None:
        """Take the pieces from the stock, and put back at once what will be cancelled: so the history adds up."""
        cancelled_at = next((moment for state, moment in story.steps if state is OrderStatus.CANCELLED), None)
        place = number * MOST_ROWS
        for _good, version, pieces in lines:
            if version.id not in self._stock:
                continue
            self._touched.add(version.id)
            changes = [(MovementReason.CORRECTION, RESTOCKED)] if self._stock[version.id] < pieces else []
            changes += [(MovementReason.SOLD, -pieces)]
            changes += [(MovementReason.RETURNED, pieces)] if cancelled_at else []
            for reason, change in changes:
                self._stock[version.id] += change
                about = None if reason is MovementReason.CORRECTION else order
                when = cancelled_at if reason is MovementReason.RETURNED else at
                line = moved(id_at(at, SALE, place), version.id, change, self._stock[version.id], about)
                self._made[_moves].append(line | {"reason": reason, "created_at": when})
                place += 1


def _tax(minor: int) -> int:
    """Return the tax within a sum."""
    return round(minor * TAX_PERCENT / (100 + TAX_PERCENT))
