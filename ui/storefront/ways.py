"""The ways to pay, in words."""

from collections.abc import Mapping

from engine.commerce.ordering.rules import PaymentMethod
from engine.core.i18n import Message, _

#: By way: what it is called, and what comes of it.
WAYS: Mapping[str, tuple[Message, Message]] = {
    PaymentMethod.CARD: (_("Card (test)"), _("You pay on the next page. It is a trial: no money moves.")),
    PaymentMethod.MANUAL: (_("Bank transfer or cash"), _("You order now and pay afterwards.")),
}
