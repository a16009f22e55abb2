"""What commerce asks of the world: a provider that takes payments on a page of its own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from engine.core.errors import Conflict, Invalid
from engine.core.i18n import _
from engine.core.money import Money

TEST = "test"
STRIPE = "stripe"


class PaymentRefused(Conflict):
    """The provider will do this neither now nor later; where it may later, the error is Unavailable."""


class IntentState(StrEnum):
    """Where the provider stands with money it was asked for. Only an open one can be paid."""

    OPEN = "open"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """What the provider is asked to take. reference: the attempt's id, which comes back with every event.

    title: what the buyer reads there. return_url, cancel_url: whole addresses the buyer comes back to.
    """

    reference: UUID
    title: str
    amount: Money
    email: str
    return_url: str
    cancel_url: str
    locale: str


@dataclass(frozen=True, slots=True)
class Intent:
    """Money the provider was asked for, as it stands there. amount: what was asked, or what arrived once it did.

    page_url: where the buyer pays, a path for a page of this house. failure: the provider's word for why not.
    """

    id: str
    reference: UUID | None
    state: IntentState
    amount: Money
    page_url: str = ""
    failure: str = ""
    refunded_minor: int = 0


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """What the provider says happened, late, twice or in any order. intent None: nothing that matters here."""

    id: str
    name: str
    intent: Intent | None


class PaymentProvider(Protocol):
    """Takes payments. Calls raise Unavailable when trying later may help, PaymentRefused when it will not."""

    async def start(self, request: PaymentRequest, key: str) -> Intent:
        """Return an intent for this request: the same one for the same key, however often it is asked for."""
        ...

    async def find(self, intent_id: str) -> Intent:
        """Return an intent as it stands now."""
        ...

    async def close(self, intent_id: str) -> Intent:
        """Let nobody pay it any more, where that can still be had; return it as it then stands."""
        ...

    async def refund(self, intent_id: str, amount: Money, key: str) -> str:
        """Send money back, once for a key; return the provider's name for it."""
        ...

    def read(self, body: bytes, signature: str) -> ProviderEvent:
        """Return the event of a webhook. Raises Invalid for one that the provider did not sign, or long ago."""
        ...


class Answer(StrEnum):
    """What the test gateway's bank says."""

    PAY = "pay"
    DECLINE = "declined"
    NO_FUNDS = "insufficient_funds"
    EXPIRED_CARD = "expired_card"
    ASK = "ask"
    DENY = "authentication_failed"
    CANCEL = "cancel"


class Timing(StrEnum):
    """When the test gateway's webhook comes: with the buyer, before, after, twice, minutes later, or never."""

    AT_ONCE = "at-once"
    BEFORE = "before"
    AFTER = "after"
    TWICE = "twice"
    LATE = "late"
    TOO_LATE = "too-late"
    UNTOLD = "untold"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class TrialPayment:
    """A payment as the test gateway's page shows it."""

    intent: Intent
    title: str
    return_url: str
    cancel_url: str


class TrialGateway(Protocol):
    """What the page of the test gateway does."""

    async def show(self, intent_id: str) -> TrialPayment:
        """Return a payment. Raises NotFound."""
        ...

    async def answer(self, intent_id: str, answer: Answer, timing: Timing) -> TrialPayment:
        """Answer for the bank. Raises Conflict where the payment is over."""
        ...


@dataclass(slots=True)
class MemoryProvider:
    """A provider in memory, for tests: `stand` says how an intent stands, `event` writes a webhook about it."""

    signature: str = "signed"
    intents: dict[str, Intent] = field(default_factory=dict)
    keys: dict[str, tuple[PaymentRequest, str]] = field(default_factory=dict)
    refunds: dict[str, tuple[str, int]] = field(default_factory=dict)

    async def start(self, request: PaymentRequest, key: str) -> Intent:
        known = self.keys.setdefault(key, (request, f"pi_{len(self.keys) + 1}"))
        if known[0] != request:
            raise PaymentRefused(_("The key “{key}” came with another request before."), key=key)
        fresh = Intent(known[1], request.reference, IntentState.OPEN, request.amount, f"/pay/{known[1]}")
        return self.intents.setdefault(known[1], fresh)

    async def find(self, intent_id: str) -> Intent:
        if intent_id not in self.intents:
            raise PaymentRefused(_("There is no payment “{id}”."), id=intent_id)
        return self.intents[intent_id]

    async def close(self, intent_id: str) -> Intent:
        found = await self.find(intent_id)
        return self.stand(intent_id, IntentState.CANCELLED) if found.state is IntentState.OPEN else found

    async def refund(self, intent_id: str, amount: Money, key: str) -> str:
        found = await self.find(intent_id)
        if key not in self.refunds:
            if found.state is not IntentState.SUCCEEDED or found.refunded_minor + amount.amount > found.amount.amount:
                raise PaymentRefused(_("So much is not there to be returned."))
            self.intents[intent_id] = replace(found, refunded_minor=found.refunded_minor + amount.amount)
            self.refunds[key] = (f"re_{len(self.refunds) + 1}", amount.amount)
        return self.refunds[key][0]

    def read(self, body: bytes, signature: str) -> ProviderEvent:
        if signature != self.signature:
            raise Invalid(_("The signature does not fit the message. Check the webhook secret."))
        said: Mapping[str, str] = json.loads(body)
        return ProviderEvent(said["id"], said["name"], self.intents.get(said.get("intent", "")))

    def stand(self, intent_id: str, state: IntentState, **changes: object) -> Intent:
        """Have an intent stand like this; return it."""
        self.intents[intent_id] = replace(self.intents[intent_id], state=state, **changes)  # type: ignore[arg-type]
        return self.intents[intent_id]

    @staticmethod
    def event(intent_id: str, event_id: str = "evt_1", name: str = "payment_intent.succeeded") -> bytes:
        """Return the body of a webhook about an intent."""
        return json.dumps({"id": event_id, "name": name, "intent": intent_id}).encode()
