"""What is shown of carts and orders: frozen values, made from rows, that also survive a trip through JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from engine.commerce.ordering.models import EventKind
from engine.commerce.ordering.rules import DeliveryMethod, PaymentMethod
from engine.commerce.ordering.states import OrderStatus, Party, PaymentStatus, Standing, next_steps
from engine.core.addresses import Address


class Trouble(StrEnum):
    """Why a line of a cart cannot be bought as it stands."""

    GONE = "gone"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class CartLine:
    """One line of a cart at today's price. left: pieces that can be had, None where they are not counted.

    was_minor: the price at which it was put in, where it is another now.
    """

    id: UUID
    product_id: UUID
    variant_id: UUID
    name: str
    variant_title: str
    sku: str
    url: str
    image_url: str | None
    quantity: int
    unit_price_minor: int
    is_shippable: bool
    left: int | None
    was_minor: int | None
    trouble: Trouble | None

    @property
    def total_minor(self) -> int:
        return self.unit_price_minor * self.quantity


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart as its holder sees it. id None: there is none yet."""

    id: UUID | None
    currency: str
    lines: tuple[CartLine, ...]

    @property
    def subtotal_minor(self) -> int:
        return sum(line.total_minor for line in self.lines)

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def needs_delivery(self) -> bool:
        return any(line.is_shippable for line in self.lines)

    @property
    def has_trouble(self) -> bool:
        return any(line.trouble for line in self.lines)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of an order, as it was agreed."""

    id: UUID
    product_id: UUID | None
    variant_id: UUID | None
    name: str
    variant_title: str
    sku: str
    url: str
    image_url: str | None
    quantity: int
    unit_price_minor: int
    total_minor: int
    tax_minor: int
    is_shippable: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of an order's story."""

    id: UUID
    kind: EventKind
    status: OrderStatus
    note: str
    actor: str
    user_id: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order with its lines and its story, oldest event first."""

    id: UUID
    number: str
    user_id: UUID | None
    email: str
    name: str
    status: OrderStatus
    payment_status: PaymentStatus
    payment_method: PaymentMethod
    shipping_method: DeliveryMethod | None
    shipping_label: str
    currency: str
    subtotal_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    tax_label: str
    tax_rate_percent: str
    is_tax_included: bool
    shipping_address: Address | None
    note: str
    created_at: datetime
    lines: tuple[OrderLine, ...]
    events: tuple[EventView, ...]
    payment_due_at: datetime | None = None
    expired_at: datetime | None = None
    entry_id: UUID | None = None

    @property
    def standing(self) -> Standing:
        """What decides which steps it may take."""
        is_shipped = self.shipping_method is DeliveryMethod.FLAT_RATE
        return Standing(self.number, self.status, self.payment_status, is_shipped, self.entry_id is None)

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def is_payable(self) -> bool:
        """Whether money for it may still arrive."""
        ended = (OrderStatus.CANCELLED, OrderStatus.REFUNDED, OrderStatus.RETURNED)
        return self.payment_status is PaymentStatus.PENDING and self.status not in ended

    @property
    def public_events(self) -> tuple[EventView, ...]:
        """The story without staff's own notes."""
        return tuple(event for event in self.events if event.kind is not EventKind.NOTE)

    def next_steps(self, party: Party) -> list[OrderStatus]:
        """Return the states that the party may bring it to now."""
        return next_steps(self.standing, party)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list."""

    id: UUID
    number: str
    email: str
    name: str
    status: OrderStatus
    payment_status: PaymentStatus
    currency: str
    total_minor: int
    pieces: int
    created_at: datetime


_LINE = tuple(OrderLine.__dataclass_fields__)
_EVENT = tuple(EventView.__dataclass_fields__)
_ORDER = tuple(name for name in OrderView.__dataclass_fields__ if name not in ("lines", "events", "shipping_address"))
_adapter = TypeAdapter(OrderView)


def order_view(order: Any, items: Iterable[Any], events: Iterable[Any]) -> OrderView:
    """Return an order's view from its rows, in their order; they may be mapped objects or plain rows."""
    address = order.shipping_address
    return OrderView(
        **{name: getattr(order, name) for name in _ORDER},
        shipping_address=Address(**address) if address else None,
        lines=tuple(OrderLine(**{name: getattr(item, name) for name in _LINE}) for item in items),
        events=tuple(EventView(**{name: getattr(event, name) for name in _EVENT}) for event in events),
    )


def order_json(view: OrderView) -> dict[str, Any]:
    """Return the view as JSON values."""
    values: dict[str, Any] = _adapter.dump_python(view, mode="json")
    return values


def order_from_json(values: Any) -> OrderView:
    """Return the view that `order_json` wrote down."""
    return _adapter.validate_python(values, strict=False)
