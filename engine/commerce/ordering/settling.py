"""What an answer of the payment provider, or a refund, means for an order. No I/O."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.core.i18n import Message, _
from engine.core.money import Money

#: An online payment that has not arrived by then cancels its order.
PAYMENT_TIME = timedelta(minutes=10)
CLOSED = (OrderStatus.CANCELLED, OrderStatus.REFUNDED, OrderStatus.RETURNED)


class AttemptStatus(StrEnum):
    """Where an attempt to pay stands. started: the provider has not been asked, or its answer was never kept."""

    STARTED = "started"
    OPEN = "open"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: From these a payment may still come that the buyer knows of; an order has at most one such attempt.
LIVE = (AttemptStatus.STARTED, AttemptStatus.OPEN, AttemptStatus.PROCESSING)


class RefundReason(StrEnum):
    """Why money has to go back."""

    TWICE = "twice"
    LATE = "late"
    WRONG_AMOUNT = "wrong_amount"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    REFUNDED = "refunded"
    OUTSIDE = "outside"


class RefundStatus(StrEnum):
    """Whether the buyer has it back."""

    NEEDED = "needed"
    DONE = "done"


REASONS: Mapping[RefundReason, Message] = MappingProxyType(
    {
        RefundReason.TWICE: _("It was paid a second time."),
        RefundReason.LATE: _("It was paid after the order had ended."),
        RefundReason.WRONG_AMOUNT: _("It was another sum than the order comes to."),
        RefundReason.CANCELLED: _("The order was cancelled."),
        RefundReason.RETURNED: _("The goods came back."),
        RefundReason.REFUNDED: _("The shop gives the money back."),
        RefundReason.OUTSIDE: _("It was returned at the payment provider."),
    }
)


def reason_to_return(
    arrived: Money, total: Money, status: OrderStatus, *, is_paid: bool, is_expired: bool
) -> RefundReason | None:
    """Return why money that arrived cannot stay; None where it pays for the order.

    is_expired: the order was cancelled only because it waited for money. Whether its goods are still there shows when
    they are taken.
    """
    if arrived != total:
        return RefundReason.WRONG_AMOUNT
    if is_paid:
        return RefundReason.TWICE
    if status in CLOSED and not (status is OrderStatus.CANCELLED and is_expired):
        return RefundReason.LATE
    return None


def payment_status_of(
    status: OrderStatus, *, is_free: bool, has_kept: bool, has_open: bool, has_returned: bool
) -> PaymentStatus:
    """Return where the money of an order is.

    has_kept: money that nobody has to return; has_open: money that has to be; has_returned: money that was.
    """
    if has_open:
        return PaymentStatus.REFUND_NEEDED
    if has_kept or is_free:
        return PaymentStatus.PAID
    if has_returned and status is not OrderStatus.PENDING:
        return PaymentStatus.REFUNDED
    return PaymentStatus.PENDING
