"""Paying online: whatever comes late, twice, first or not at all, money is counted once."""

import asyncio

import pytest
from sqlalchemy import func, select

from engine.commerce.ordering import attempts, payment_flows, refunding
from engine.commerce.ordering.models import Payment, PaymentAttempt, Refund
from engine.commerce.ordering.settling import AttemptStatus
from engine.commerce.ports import TEST, Answer, IntentState, MemoryProvider, Timing
from engine.core.errors import Conflict, Invalid, KeyReused, NotSignedIn, Unavailable
from engine.core.facts import FactRow, ProcessedEvent
from tests.audit import audited
from tests.clock import TestClock
from tests.engine.commerce.ordering.paying import P, S, expire, hear, letters, rows, state
from tests.factories.shop import STRANGER, Shop


class TestPay:
    async def test_a_payment_confirms_the_order_and_tells_the_buyer(self, shop: Shop) -> None:
        order = await shop.card_order()
        assert state(order) == (S.PENDING, P.PENDING)
        assert state(await shop.pay_by_card(order)) == (S.CONFIRMED, P.PAID)
        assert await letters(shop) == ["order_received", "order_confirmed"]
        assert await audited(shop.db) == []

    @pytest.mark.parametrize("timing", [Timing.AT_ONCE, Timing.BEFORE, Timing.TWICE, Timing.AFTER])
    @pytest.mark.parametrize("returns_first", [True, False])
    async def test_webhook_and_return_tell_the_same_in_either_order(
        self, shop: Shop, clock: TestClock, timing: Timing, returns_first: bool
    ) -> None:
        order = await shop.card_order()
        await shop.answer(await shop.attempt(order), timing=timing, runs=False)
        if returns_first:
            await payment_flows.look(shop.house.till, order.id)
        clock.move(seconds=10)
        await shop.house.jobs.run_until_idle()
        await payment_flows.look(shop.house.till, order.id)
        assert state(await shop.see_order(order.id)) == (S.CONFIRMED, P.PAID)
        assert await letters(shop) == ["order_received", "order_confirmed"]
        assert await audited(shop.db) == []

    async def test_webhook_and_return_at_the_same_moment_count_once(self, shop: Shop) -> None:
        order = await shop.card_order()
        provider = MemoryProvider()
        till = shop.till(provider)
        attempt = await shop.attempt(order, till=till)
        provider.stand(attempt.intent_id or "", IntentState.SUCCEEDED)
        bodies = [provider.event(attempt.intent_id or "", f"evt_{i % 3}") for i in range(6)]
        await asyncio.gather(
            *(payment_flows.hear(till, TEST, body, "signed") for body in bodies),
            *(payment_flows.look(till, order.id) for _ in range(4)),
        )
        assert len(await rows(shop, Payment)) == 1
        assert state(await shop.see_order(order.id)) == (S.CONFIRMED, P.PAID)
        assert await audited(shop.db) == []

    async def test_two_tabs_come_to_the_same_page_which_takes_one_payment(self, shop: Shop) -> None:
        order = await shop.card_order()
        one, two = await asyncio.gather(shop.attempt(order), shop.attempt(order))
        assert (one.id, one.page_url) == (two.id, two.page_url)
        await shop.answer(one)
        with pytest.raises(Conflict, match="over"):
            await shop.answer(two)
        with pytest.raises(Conflict, match="paid already"):
            await shop.attempt(order)
        assert await audited(shop.db) == []

    async def test_who_may(self, shop: Shop) -> None:
        order = await shop.card_order()
        with pytest.raises(NotSignedIn):
            await payment_flows.pay(shop.house.till, STRANGER, order.id, origin="")

    async def test_a_key_leads_to_the_same_attempt_and_not_to_another_order(self, shop: Shop) -> None:
        order = await shop.card_order()
        first = await shop.attempt(order, key="k")
        await shop.answer(first, Answer.DECLINE)
        again = await shop.attempt(order, key="k")
        assert (again.id, again.status) == (first.id, AttemptStatus.FAILED)
        fresh = await shop.attempt(order, key="k2")
        assert (fresh.id == first.id, fresh.status) == (False, AttemptStatus.OPEN)

    async def test_manual_orders_have_no_page(self, shop: Shop) -> None:
        await shop.takes_cards()
        with pytest.raises(Conflict, match="in cash or by bank transfer"):
            await shop.attempt(await shop.order())


