"""What ordering holds of a person: orders, which the law makes us keep for years, and a cart."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, delete, exists, or_, select, update

from engine.commerce.ordering.facts import OrderUpdated
from engine.commerce.ordering.models import Cart, CartItem, EventKind, Order, OrderEvent, OrderItem
from engine.core.i18n import _
from engine.core.persons import Person, PersonalData, Retention
from engine.core.transaction import Tx

BATCH = 200
#: Who bought, once nobody is to know.
NOBODY = "–"
_ORDER = (
    Order.id,
    Order.number,
    Order.created_at,
    Order.email,
    Order.name,
    Order.status,
    Order.payment_status,
    Order.currency,
    Order.subtotal_minor,
    Order.shipping_minor,
    Order.tax_minor,
    Order.total_minor,
    Order.shipping_address,
    Order.note,
)


def _bought(person: Person) -> ColumnElement[bool]:
    own = Order.email == person.email
    return or_(own, Order.user_id == person.user_id) if person.user_id else own


def _orders(connection: Connection, person: Person) -> list[dict[str, Any]]:
    found = [dict(row._mapping) for row in connection.execute(select(*_ORDER).where(_bought(person)))]  # noqa: SLF001
    lines = connection.execute(
        select(OrderItem.order_id, OrderItem.name, OrderItem.sku, OrderItem.quantity, OrderItem.total_minor).where(
            OrderItem.order_id.in_([order["id"] for order in found])
        )
    )
    bought: dict[UUID, list[dict[str, Any]]] = {}
    for line in lines:
        bought.setdefault(line.order_id, []).append(
            {"name": line.name, "sku": line.sku, "quantity": line.quantity, "total_minor": line.total_minor}
        )
    return [{**order, "items": bought.get(order["id"], [])} for order in found]


async def _erase_orders(tx: Tx, person: Person) -> int:
    """Take everything of the buyer out of their orders but what an invoice must say: name and address."""
    rows = (await tx.execute(select(Order.id, Order.status).where(_bought(person)))).all()
    ids = [row.id for row in rows]
    await tx.execute(update(Order).where(Order.id.in_(ids)).values(email="", note="", user_id=None))
    await _erase_story(tx, ids, person)
    tx.publish(*(OrderUpdated(row.id, str(row.status)) for row in rows))
    return len(ids)


async def _erase_story(tx: Tx, ids: Sequence[UUID], person: Person) -> None:
    own = [OrderEvent.actor == person.email]
    if person.name:
        own.append(OrderEvent.actor == person.name)
    if person.user_id:
        own.append(OrderEvent.user_id == person.user_id)
    await tx.execute(
        update(OrderEvent).where(OrderEvent.order_id.in_(ids), or_(*own)).values(actor=NOBODY, user_id=None)
    )
    notes = (OrderEvent.order_id.in_(ids), OrderEvent.kind == EventKind.NOTE)
    await tx.execute(update(OrderEvent).where(*notes).values(note=NOBODY))


def _old_orders(before: datetime) -> Select[Any, Any]:
    return select(Order.id, Order.status).where(Order.created_at < before, Order.name != NOBODY)


async def _forget_buyers(tx: Tx, before: datetime) -> int:
    """Take the buyer out of orders that the law does not make us keep any more; the sums stay."""
    rows = (await tx.execute(_old_orders(before).limit(BATCH))).all()
    ids = [row.id for row in rows]
    nobody = {"email": "", "name": NOBODY, "note": "", "shipping_address": None, "user_id": None}
    await tx.execute(update(Order).where(Order.id.in_(ids)).values(**nobody))
    await tx.execute(update(OrderEvent).where(OrderEvent.order_id.in_(ids)).values(actor=NOBODY, user_id=None, note=""))
    tx.publish(*(OrderUpdated(row.id, str(row.status)) for row in rows))
    return len(ids)


def _cart(connection: Connection, person: Person) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(CartItem.variant_id, CartItem.quantity, CartItem.created_at)
        .join(Cart, Cart.id == CartItem.cart_id)
        .where(Cart.user_id == person.user_id, Cart.user_id.is_not(None))
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name for it


async def _erase_cart(tx: Tx, person: Person) -> int:
    if person.user_id is None:
        return 0
    done = await tx.execute(delete(Cart).where(Cart.user_id == person.user_id).returning(Cart.id))
    return len(done.all())


def _old_carts(before: datetime) -> Select[Any]:
    has_items = exists(select(CartItem.id).where(CartItem.cart_id == Cart.id))
    return select(Cart.id).where(Cart.user_id.is_(None), Cart.updated_at < before, has_items)


async def _forget_carts(tx: Tx, before: datetime) -> int:
    """Forget what guests left in their carts."""
    ids = list(await tx.scalars(_old_carts(before).limit(BATCH)))
    await tx.execute(delete(Cart).where(Cart.id.in_(ids)))
    return len(ids)


PERSONAL = (
    PersonalData("orders", _("Orders"), _orders, _erase_orders, keeps=(Order.name, Order.shipping_address)),
    PersonalData("cart", _("Cart"), _cart, _erase_cart),
)
RETENTIONS = (
    Retention("order_years", _("Who bought, once the law does not make us keep it"), _forget_buyers, _old_orders),
    Retention("cart_days", _("Carts that guests left"), _forget_carts, _old_carts),
)
