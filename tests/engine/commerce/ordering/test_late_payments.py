"""Money that comes too late or wrong: the goods go back on the shelf, and it finds them there or goes back."""

import asyncio

import pytest

from engine.commerce.catalog import products
from engine.commerce.ordering import payment_flows
from engine.commerce.ordering.settling import RefundReason, RefundStatus
from engine.commerce.ordering.views import OrderView
from engine.commerce.ports import IntentState, MemoryProvider, Timing
from engine.core.errors import Conflict
from engine.core.money import Money
from tests.audit import audited
from tests.clock import TestClock
from tests.engine.commerce.ordering.paying import P, S, expire, hear, letters, refund_reasons, state
from tests.factories.shop import STRANGER, Shop


class TestExpire:
    async def test_cancels_the_order_returns_the_goods_and_tells_the_buyer(self, shop: Shop, clock: TestClock) -> None:
        mug = await shop.product(stock=7)
        order = await shop.card_order(3, mug)
        clock.move(minutes=9, seconds=59)
        assert await expire(shop) == 0
        clock.move(seconds=1)
        assert await expire(shop) == 1
        assert (state(await shop.see_order(order.id)), await shop.stock_of(mug)) == ((S.CANCELLED, P.PENDING), 7)
        assert await letters(shop) == ["order_received", "payment_expired"]
        assert await expire(shop) == 0
        with pytest.raises(Conflict, match="is over"):
            await shop.attempt(order)
        assert await audited(shop.db) == []

    async def test_the_page_takes_no_payment_any_more(self, shop: Shop, clock: TestClock) -> None:
        attempt = await shop.attempt(await shop.card_order())
        clock.move(minutes=11)
        await expire(shop)
        with pytest.raises(Conflict, match="over"):
            await shop.answer(attempt)

    async def test_by_the_schedule(self, shop: Shop, clock: TestClock) -> None:
        order = await shop.card_order()
        clock.move(minutes=11)
        await shop.house.jobs.start_scheduled()
        await shop.house.jobs.run_until_idle()
        assert (await shop.see_order(order.id)).status is S.CANCELLED

    async def test_leaves_manual_orders_alone(self, shop: Shop, clock: TestClock) -> None:
        order = await shop.order()
        clock.move(days=30)
        assert await expire(shop) == 0
        assert (await shop.see_order(order.id)).status is S.PENDING

    async def test_one_that_races_the_payment_cancels_or_confirms(self, shop: Shop, clock: TestClock) -> None:
        provider = MemoryProvider()
        till = shop.till(provider)
        for n in range(3):
            mug = await shop.product(f"Mug {n}", stock=2)
            order = await shop.card_order(2, mug)
            attempt = await shop.attempt(order, till=till)
            clock.move(minutes=11)
            provider.stand(attempt.intent_id or "", IntentState.PROCESSING)
            expiring = asyncio.create_task(payment_flows.expire(till))
            provider.stand(attempt.intent_id or "", IntentState.SUCCEEDED)
            await asyncio.gather(expiring, hear(shop, provider, provider.event(attempt.intent_id or "", f"e{n}")))
            assert state(await shop.see_order(order.id)) == (S.CONFIRMED, P.PAID)
            assert await shop.stock_of(mug) == 0
        assert await audited(shop.db) == []


