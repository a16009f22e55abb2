"""One contract for every payment provider, and what the test gateway does beside it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from adapters.payments.stub import WEBHOOK, StubGateway
from engine.commerce.ports import (
    Answer,
    IntentState,
    MemoryProvider,
    PaymentProvider,
    PaymentRefused,
    PaymentRequest,
    Timing,
)
from engine.core import signatures
from engine.core.database import Database
from engine.core.errors import Conflict, Invalid, NotFound
from engine.core.ids import new_id
from engine.core.money import Money
from engine.core.running import JobRunner
from tests.clock import TestClock

PRICE = Money(2500, "USD")


def request(**changes: object) -> PaymentRequest:
    said = {
        "reference": new_id(),
        "title": "Order 1001",
        "amount": PRICE,
        "email": "ada@example.org",
        "return_url": "http://shop.example/orders/1/x/payments/return",
        "cancel_url": "http://shop.example/orders/1/x",
        "locale": "en",
    }
    return PaymentRequest(**{**said, **changes})  # type: ignore[arg-type]


@dataclass
class Offer:
    """A provider, and the way its buyer pays there."""

    provider: PaymentProvider
    pay: Callable[[str], object]


@pytest.fixture
def gateway(db: Database) -> StubGateway:
    return StubGateway(db, "whsec_test")


@pytest.fixture(params=["memory", "test gateway"])
def offer(request: pytest.FixtureRequest, gateway: StubGateway) -> Offer:
    if request.param == "memory":
        memory = MemoryProvider()

        async def stand(intent_id: str) -> None:
            memory.stand(intent_id, IntentState.SUCCEEDED)

        return Offer(memory, stand)
    return Offer(gateway, lambda intent_id: gateway.answer(intent_id, Answer.PAY, Timing.AT_ONCE))


class TestEveryProvider:
    async def test_one_key_is_one_intent(self, offer: Offer) -> None:
        asked = request()
        first, again = await offer.provider.start(asked, "k"), await offer.provider.start(asked, "k")
        other = await offer.provider.start(request(), "k2")
        assert first == again
        assert (first.state, first.amount, first.reference) == (IntentState.OPEN, PRICE, asked.reference)
        assert first.id != other.id

    async def test_a_key_with_another_request_is_refused(self, offer: Offer) -> None:
        asked = request()
        await offer.provider.start(asked, "k")
        with pytest.raises(PaymentRefused):
            await offer.provider.start(request(reference=asked.reference, amount=Money(1, "USD")), "k")

    async def test_what_is_paid_is_found_paid_and_cannot_be_closed(self, offer: Offer) -> None:
        intent = await offer.provider.start(request(), "k")
        await offer.pay(intent.id)  # type: ignore[misc]
        assert (await offer.provider.find(intent.id)).state is IntentState.SUCCEEDED
        assert (await offer.provider.close(intent.id)).state is IntentState.SUCCEEDED

    async def test_what_is_closed_stays_closed(self, offer: Offer) -> None:
        intent = await offer.provider.start(request(), "k")
        for _ in range(2):
            assert (await offer.provider.close(intent.id)).state is IntentState.CANCELLED

    async def test_money_goes_back_once_for_a_key_and_never_more_than_came(self, offer: Offer) -> None:
        intent = await offer.provider.start(request(), "k")
        with pytest.raises(PaymentRefused):
            await offer.provider.refund(intent.id, PRICE, "r")
        await offer.pay(intent.id)  # type: ignore[misc]
        receipts = {await offer.provider.refund(intent.id, PRICE, "r") for _ in range(3)}
        assert len(receipts) == 1
        assert (await offer.provider.find(intent.id)).refunded_minor == 2500
        with pytest.raises(PaymentRefused):
            await offer.provider.refund(intent.id, Money(1, "USD"), "r2")

    async def test_an_intent_that_is_not_there_is_refused(self, offer: Offer) -> None:
        for call in (offer.provider.find("pi_none"), offer.provider.close("pi_none")):
            with pytest.raises(PaymentRefused):
                await call

    def test_what_it_did_not_sign_is_invalid(self, offer: Offer) -> None:
        with pytest.raises(Invalid):
            offer.provider.read(b'{"id": "evt", "name": "x"}', "t=1,v1=00")


class TestGateway:
    async def told(self, gateway: StubGateway, clock: TestClock, timing: Timing, **moved: float) -> list[str]:
        """Return the states that the webhooks told after this time."""
        heard: list[str] = []

        async def hear(body: bytes, signature: str) -> None:
            event = gateway.read(body, signature)
            assert event.intent is not None
            heard.append(f"{event.id[:9]} {event.name} {event.intent.state}")

        gateway.hear = hear
        intent = await gateway.start(request(), "k")
        await gateway.answer(intent.id, Answer.PAY, timing)
        clock.move(**moved)
        await JobRunner(gateway.db, [gateway.job()], [], "tests").run_until_idle()
        return heard

    @pytest.mark.parametrize(
        ("timing", "seconds", "times"),
        [
            (Timing.AT_ONCE, 0, 1),
            (Timing.TWICE, 0, 2),
            (Timing.AFTER, 4, 0),
            (Timing.AFTER, 5, 1),
            (Timing.LATE, 119, 0),
            (Timing.LATE, 120, 1),
            (Timing.TOO_LATE, 720, 1),
            (Timing.UNTOLD, 9999, 0),
            (Timing.NEVER, 9999, 0),
        ],
    )
    async def test_tells_when_it_was_asked_to(
        self, gateway: StubGateway, clock: TestClock, timing: Timing, seconds: int, times: int
    ) -> None:
        heard = await self.told(gateway, clock, timing, seconds=seconds)
        assert heard == ["evt_test_ payment_intent.succeeded succeeded"] * times

    async def test_before_means_before_the_answer(self, gateway: StubGateway, clock: TestClock) -> None:
        heard = await self.told(gateway, clock, Timing.BEFORE)
        assert len(heard) == 2  # once by itself, once by the queue: a repeat, as services send

    async def test_what_is_over_takes_no_answer(self, gateway: StubGateway) -> None:
        intent = await gateway.start(request(), "k")
        await gateway.answer(intent.id, Answer.DECLINE, Timing.AT_ONCE)
        with pytest.raises(Conflict):
            await gateway.answer(intent.id, Answer.PAY, Timing.AT_ONCE)
        with pytest.raises(NotFound):
            await gateway.answer("pi_none", Answer.PAY, Timing.AT_ONCE)

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id": 1, "type": 2, "data": {"object": {}}}', b"\xff"])
    async def test_a_signed_message_that_is_no_event_is_invalid(self, gateway: StubGateway, body: bytes) -> None:
        header = signatures.sign("whsec_test", body, gateway.db.clock.now())
        with pytest.raises(Invalid, match="no event"):
            gateway.read(body, header)

    def test_its_job_is_its_own(self, gateway: StubGateway) -> None:
        assert gateway.job().name == WEBHOOK
