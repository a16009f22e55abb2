"""Reads for pages of carts and orders: a few Core selects each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    Select,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from engine.commerce.catalog import public as catalog
from engine.commerce.ordering.models import Cart, CartItem, Order, OrderEvent, OrderItem
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.commerce.ordering.views import CartLine, CartView, OrderRow, OrderView, Trouble, order_view
from engine.core.actor import Actor
from engine.core.addresses import Address
from engine.core.counting import EXACT, count
from engine.core.paging import Page, PageRequest

_orders = Order.__table__
_items = OrderItem.__table__
_events = OrderEvent.__table__
#: What needs the shop's hands.
TO_SHIP = (OrderStatus.CONFIRMED, OrderStatus.PROCESSING)
ENDED = (OrderStatus.CANCELLED, OrderStatus.REFUNDED, OrderStatus.RETURNED)
AT_WORK = (OrderStatus.PENDING, *TO_SHIP)
_OUT = [status for status in OrderStatus if status not in AT_WORK]
_SENT = [status for status in _OUT if status not in ENDED]
_OWED, _GOES_BACK = PaymentStatus.PENDING, PaymentStatus.REFUND_NEEDED


def order_count(connection: Connection, user_id: UUID) -> int:
    """Return how many orders an account has."""
    return connection.scalar(select(func.count()).select_from(Order).where(Order.user_id == user_id)) or 0


def cart_of(connection: Connection, actor: Actor, cart_id: UUID | None, currency: str) -> CartView:
    """Return the cart that the actor holds: their own, or the guest's cart with this id; an empty one otherwise."""
    is_held = Cart.user_id == actor.user_id if actor.is_signed_in else (Cart.id == cart_id) & Cart.user_id.is_(None)
    found = connection.scalar(select(Cart.id).where(is_held)) if actor.is_signed_in or cart_id else None
    if found is None:
        return CartView(None, currency, ())
    return cart(connection, found, currency)


def cart(connection: Connection, cart_id: UUID, currency: str) -> CartView:
    """Return a cart with today's prices."""
    rows = connection.execute(
        select(CartItem.id, CartItem.variant_id, CartItem.quantity, CartItem.unit_price_minor)
        .where(CartItem.cart_id == cart_id)
        .order_by(CartItem.id)
    ).all()
    offers = catalog.offers(connection, [row.variant_id for row in rows])
    return CartView(cart_id, currency, tuple(_line(row, offers[row.variant_id]) for row in rows))


def _line(row: Any, offer: catalog.Offer) -> CartLine:
    is_short = offer.stock is not None and offer.stock < row.quantity
    is_gone = not offer.is_available and offer.stock != 0
    return CartLine(
        id=row.id,
        product_id=offer.product_id,
        variant_id=offer.variant_id,
        name=offer.product_name,
        variant_title=offer.variant_title,
        sku=offer.sku,
        url=offer.url,
        image_url=offer.image_url,
        quantity=row.quantity,
        unit_price_minor=offer.unit_price_minor,
        is_shippable=offer.is_shippable,
        left=offer.stock,
        was_minor=row.unit_price_minor if row.unit_price_minor != offer.unit_price_minor else None,
        trouble=Trouble.GONE if is_gone else Trouble.SHORT if is_short else None,
    )


def pieces_in(connection: Connection, actor: Actor, cart_id: UUID | None) -> int:
    """Return how many pieces are in the actor's cart."""
    if not actor.is_signed_in and cart_id is None:
        return 0
    is_held = Cart.user_id == actor.user_id if actor.is_signed_in else (Cart.id == cart_id) & Cart.user_id.is_(None)
    return (
        connection.scalar(
            select(func.coalesce(func.sum(CartItem.quantity), 0)).join(Cart, Cart.id == CartItem.cart_id).where(is_held)
        )
        or 0
    )


def order(connection: Connection, order_id: UUID, *, user_id: UUID | None = None) -> OrderView | None:
    """Return an order with its lines and story; user_id: only if it is this person's."""
    statement = select(_orders).where(_orders.c.id == order_id)
    if user_id is not None:
        statement = statement.where(_orders.c.user_id == user_id)
    found = connection.execute(statement).first()
    return _views(connection, [found])[0] if found else None


