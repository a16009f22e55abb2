"""The test gateway: a payment provider inside the house, for trying a shop. No money moves.

It behaves as an outside service would: it keeps its own rows, repeats an answer for a repeated key, refuses what is
paid or closed, signs its webhooks, and sends them when it likes: with the buyer, before, after, twice, late or never.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from engine.commerce.ports import (
    Answer,
    Intent,
    IntentState,
    PaymentRefused,
    PaymentRequest,
    ProviderEvent,
    Timing,
    TrialPayment,
)
from engine.core import signatures
from engine.core.database import Database
from engine.core.errors import Conflict, Invalid, NotFound
from engine.core.i18n import _
from engine.core.ids import new_secret, parse_id
from engine.core.money import Money
from engine.core.running import JobKind, JobRun
from engine.core.testgateway import GatewayIntent, GatewayRefund
from engine.core.transaction import Tx

WEBHOOK = "payments.test_webhook"
PAGE = "/payment/"
_DELAYS: Mapping[Timing, timedelta] = {
    Timing.AFTER: timedelta(seconds=5),
    Timing.LATE: timedelta(minutes=2),
    Timing.TOO_LATE: timedelta(minutes=12),
}
_SLOW = (Timing.LATE, Timing.TOO_LATE, Timing.NEVER)
_NAMES: Mapping[IntentState, str] = {
    IntentState.SUCCEEDED: "payment_intent.succeeded",
    IntentState.FAILED: "payment_intent.payment_failed",
    IntentState.CANCELLED: "payment_intent.canceled",
    IntentState.PROCESSING: "payment_intent.processing",
}
REFUNDED = "charge.refunded"

#: Takes a webhook's body and signature in, as the address it is sent to would.
Hear = Callable[[bytes, str], Awaitable[object]]


async def _nobody(_body: bytes, _signature: str) -> None:
    return None


@dataclass(slots=True)
class StubGateway:
    """The provider and its page's hands. secret: signs webhooks. hear: where they go; set once the house is wired."""

    db: Database
    secret: str
    hear: Hear = field(default=_nobody)

    async def start(self, request: PaymentRequest, key: str) -> Intent:
        """Return an intent for this request: the same one for the same key."""
        values = {
            "id": f"pi_test_{new_secret()}",
            "key": key,
            "fingerprint": _fingerprint(request),
            "reference": str(request.reference),
            "title": request.title[:200],
            "amount_minor": request.amount.amount,
            "currency": request.amount.currency,
            "return_url": request.return_url,
            "cancel_url": request.cancel_url,
            "state": IntentState.OPEN.value,
            "failure": "",
            "refunded_minor": 0,
        }
        async with self.db.write() as tx:
            await tx.insert_new(GatewayIntent, {**values, "created_at": tx.now, "updated_at": tx.now})
            row = await tx.scalar(select(GatewayIntent).where(GatewayIntent.key == key))
        if row.fingerprint != values["fingerprint"]:
            raise PaymentRefused(_("The key “{key}” came with another request before."), key=key)
        return _intent(row)

    async def find(self, intent_id: str) -> Intent:
        """Return an intent as it stands now."""
        async with self.db.read() as session:
            row = await session.get(GatewayIntent, intent_id)
        if row is None:
            raise PaymentRefused(_("There is no payment “{id}”."), id=intent_id[:80])
        return _intent(row)

    async def close(self, intent_id: str) -> Intent:
        """Let nobody pay it any more; what the bank works on already cannot be stopped."""
        async with self.db.write() as tx:
            row = await self._locked(tx, intent_id)
            if row.state == IntentState.OPEN:
                row.state = IntentState.CANCELLED
        return _intent(row)

    async def refund(self, intent_id: str, amount: Money, key: str) -> str:
        """Send money back, once for a key."""
        async with self.db.write() as tx:
            row = await self._locked(tx, intent_id)
            known: GatewayRefund | None = await tx.scalar(select(GatewayRefund).where(GatewayRefund.key == key))
            if known is not None:
                if (known.intent_id, known.amount_minor) != (intent_id, amount.amount):
                    raise PaymentRefused(_("The key “{key}” came with another request before."), key=key)
                return known.id
            left = row.amount_minor - row.refunded_minor
            if row.state != IntentState.SUCCEEDED or amount.currency != row.currency or amount.amount > left:
                raise PaymentRefused(_("So much is not there to be returned."))
            made = GatewayRefund(id=f"re_test_{new_secret()}", key=key, intent_id=intent_id, amount_minor=amount.amount)
            row.refunded_minor += amount.amount
            tx.add(made)
            self._send(tx, row, REFUNDED)
        return made.id

    def read(self, body: bytes, signature: str) -> ProviderEvent:
        """Return the event of a webhook of ours."""
        signatures.check(self.secret, signature, body, self.db.clock.now())
        try:
            said = json.loads(body)
            found = said["data"]["object"]
            intent = Intent(
                id=str(found["id"]),
                reference=parse_id(found["reference"]),
                state=IntentState(found["state"]),
                amount=Money(int(found["amount"]), str(found["currency"])),
                page_url=PAGE + str(found["id"]),
                failure=str(found["failure"]),
                refunded_minor=int(found["refunded"]),
            )
            return ProviderEvent(str(said["id"]), str(said["type"]), intent)
        except (ValueError, KeyError, TypeError):
            raise Invalid(_("The message is signed, but it is no event of the test gateway.")) from None

    async def show(self, intent_id: str) -> TrialPayment:
        """Return a payment for its page. Raises NotFound."""
        async with self.db.read() as session:
            row = await session.get(GatewayIntent, intent_id)
        if row is None:
            raise NotFound(_("There is no payment at this address. Go back to the shop and choose “Pay now”."))
        return _shown(row)

    async def answer(self, intent_id: str, answer: Answer, timing: Timing) -> TrialPayment:
        """Answer for the bank. Raises NotFound, Conflict where the payment is over."""
        await self.show(intent_id)
        async with self.db.write() as tx:
            row = await self._locked(tx, intent_id)
            if row.state != IntentState.OPEN:
                raise Conflict(_("This payment is over. Nothing more happens here."))
            if answer in (Answer.ASK, Answer.CANCEL):
                return _shown(row)
            if answer is not Answer.PAY:
                row.state, row.failure = IntentState.FAILED, answer.value
                timing = Timing.AT_ONCE
            else:
                row.state = IntentState.PROCESSING if timing in _SLOW else IntentState.SUCCEEDED
            sent = None if timing in (Timing.NEVER, Timing.UNTOLD) else self._send(tx, row, timing=timing)
        if timing is Timing.BEFORE and sent is not None:
            await self.deliver(sent)
        return _shown(row)

    def job(self) -> JobKind:
        """Return the kind of job that sends a webhook, and tries again like any service."""
        return JobKind(WEBHOOK, self._run, attempts=6)

    async def deliver(self, event: Mapping[str, Any]) -> None:
        """Send one webhook, signed now, about the payment as it stands now."""
        async with self.db.write() as tx:
            row = await self._locked(tx, event["intent"])
            if row.state == IntentState.PROCESSING:
                row.state = IntentState.SUCCEEDED
        body = self.body(_intent(row), event["event"], event["name"])
        await self.hear(body, signatures.sign(self.secret, body, self.db.clock.now()))

    @staticmethod
    def body(intent: Intent, event_id: str, name: str = "") -> bytes:
        """Return the body of a webhook about an intent."""
        found = {
            "id": intent.id,
            "reference": str(intent.reference),
            "state": intent.state.value,
            "amount": intent.amount.amount,
            "currency": intent.amount.currency,
            "failure": intent.failure,
            "refunded": intent.refunded_minor,
        }
        told = {"id": event_id, "type": name or _NAMES[intent.state], "data": {"object": found}}
        return json.dumps(told, separators=(",", ":")).encode()

    async def _run(self, job: JobRun) -> None:
        await self.deliver(job.payload)

    def _send(self, tx: Tx, row: GatewayIntent, name: str = "", timing: Timing = Timing.AT_ONCE) -> dict[str, str]:
        """Queue the webhook; twice where that was asked for."""
        event = {"intent": row.id, "event": f"evt_test_{new_secret()}", "name": name}
        for _time in range(2 if timing is Timing.TWICE else 1):
            tx.enqueue(WEBHOOK, event, run_at=tx.now + _DELAYS.get(timing, timedelta()))
        return event

    async def _locked(self, tx: Tx, intent_id: str) -> GatewayIntent:
        row = await tx.get(GatewayIntent, intent_id, locked=True)
        if row is None:
            raise PaymentRefused(_("There is no payment “{id}”."), id=intent_id[:80])
        return row


def _fingerprint(request: PaymentRequest) -> str:
    said = [str(request.reference), request.amount.amount, request.amount.currency]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _intent(row: GatewayIntent) -> Intent:
    return Intent(
        id=row.id,
        reference=parse_id(row.reference),
        state=IntentState(row.state),
        amount=Money(row.amount_minor, row.currency),
        page_url=PAGE + row.id,
        failure=row.failure,
        refunded_minor=row.refunded_minor,
    )


def _shown(row: GatewayIntent) -> TrialPayment:
    return TrialPayment(_intent(row), row.title, row.return_url, row.cancel_url)