class TestOffer:
    async def test_cards_are_taken_only_where_the_settings_say_so(self, shop: Shop) -> None:
        with pytest.raises(Invalid, match="missing or wrong"):
            await shop.order(payment_method="card")

    @pytest.mark.parametrize(
        "said", [{"testSecretKey": "sk_test_1234567890"}, {"mode": "live"}], ids=["with a key", "live"]
    )
    async def test_the_test_gateway_never_stands_in_for_real_money(self, shop: Shop, said: dict[str, str]) -> None:
        await shop.set("payments", enabled=True, **said)
        with pytest.raises(Invalid):
            await shop.order(payment_method="card")

    async def test_nor_where_everyone_shops_unless_the_owner_allows_it(self, shop: Shop) -> None:
        await shop.takes_cards()
        await shop.set("system", surfaces={"storefront": "everyone"})
        with pytest.raises(Invalid):
            await shop.order(payment_method="card")
        await shop.set("payments", testGatewayForEveryone=True)
        assert (await shop.order(payment_method="card")).payment_method == "card"

    async def test_an_order_for_nothing_needs_no_payment(self, shop: Shop) -> None:
        await shop.set("shipping", flatRateMinor=0)
        order = await shop.card_order(product=await shop.product(price="0.00", stock=3))
        assert (state(order), order.payment_due_at) == ((S.CONFIRMED, P.PAID), None)
        assert await audited(shop.db) == []


class TestKilled:
    """A process that dies between two steps leaves what the next visit, webhook or sweep finishes."""

    async def test_before_the_provider_was_asked(self, shop: Shop) -> None:
        order = await shop.card_order()
        async with shop.db.write() as tx:
            begun = await attempts.begin(tx, STRANGER, shop.house.site, order.id, origin="http://a", holds_link=True)
        assert begun.attempt.status is AttemptStatus.STARTED
        resumed = await shop.attempt(order)
        assert (resumed.id, resumed.origin) == (begun.attempt.id, "http://a")
        await shop.answer(resumed)
        assert await audited(shop.db) == []

    async def test_after_the_provider_was_asked_and_before_its_answer_was_kept(self, shop: Shop) -> None:
        order = await shop.card_order()
        till = shop.house.till
        async with shop.db.write() as tx:
            begun = await attempts.begin(tx, STRANGER, shop.house.site, order.id, origin="http://a", holds_link=True)
        intent = await payment_flows.ask(till, begun.attempt)
        resumed = await shop.attempt(order)
        assert resumed.intent_id == intent.id

    async def test_a_webhook_finds_an_attempt_whose_name_was_never_kept(self, shop: Shop) -> None:
        order = await shop.card_order()
        async with shop.db.write() as tx:
            begun = await attempts.begin(tx, STRANGER, shop.house.site, order.id, origin="http://a", holds_link=True)
        intent = await payment_flows.ask(shop.house.till, begun.attempt)
        await shop.house.trial_gateway.answer(intent.id, Answer.PAY, Timing.AT_ONCE)
        await shop.house.jobs.run_until_idle()
        assert state(await shop.see_order(order.id)) == (S.CONFIRMED, P.PAID)
        assert await audited(shop.db) == []

    async def test_paid_with_nobody_told_is_found_before_the_order_would_end(
        self, shop: Shop, clock: TestClock
    ) -> None:
        order = await shop.card_order()
        await shop.answer(await shop.attempt(order), timing=Timing.UNTOLD)
        clock.move(minutes=11)
        assert await expire(shop) == 0
        assert state(await shop.see_order(order.id)) == (S.CONFIRMED, P.PAID)
        assert await audited(shop.db) == []

    async def test_between_the_refund_and_keeping_it(self, shop: Shop) -> None:
        order = await shop.pay_by_card(await shop.card_order())
        await shop.step(order, S.CANCELLED)
        async with shop.db.write() as tx:
            owed = await refunding.begin(tx, shop.staff, order.id)
        gateway = shop.house.till.provider(TEST)
        made = await gateway.refund(owed[0].intent_id, owed[0].amount, str(owed[0].refund_id))
        assert await shop.refund(order) == 1
        assert [one.receipt for one in await rows(shop, Refund)] == [made]  # type: ignore[attr-defined]
        assert (await gateway.find(owed[0].intent_id)).refunded_minor == 2500
        await shop.house.jobs.run_until_idle()
        assert await audited(shop.db) == []

    async def test_a_provider_that_does_not_answer_leaves_the_order_waiting(self, shop: Shop) -> None:
        class Silent(MemoryProvider):
            async def start(self, request: object, key: str) -> object:  # type: ignore[override]
                raise Unavailable("away")

        order = await shop.card_order()
        with pytest.raises(Unavailable):
            await shop.attempt(order, till=shop.till(Silent()))
        assert state(await shop.see_order(order.id)) == (S.PENDING, P.PENDING)
        await shop.answer(await shop.attempt(order))
        assert await audited(shop.db) == []


