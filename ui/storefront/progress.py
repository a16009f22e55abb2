"""How far an order is, and what happens next, as its buyer wants to know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.commerce.ordering.models import EventKind
from engine.commerce.ordering.rules import DeliveryMethod
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.commerce.ordering.views import OrderView
from engine.core.i18n import Message, _

S = OrderStatus
_BY_PARCEL: Sequence[tuple[Message, frozenset[OrderStatus]]] = (
    (_("Confirmed"), frozenset({S.CONFIRMED})),
    (_("Being prepared"), frozenset({S.PROCESSING})),
    (_("On its way"), frozenset({S.SHIPPED, S.IN_TRANSIT})),
    (_("Delivered"), frozenset({S.DELIVERED, S.COMPLETED})),
)
_BY_HAND: Sequence[tuple[Message, frozenset[OrderStatus]]] = (
    (_("Confirmed"), frozenset({S.CONFIRMED})),
    (_("Being prepared"), frozenset({S.PROCESSING})),
    (_("Handed over"), frozenset({S.DELIVERED, S.COMPLETED})),
)
_OF_FORM: Sequence[tuple[Message, frozenset[OrderStatus]]] = (
    (_("Paid"), frozenset({S.CONFIRMED, S.PROCESSING, S.DELIVERED, S.COMPLETED})),
)
_ENDED = frozenset({S.CANCELLED, S.REFUNDED, S.RETURNED})
_NEXT: Mapping[OrderStatus, Message] = {
    S.PENDING: _("We look at your order and confirm it by e-mail."),
    S.CONFIRMED: _("We pack your order. You get an e-mail when it leaves us."),
    S.PROCESSING: _("We pack your order. You get an e-mail when it leaves us."),
    S.SHIPPED: _("The carrier brings it to your address. There is nothing for you to do."),
    S.IN_TRANSIT: _("The carrier brings it to your address. There is nothing for you to do."),
    S.DELIVERED: _("Nothing is left to do. If something is not as it should be, write to us."),
    S.COMPLETED: _("Nothing is left to do. If something is not as it should be, write to us."),
    S.CANCELLED: _("Nothing is sent, and nothing is left to pay."),
    S.REFUNDED: _("The money is on its way back to you, by the way that it came."),
    S.RETURNED: _("We have your goods, and look after the rest."),
}
_PAY_FIRST = _("We send it off once your payment is here: how to pay is said below.")
_COUNTS_PAID = _("What you sent counts once your payment is here: how to pay is said below.")
_PAID = _("Your payment is here. There is nothing more for you to do.")
_OWED = _("What you paid is returned to you. We write to you about it.")
_COLLECT = _("We get it ready, and write to you when you can pick it up.")


@dataclass(frozen=True)
class Step:
    """One stage of an order. at: when it was reached."""

    label: Message
    at: datetime | None
    state: Literal["done", "now", "ahead"]


def steps_of(order: OrderView) -> list[Step]:
    """Return the stages of an order, from the first to the last; none where it ended before its time."""
    if order.status in _ENDED:
        return []
    stages = _BY_PARCEL if order.shipping_method is DeliveryMethod.FLAT_RATE else _BY_HAND
    stages = stages if order.entry_id is None else _OF_FORM
    reached = {event.status: event.created_at for event in reversed(order.events) if event.kind is not EventKind.NOTE}
    here = next((place for place, (_label, states) in enumerate(stages) if order.status in states), -1)
    begun = _("Ordered") if order.entry_id is None else _("Sent")
    steps = [Step(begun, order.created_at, "now" if here < 0 else "done")]
    for place, (label, states) in enumerate(stages):
        at = min((reached[state] for state in states if state in reached), default=None)
        is_last = place == len(stages) - 1
        state: Literal["done", "now", "ahead"] = "done" if place < here or (place == here and is_last) else "ahead"
        steps.append(Step(label, at, "now" if place == here and not is_last else state))
    return steps


def next_of(order: OrderView) -> Message:
    """Return what happens next, and whether it is the buyer's turn."""
    if order.payment_status is PaymentStatus.REFUND_NEEDED:
        return _OWED
    if order.status is S.PENDING and order.is_payable:
        return _PAY_FIRST if order.entry_id is None else _COUNTS_PAID
    if order.entry_id is not None and order.status in _OF_FORM[0][1]:
        return _PAID
    if order.shipping_method is DeliveryMethod.PICKUP and order.status in (S.CONFIRMED, S.PROCESSING):
        return _COLLECT
    return _NEXT[order.status]
