"""What happened to carts, orders and payments. Names are the guide's where it has one."""

from dataclasses import dataclass
from uuid import UUID

from engine.core.facts import Fact


@dataclass(frozen=True)
class CartUpdated(Fact, name="cart.updated"):
    """What is in a cart changed."""

    cart_id: UUID


@dataclass(frozen=True)
class OrderCreated(Fact, name="order.created"):
    """An order was placed; its stock is taken."""

    order_id: UUID
    number: str
    total_minor: int
    currency: str


@dataclass(frozen=True)
class OrderConfirmed(Fact, name="order.confirmed"):
    """The shop took the order on."""

    order_id: UUID


@dataclass(frozen=True)
class OrderShipped(Fact, name="order.shipped"):
    """The parcel left."""

    order_id: UUID


@dataclass(frozen=True)
class OrderDelivered(Fact, name="order.delivered"):
    """The goods are with the buyer."""

    order_id: UUID


@dataclass(frozen=True)
class OrderCancelled(Fact, name="order.cancelled"):
    """The order will not be filled; its stock is back."""

    order_id: UUID


@dataclass(frozen=True)
class OrderRefunded(Fact, name="order.refunded"):
    """The buyer has the money back."""

    order_id: UUID
    total_minor: int
    currency: str


@dataclass(frozen=True)
class OrderUpdated(Fact, name="order.updated"):
    """The order took a step that has no name of its own, or bears a new note."""

    order_id: UUID
    status: str


@dataclass(frozen=True)
class PaymentFailed(Fact, name="payment.failed"):
    """An attempt to pay came to nothing. failure: the provider's word for why."""

    order_id: UUID
    attempt_id: UUID
    failure: str


@dataclass(frozen=True)
class RefundNeeded(Fact, name="payment.refund_needed"):
    """Money arrived that has to go back, or was paid for what is not sent. reason: a RefundReason."""

    order_id: UUID
    refund_id: UUID
    amount_minor: int
    currency: str
    reason: str


@dataclass(frozen=True)
class PaymentRefunded(Fact, name="payment.refunded"):
    """A payment went back to the buyer."""

    order_id: UUID
    refund_id: UUID
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class PaymentSucceeded(Fact, name="payment.succeeded"):
    """Money for an order arrived."""

    order_id: UUID
    payment_id: UUID
    amount_minor: int
    currency: str
