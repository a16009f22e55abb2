"""An order's money as staff read it: what has to go back, and what the buyer tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.commerce.ordering.ledger import Ledger
from engine.commerce.ordering.rules import PaymentMethod
from engine.commerce.ordering.settling import REASONS, AttemptStatus
from engine.commerce.ports import TEST
from engine.core.i18n import Message, _
from engine.core.ids import new_secret
from engine.core.money import Money
from ui.storefront.paying import FAILURES

WAYS: Mapping[PaymentMethod, Message] = {
    PaymentMethod.MANUAL: _("Bank transfer or cash"),
    PaymentMethod.CARD: _("Card"),
}
_STATES: Mapping[AttemptStatus, tuple[Message, str]] = {
    AttemptStatus.STARTED: (_("Begun"), "neutral"),
    AttemptStatus.OPEN: (_("At the payment page"), "info"),
    AttemptStatus.PROCESSING: (_("The bank works on it"), "info"),
    AttemptStatus.SUCCEEDED: (_("Paid"), "success"),
    AttemptStatus.FAILED: (_("Did not go through"), "danger"),
    AttemptStatus.CANCELLED: (_("Closed"), "neutral"),
}


@dataclass(frozen=True)
class Owed:
    """One payment that has to go back. is_online: the payment provider can send it. key: makes sending it once."""

    id: UUID
    amount: Money
    reason: Message
    is_online: bool
    key: str


@dataclass(frozen=True)
class Tried:
    """One attempt to pay. name: the provider's name for it."""

    id: UUID
    at: datetime
    provider: Message | str
    state: Message
    meaning: str
    amount: Money
    why: Message | str
    name: str


def owed_of(found: Ledger) -> list[Owed]:
    """Return what has to go back."""
    return [Owed(line.id, line.amount, REASONS[line.reason], line.is_online, new_secret()) for line in found.owed]


def tried_of(found: Ledger) -> list[Tried]:
    """Return the attempts, the latest first."""
    return [
        Tried(
            id=line.id,
            at=line.created_at,
            provider=_("Test gateway") if line.provider == TEST else line.provider.capitalize(),
            state=_STATES[line.status][0],
            meaning=_STATES[line.status][1],
            amount=line.amount,
            why=FAILURES.get(line.failure, line.failure),
            name=line.intent_id or "",
        )
        for line in reversed(found.attempts)
    ]