class TestFail:
    @pytest.mark.parametrize("answer", [Answer.DECLINE, Answer.NO_FUNDS, Answer.EXPIRED_CARD, Answer.DENY])
    async def test_leaves_the_order_waiting_and_a_new_attempt_pays_it(self, shop: Shop, answer: Answer) -> None:
        order = await shop.card_order()
        first = await shop.attempt(order)
        await shop.answer(first, answer)
        assert state(await shop.see_order(order.id)) == (S.PENDING, P.PENDING)
        second = await shop.attempt(order)
        assert second.id != first.id
        await shop.answer(second)
        assert state(await shop.see_order(order.id)) == (S.CONFIRMED, P.PAID)
        found = [(one.status, one.failure) for one in await rows(shop, PaymentAttempt)]  # type: ignore[attr-defined]
        assert found == [(AttemptStatus.FAILED, answer.value), (AttemptStatus.SUCCEEDED, "")]
        assert await audited(shop.db) == []

    async def test_is_told_by_e_mail_once_and_as_a_fact_each_time(self, shop: Shop) -> None:
        order = await shop.card_order()
        for _ in range(3):
            await shop.answer(await shop.attempt(order), Answer.DECLINE)
        assert await letters(shop) == ["order_received", "payment_failed"]
        async with shop.db.read() as session:
            assert await session.scalar(select(func.count()).where(FactRow.name == "payment.failed")) == 3

    async def test_that_comes_after_the_success_changes_nothing(self, shop: Shop) -> None:
        order, provider = await shop.card_order(), MemoryProvider()
        attempt = await shop.attempt(order, till=shop.till(provider))
        intent = attempt.intent_id or ""
        provider.stand(intent, IntentState.SUCCEEDED)
        await hear(shop, provider, provider.event(intent, "evt_1"))
        provider.stand(intent, IntentState.FAILED, failure="card_declined")
        await hear(shop, provider, provider.event(intent, "evt_2"))
        assert state(await shop.see_order(order.id)) == (S.CONFIRMED, P.PAID)
        assert await audited(shop.db) == []


class TestHear:
    async def test_a_repeat_is_taken_and_does_nothing(self, shop: Shop) -> None:
        order, provider = await shop.card_order(), MemoryProvider()
        attempt = await shop.attempt(order, till=shop.till(provider))
        provider.stand(attempt.intent_id or "", IntentState.SUCCEEDED)
        body = provider.event(attempt.intent_id or "")
        assert [await hear(shop, provider, body) for _ in range(3)] == [True, False, False]
        assert len(await rows(shop, Payment)) == 1
        async with shop.db.read() as session:
            sources = await session.scalars(select(ProcessedEvent.source).where(ProcessedEvent.event_id == "evt_1"))
            assert list(sources) == ["payments:test"]

    async def test_what_was_not_signed_leaves_nothing(self, shop: Shop) -> None:
        order, provider = await shop.card_order(), MemoryProvider()
        attempt = await shop.attempt(order, till=shop.till(provider))
        provider.stand(attempt.intent_id or "", IntentState.SUCCEEDED)
        body = provider.event(attempt.intent_id or "")
        with pytest.raises(Invalid):
            await hear(shop, provider, body, "forged")
        assert await rows(shop, Payment) == []
        assert await hear(shop, provider, body)

    async def test_what_is_about_nothing_here_is_taken(self, shop: Shop) -> None:
        assert await hear(shop, MemoryProvider(), MemoryProvider.event("pi_of_another_shop"))


class TestReceive:
    async def test_a_repeat_with_its_key_is_answered_and_another_request_refused(self, shop: Shop) -> None:
        order = await shop.order()
        assert state(await shop.pay(order, key="k")) == state(await shop.pay(order, key="k")) == (S.CONFIRMED, P.PAID)
        with pytest.raises(KeyReused):
            await shop.pay(order, key="k", note="other")
        with pytest.raises(Conflict):
            await shop.pay(order, key="k2")
