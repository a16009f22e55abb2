"""Orders that a form asked for: the entry follows where its money is, in the same transaction."""

from engine.commerce.ordering.models import Order
from engine.commerce.ordering.settling import CLOSED
from engine.commerce.ordering.states import PaymentStatus
from engine.content.forms import public as forms
from engine.content.forms.public import EntryPayment
from engine.core.transaction import Tx

_OPEN = {
    PaymentStatus.PENDING: EntryPayment.AWAITED,
    PaymentStatus.PAID: EntryPayment.PAID,
    PaymentStatus.REFUND_NEEDED: EntryPayment.REFUND_DUE,
    PaymentStatus.REFUNDED: EntryPayment.REFUNDED,
}


def standing_of(order: Order) -> EntryPayment:
    """Return where the money of an order is, as its entry says it."""
    if order.status in CLOSED and order.payment_status is PaymentStatus.PENDING:
        return EntryPayment.CANCELLED
    return _OPEN[order.payment_status]


async def follow(tx: Tx, order: Order) -> None:
    """Let the entry of an order follow it, where a form asked for it."""
    if order.entry_id is not None:
        await forms.stand(tx, order.entry_id, standing_of(order))
