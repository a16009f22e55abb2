"""The states of an order: one table of the steps between them, with who may make each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from engine.core.errors import Conflict, NotAllowed
from engine.core.i18n import Message, _


class OrderStatus(StrEnum):
    """The guide's ten states."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    PROCESSING = "processing"
    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    RETURNED = "returned"


class PaymentStatus(StrEnum):
    """Where the money is."""

    PENDING = "pending"
    PAID = "paid"
    REFUND_NEEDED = "refund_needed"
    REFUNDED = "refunded"


class Party(StrEnum):
    """Who makes a step: the buyer on their own order, staff who manage orders, or the house itself."""

    BUYER = "buyer"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides which steps an order may take. has_goods: False where a form asked for it."""

    number: str
    status: OrderStatus
    payment_status: PaymentStatus
    is_shipped: bool
    has_goods: bool = True


S = OrderStatus
_STAFF = frozenset({Party.STAFF, Party.SYSTEM})
_ANY = frozenset(Party)

#: From each state, the states that may follow and who may take the step. The likeliest next one stands first.
STEPS: Mapping[OrderStatus, Mapping[OrderStatus, frozenset[Party]]] = MappingProxyType(
    {
        S.PENDING: {S.CONFIRMED: _STAFF, S.CANCELLED: _ANY},
        S.CONFIRMED: {
            S.SHIPPED: _STAFF,
            S.PROCESSING: _STAFF,
            S.DELIVERED: _STAFF,
            S.CANCELLED: _STAFF,
            S.COMPLETED: frozenset({Party.SYSTEM}),
        },
        S.PROCESSING: {S.SHIPPED: _STAFF, S.DELIVERED: _STAFF, S.CANCELLED: _STAFF},
        S.SHIPPED: {S.DELIVERED: _STAFF, S.IN_TRANSIT: _STAFF, S.RETURNED: _STAFF},
        S.IN_TRANSIT: {S.DELIVERED: _STAFF, S.RETURNED: _STAFF},
        S.DELIVERED: {S.COMPLETED: _STAFF, S.RETURNED: _STAFF, S.REFUNDED: _STAFF},
        S.COMPLETED: {S.RETURNED: _STAFF, S.REFUNDED: _STAFF, S.CANCELLED: _STAFF},
        S.CANCELLED: {S.REFUNDED: _STAFF},
        S.RETURNED: {S.REFUNDED: _STAFF},
        S.REFUNDED: {},
    }
)
#: Steps of parcels: an order that is picked up or downloaded never takes them, and is handed over instead.
BY_PARCEL = frozenset({S.SHIPPED, S.IN_TRANSIT})
BEFORE_HANDING_OVER = frozenset({S.CONFIRMED, S.PROCESSING})
#: Without goods an order is done once it is paid, and whoever takes it back has only its money to return.
WITHOUT_GOODS = frozenset({S.CANCELLED, S.REFUNDED})
ONLY_WITHOUT_GOODS = frozenset({(S.CONFIRMED, S.COMPLETED), (S.COMPLETED, S.CANCELLED)})

NAMES: Mapping[OrderStatus, Message] = MappingProxyType(
    {
        S.PENDING: _("pending"),
        S.CONFIRMED: _("confirmed"),
        S.PROCESSING: _("being prepared"),
        S.SHIPPED: _("shipped"),
        S.IN_TRANSIT: _("on its way"),
        S.DELIVERED: _("delivered"),
        S.COMPLETED: _("completed"),
        S.CANCELLED: _("cancelled"),
        S.REFUNDED: _("refunded"),
        S.RETURNED: _("returned"),
    }
)


def next_steps(order: Standing, party: Party) -> list[OrderStatus]:
    """Return the states that this party may bring the order to now, the likeliest first."""
    return [to for to, parties in STEPS[order.status].items() if party in parties and _fits(order, to)]


def check_step(order: Standing, to: OrderStatus, party: Party) -> None:
    """Raise Conflict when the order cannot go there from where it is, NotAllowed when this party may not take it."""
    parties = STEPS[order.status].get(to)
    if parties is None or not _fits(order, to):
        open_to = [NAMES[state] for state in STEPS[order.status] if _fits(order, state)]
        if not open_to:
            raise Conflict(
                _("Order {number} is {status}, and that is final."), number=order.number, status=NAMES[order.status]
            )
        raise Conflict(
            _("Order {number} is {status} and cannot become {to}. It can become: {choices}."),
            number=order.number,
            status=NAMES[order.status],
            to=NAMES[to],
            choices=", ".join(str(name) for name in open_to),
        )
    if party not in parties:
        raise NotAllowed(
            _("Order {number} is {status}; only the shop can make it {to} now. Ask them."),
            number=order.number,
            status=NAMES[order.status],
            to=NAMES[to],
        )


def payment_after(order: Standing, to: OrderStatus) -> PaymentStatus:
    """Return where the money is once the step is taken: what was paid for goods that come back is owed."""
    if to is S.REFUNDED:
        return PaymentStatus.REFUNDED
    if to in (S.CANCELLED, S.RETURNED) and order.payment_status is PaymentStatus.PAID:
        return PaymentStatus.REFUND_NEEDED
    return order.payment_status


def _fits(order: Standing, to: OrderStatus) -> bool:
    is_only = (order.status, to) in ONLY_WITHOUT_GOODS
    if is_only if order.has_goods else not (is_only or to in WITHOUT_GOODS):
        return False
    if to is S.REFUNDED:
        return order.payment_status in (PaymentStatus.PAID, PaymentStatus.REFUND_NEEDED)
    if to in BY_PARCEL:
        return order.is_shipped
    if to is S.DELIVERED and order.status in BEFORE_HANDING_OVER:
        return not order.is_shipped
    return True