class TestLateSuccess:
    async def paid_late(self, shop: Shop, clock: TestClock, order: OrderView) -> None:
        await shop.answer(await shop.attempt(order), timing=Timing.TOO_LATE)
        clock.move(minutes=11)
        assert await expire(shop) == 1

    async def test_takes_the_goods_again_while_they_are_there(self, shop: Shop, clock: TestClock) -> None:
        mug = await shop.product(stock=1)
        order = await shop.card_order(1, mug)
        await self.paid_late(shop, clock, order)
        assert await shop.stock_of(mug) == 1
        clock.move(minutes=2)
        await shop.house.jobs.run_until_idle()
        assert (state(await shop.see_order(order.id)), await shop.stock_of(mug)) == ((S.CONFIRMED, P.PAID), 0)
        assert await letters(shop) == ["order_received", "payment_expired", "order_confirmed"]
        assert await audited(shop.db) == []
        await shop.step(order, S.CANCELLED)
        assert await shop.stock_of(mug) == 1
        assert await audited(shop.db) == []

    async def test_two_buyers_of_the_last_one_are_one_sale_and_one_refund(self, shop: Shop, clock: TestClock) -> None:
        mug = await shop.product(stock=1)
        late = await shop.card_order(1, mug)
        await self.paid_late(shop, clock, late)
        quick = await shop.pay_by_card(await shop.card_order(1, mug))
        clock.move(minutes=2)
        await shop.house.jobs.run_until_idle()
        assert state(quick) == (S.CONFIRMED, P.PAID)
        assert state(await shop.see_order(late.id)) == (S.CANCELLED, P.REFUND_NEEDED)
        assert await refund_reasons(shop) == [(RefundReason.LATE, RefundStatus.NEEDED)]
        assert await shop.stock_of(mug) == 0
        assert await audited(shop.db) == []
        assert await shop.refund(late) == 1
        await shop.house.jobs.run_until_idle()
        assert state(await shop.see_order(late.id)) == (S.REFUNDED, P.REFUNDED)
        assert (await letters(shop))[-1] == "payment_refunded"
        assert await audited(shop.db) == []

    async def test_of_what_the_buyer_cancelled_themselves_goes_back(self, shop: Shop, clock: TestClock) -> None:
        mug = await shop.product(stock=1)
        order = await shop.card_order(1, mug)
        await shop.answer(await shop.attempt(order), timing=Timing.LATE)
        await shop.step(order, S.CANCELLED, actor=STRANGER, holds_link=True)
        clock.move(minutes=3)
        await shop.house.jobs.run_until_idle()
        assert state(await shop.see_order(order.id)) == (S.CANCELLED, P.REFUND_NEEDED)
        assert await shop.stock_of(mug) == 1
        assert await audited(shop.db) == []

    async def test_of_a_product_that_is_gone_goes_back(self, shop: Shop, clock: TestClock) -> None:
        mug = await shop.product(stock=1)
        order = await shop.card_order(1, mug)
        await self.paid_late(shop, clock, order)
        async with shop.db.write() as tx:
            await products.delete(tx, shop.staff, mug.id)
        clock.move(minutes=2)
        await shop.house.jobs.run_until_idle()
        assert state(await shop.see_order(order.id)) == (S.CANCELLED, P.REFUND_NEEDED)


class TestWrongMoney:
    @pytest.mark.parametrize("amount", [Money(1, "USD"), Money(2501, "USD"), Money(2500, "EUR"), Money(0, "USD")])
    async def test_does_not_pay_and_has_to_go_back(self, shop: Shop, clock: TestClock, amount: Money) -> None:
        order, provider = await shop.card_order(), MemoryProvider()
        attempt = await shop.attempt(order, till=shop.till(provider))
        provider.stand(attempt.intent_id or "", IntentState.SUCCEEDED, amount=amount)
        assert await hear(shop, provider, provider.event(attempt.intent_id or ""))
        assert state(await shop.see_order(order.id)) == (S.PENDING, P.REFUND_NEEDED)
        assert await refund_reasons(shop) == [(RefundReason.WRONG_AMOUNT, RefundStatus.NEEDED)]
        with pytest.raises(Conflict):
            await shop.attempt(order)
        clock.move(minutes=11)
        assert await payment_flows.expire(shop.till(provider)) == 1
        assert state(await shop.see_order(order.id)) == (S.CANCELLED, P.REFUND_NEEDED)
        assert await audited(shop.db) == []

    async def test_a_second_payment_goes_back_and_the_order_stays_paid(self, shop: Shop) -> None:
        order, provider = await shop.card_order(), MemoryProvider()
        till = shop.till(provider)
        first = await shop.attempt(order, till=till)
        provider.stand(first.intent_id or "", IntentState.FAILED)
        await hear(shop, provider, provider.event(first.intent_id or "", "evt_1"))
        second = await shop.attempt(order, till=till)
        for attempt, event in ((second, "evt_2"), (first, "evt_3")):
            provider.stand(attempt.intent_id or "", IntentState.SUCCEEDED)
            await hear(shop, provider, provider.event(attempt.intent_id or "", event))
        assert state(await shop.see_order(order.id)) == (S.CONFIRMED, P.REFUND_NEEDED)
        assert await refund_reasons(shop) == [(RefundReason.TWICE, RefundStatus.NEEDED)]
        assert await payment_flows.refund(till, shop.staff, order.id) == 1
        assert state(await shop.see_order(order.id)) == (S.CONFIRMED, P.PAID)
        assert await audited(shop.db) == []

    async def test_cash_and_card_for_the_same_order_gives_the_card_back(self, shop: Shop, clock: TestClock) -> None:
        order = await shop.card_order()
        await shop.answer(await shop.attempt(order), timing=Timing.LATE)
        assert state(await shop.pay(order)) == (S.CONFIRMED, P.PAID)
        clock.move(minutes=3)
        await shop.house.jobs.run_until_idle()
        assert await refund_reasons(shop) == [(RefundReason.TWICE, RefundStatus.NEEDED)]
        assert await audited(shop.db) == []
