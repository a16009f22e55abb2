"""Orders and addresses as they cross the wire."""

from datetime import datetime
from uuid import UUID

from engine.api.wire import MoneyWire, PageWire, Wire
from engine.commerce.ordering.letters import status_url
from engine.commerce.ordering.models import EventKind
from engine.commerce.ordering.rules import DeliveryMethod, PaymentMethod
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.commerce.ordering.views import EventView, OrderLine, OrderView
from engine.core.addresses import Address
from engine.core.secrets import Secrets


class AddressWire(Wire):
    """A postal address. country: ISO 3166-1 alpha-2; region: the country's own code where it has one."""

    name: str
    line1: str
    line2: str
    city: str
    region: str
    postal_code: str
    country: str
    phone: str

    @classmethod
    def from_address(cls, address: Address) -> "AddressWire":
        return cls.model_validate(address)


class AddressCreate(Wire):
    """A postal address as it is sent; what its country needs is checked by the country's rules."""

    name: str | None = None
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    phone: str | None = None


class OrderItemWire(Wire):
    """One line of an order, as it was agreed."""

    id: UUID
    product_id: UUID | None
    variant_id: UUID | None
    name: str
    variant_title: str
    sku: str
    url: str
    image: str | None
    quantity: int
    unit_price: MoneyWire
    total: MoneyWire


class OrderEventWire(Wire):
    """One line of an order's story: the state it then had, and who brought it there (for staff only)."""

    id: UUID
    type: EventKind
    status: OrderStatus
    note: str
    actor: str | None
    created_at: datetime


class OrderWire(Wire):
    """An order. tax is inside total; statusUrl is the secret address at which the buyer follows it.

    paymentDueAt: when an online payment must have arrived; later the order is cancelled. entryId: of the form's entry
    that it was made for.
    """

    id: UUID
    number: str
    status: OrderStatus
    payment_status: PaymentStatus
    payment_method: PaymentMethod
    email: str
    name: str
    items: list[OrderItemWire]
    subtotal: MoneyWire
    shipping: MoneyWire
    tax: MoneyWire
    total: MoneyWire
    shipping_method: DeliveryMethod | None
    shipping_address: AddressWire | None
    note: str
    events: list[OrderEventWire]
    status_url: str
    payment_due_at: datetime | None
    entry_id: UUID | None
    created_at: datetime

    @classmethod
    def from_view(cls, order: OrderView, secrets: Secrets, *, for_staff: bool) -> "OrderWire":
        """Return the order; the buyer sees neither staff's notes nor their names."""

        def money(minor: int) -> MoneyWire:
            return MoneyWire.of(minor, order.currency)

        events = order.events if for_staff else order.public_events
        return cls(
            id=order.id,
            number=order.number,
            status=order.status,
            payment_status=order.payment_status,
            payment_method=order.payment_method,
            email=order.email,
            name=order.name,
            items=[_item(line, order.currency) for line in order.lines],
            subtotal=money(order.subtotal_minor),
            shipping=money(order.shipping_minor),
            tax=money(order.tax_minor),
            total=money(order.total_minor),
            shipping_method=order.shipping_method,
            shipping_address=AddressWire.from_address(order.shipping_address) if order.shipping_address else None,
            note=order.note,
            events=[_event(event, for_staff=for_staff) for event in events],
            status_url=status_url(order, secrets),
            payment_due_at=order.payment_due_at,
            entry_id=order.entry_id,
            created_at=order.created_at,
        )


class OrderPage(PageWire[OrderWire]):
    """One page of orders, newest first."""


def _item(line: OrderLine, currency: str) -> OrderItemWire:
    return OrderItemWire(
        id=line.id,
        product_id=line.product_id,
        variant_id=line.variant_id,
        name=line.name,
        variant_title=line.variant_title,
        sku=line.sku,
        url=line.url,
        image=line.image_url,
        quantity=line.quantity,
        unit_price=MoneyWire.of(line.unit_price_minor, currency),
        total=MoneyWire.of(line.total_minor, currency),
    )


def _event(event: EventView, *, for_staff: bool) -> OrderEventWire:
    return OrderEventWire(
        id=event.id,
        type=event.kind,
        status=event.status,
        note=event.note,
        actor=event.actor if for_staff else None,
        created_at=event.created_at,
    )