def last_address(connection: Connection, user_id: UUID) -> Address | None:
    """Return where a person's last order went."""
    rows = connection.execute(
        select(Order.shipping_address).where(Order.user_id == user_id).order_by(Order.id.desc()).limit(10)
    )
    return next((Address(**row.shipping_address) for row in rows if row.shipping_address), None)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders: a person's own, in these states, by where the money is, by words in number, name or e-mail.

    found: those that the search index found the words in (`finding.narrowed`); None has each order looked through.
    """

    user_id: UUID | None = None
    statuses: Sequence[OrderStatus] = ()
    payment_statuses: Sequence[PaymentStatus] = ()
    search: str = ""
    found: Sequence[UUID] | None = None

    @property
    def words(self) -> str:
        """What is searched for, as orders can hold it."""
        return self.search.replace("\x00", "").strip().removeprefix("#")[:200]

    def clauses(self) -> list[ColumnElement[bool]]:
        """Return the conditions."""
        found: list[ColumnElement[bool]] = []
        if self.user_id is not None:
            found.append(Order.user_id == self.user_id)
        if self.statuses:
            found.append(Order.status.in_(self.statuses))
        if self.payment_statuses:
            found.append(Order.payment_status.in_(self.payment_statuses))
        words = self.words
        if words and self.found is not None:
            found.append(or_(Order.id.in_(self.found), Order.number == words, Order.email.in_((words, words.lower()))))
        elif words:
            found.append(
                or_(
                    Order.number.startswith(words, autoescape=True),
                    Order.email.icontains(words, autoescape=True),
                    Order.name.icontains(words, autoescape=True),
                )
            )
        return found


def orders(connection: Connection, wanted: OrderFilter, request: PageRequest) -> Page[OrderView]:
    """Return whole orders, newest first."""
    clauses = wanted.clauses()
    total = count(connection, select(Order.id).where(*clauses))
    rows = connection.execute(
        select(_orders).where(*clauses).order_by(_orders.c.id.desc()).offset(request.offset).limit(request.limit)
    ).all()
    return Page.of(_views(connection, rows), total, request)


def order_rows(connection: Connection, wanted: OrderFilter, request: PageRequest) -> Page[OrderRow]:
    """Return orders as a list shows them, newest first."""
    clauses = wanted.clauses()
    total = count(connection, select(Order.id).where(*clauses))
    pieces = (
        select(func.coalesce(func.sum(OrderItem.quantity), 0)).where(OrderItem.order_id == Order.id).scalar_subquery()
    )
    columns = [getattr(Order, name) for name in OrderRow.__dataclass_fields__ if name != "pieces"]
    shown = select(Order.id).where(*clauses).order_by(Order.id.desc()).offset(request.offset).limit(request.limit)
    rows = connection.execute(
        select(*columns, pieces.label("pieces")).where(Order.id.in_(shown)).order_by(Order.id.desc())
    )
    return Page.of([OrderRow(**row._mapping) for row in rows], total, request)  # noqa: SLF001 - SQLAlchemy's public name


def _views(connection: Connection, rows: Iterable[Row[Any]]) -> list[OrderView]:
    found = list(rows)
    ids = [row.id for row in found]
    items: dict[UUID, list[Row[Any]]] = {order_id: [] for order_id in ids}
    events: dict[UUID, list[Row[Any]]] = {order_id: [] for order_id in ids}
    for item in connection.execute(select(_items).where(_items.c.order_id.in_(ids)).order_by(_items.c.position)):
        items[item.order_id].append(item)
    for event in connection.execute(select(_events).where(_events.c.order_id.in_(ids)).order_by(_events.c.id)):
        events[event.order_id].append(event)
    return [order_view(row, items[row.id], events[row.id]) for row in found]


@dataclass(frozen=True, slots=True)
class OrderCounts:
    """How many orders wait for what."""

    all: int
    pending: int
    to_ship: int
    unpaid: int
    refund_needed: int


def order_counts(connection: Connection) -> OrderCounts:
    """Return how many orders wait for what, in one read."""
    *rows, (_status, _payment, some) = connection.execute(_WAITING).all()
    return OrderCounts(
        all=some if some <= EXACT else count(connection, select(Order.id)),
        pending=sum(row[2] for row in rows if row[0] is OrderStatus.PENDING),
        to_ship=sum(row[2] for row in rows if row[0] in TO_SHIP),
        unpaid=sum(row[2] for row in rows if row[1] is PaymentStatus.PENDING and row[0] not in ENDED),
        refund_needed=sum(row[2] for row in rows if row[1] is PaymentStatus.REFUND_NEEDED),
    )


def _in_states(
    payments: Sequence[PaymentStatus], states: Sequence[OrderStatus]
) -> Select[OrderStatus, PaymentStatus, int]:
    return (
        select(Order.status, Order.payment_status, func.count())
        .where(Order.payment_status.in_(payments), Order.status.in_(states))
        .group_by(Order.status, Order.payment_status)
    )


def _all() -> Select[OrderStatus | None, PaymentStatus | None, int]:
    some = select(literal_column("1").label("one")).select_from(Order).limit(EXACT + 1).subquery()
    nothing = null().label("status"), null().label("payment_status")
    return select(*nothing, func.count()).select_from(some)


#: Of all orders only those that wait for something: each part is read from the index of both states, and there are few.
#: Last comes how many there are of all, up to one more than are counted each time.
_WAITING: CompoundSelect[Any] = union_all(
    _in_states(list(PaymentStatus), AT_WORK), _in_states([_OWED], _SENT), _in_states([_GOES_BACK], _OUT), _all()
)
