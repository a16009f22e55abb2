"""The steps of an order as staff read them: what each button says, asks, and does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.commerce.ordering.letters import BY_STEP
from engine.commerce.ordering.states import OrderStatus, PaymentStatus, Standing, payment_after
from engine.core.i18n import Message, _

S = OrderStatus


@dataclass(frozen=True)
class Step:
    """One button. tells: the buyer gets an e-mail, and the shop may add words of its own."""

    to: OrderStatus
    label: Message
    title: Message
    text: Message
    icon: str
    tells: bool
    is_ending: bool


_WORDS: Mapping[OrderStatus, tuple[Message, Message, Message, str]] = {
    S.CONFIRMED: (
        _("Confirm"),
        _("Confirm this order?"),
        _("You take the order on. The buyer gets a confirmation."),
        "circle-check",
    ),
    S.PROCESSING: (_("Start preparing"), _("Start preparing it?"), _("For your own overview."), "package"),
    S.SHIPPED: (_("Mark as shipped"), _("Has it left?"), _("The buyer is told that it is on its way."), "truck"),
    S.IN_TRANSIT: (_("Mark as on its way"), _("Is it on its way?"), _("The carrier has it."), "truck"),
    S.DELIVERED: (_("Mark as delivered"), _("Has it arrived?"), _("The goods are with the buyer."), "house"),
    S.COMPLETED: (_("Complete"), _("Is everything done?"), _("Nothing is open any more."), "check"),
    S.CANCELLED: (
        _("Cancel order"),
        _("Cancel this order?"),
        _("Its stock goes back on the shelf and the buyer is told. This cannot be undone."),
        "x",
    ),
    S.RETURNED: (
        _("Mark as returned"),
        _("Did it come back?"),
        _("Stock stays as it is: count the goods in when you have looked at them."),
        "undo-2",
    ),
    S.REFUNDED: (
        _("Mark as refunded"),
        _("Has the buyer the money back?"),
        _("Send the money first: this only keeps that it was sent, and tells the buyer."),
        "undo-2",
    ),
}
_ENDINGS = frozenset({S.CANCELLED, S.RETURNED, S.REFUNDED})
_HANDED_OVER = _("Hand over")
_PAID = _(
    "Its stock goes back on the shelf and the buyer is told. This cannot be undone. The money does not go back by"
    " itself: you send it from this page afterwards."
)


def steps_of(order: Standing, states: Sequence[OrderStatus]) -> list[Step]:
    """Return the buttons that lead an order to these states, in their order."""
    found = []
    for to in states:
        label, title, text, icon = _WORDS[to]
        if to is S.DELIVERED and not order.is_shipped:
            label = _HANDED_OVER
        if to is S.CANCELLED and payment_after(order, to) is PaymentStatus.REFUND_NEEDED:
            text = _PAID
        found.append(
            Step(to, label, title, text, icon, tells=to in BY_STEP or to is S.REFUNDED, is_ending=to in _ENDINGS)
        )
    return found
