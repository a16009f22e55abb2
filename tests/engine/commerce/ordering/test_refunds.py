"""Sending money back: once, to whom it belongs, by whom may."""

import asyncio

import pytest
from sqlalchemy import func, select

from engine.commerce.ordering import refunding
from engine.commerce.ordering.models import Refund
from engine.commerce.ordering.settling import RefundReason, RefundStatus
from engine.commerce.ports import IntentState, MemoryProvider
from engine.core.actor import Actor, Role
from engine.core.errors import Conflict, NotAllowed
from engine.core.facts import FactRow
from engine.core.ids import new_id
from tests.audit import audited
from tests.engine.commerce.ordering.paying import P, S, hear, letters, refund_reasons, rows, state
from tests.factories.shop import Shop


class TestRefund:
    async def test_a_paid_order_that_is_cancelled_is_refunded_and_closed(self, shop: Shop) -> None:
        order = await shop.pay_by_card(await shop.card_order())
        assert state(await shop.step(order, S.CANCELLED)) == (S.CANCELLED, P.REFUND_NEEDED)
        assert await shop.refund(order) == 1
        await shop.house.jobs.run_until_idle()
        assert state(await shop.see_order(order.id)) == (S.REFUNDED, P.REFUNDED)
        assert (await letters(shop))[-2:] == ["order_cancelled", "payment_refunded"]
        with pytest.raises(Conflict, match="Nothing of order 1001"):
            await shop.refund(order)
        assert await audited(shop.db) == []

    async def test_ten_at_once_send_the_money_back_once(self, shop: Shop) -> None:
        order = await shop.pay_by_card(await shop.card_order())
        await shop.step(order, S.CANCELLED)
        await asyncio.gather(*(shop.refund(order) for _ in range(10)), return_exceptions=True)
        async with shop.db.read() as session:
            told = await session.scalar(select(func.count()).where(FactRow.name == "payment.refunded"))
        assert (told, await refund_reasons(shop)) == (1, [(RefundReason.CANCELLED, RefundStatus.DONE)])
        assert await audited(shop.db) == []

    async def test_a_key_makes_a_repeat_answer_and_another_order_refuse(self, shop: Shop) -> None:
        order = await shop.pay_by_card(await shop.card_order())
        await shop.step(order, S.CANCELLED)
        assert [await shop.refund(order, key="k"), await shop.refund(order, key="k")] == [1, 0]

    async def test_what_was_paid_in_cash_is_marked_by_hand(self, shop: Shop) -> None:
        order = await shop.pay(await shop.order())
        await shop.step(order, S.CANCELLED)
        with pytest.raises(Conflict, match="in cash or by bank transfer"):
            await shop.refund(order)
        refund = (await rows(shop, Refund))[0]
        async with shop.db.write() as tx:
            site, secrets = shop.house.site, shop.house.secrets
            closed = await refunding.mark(tx, shop.staff, site, secrets, order.id, refund.id, "By bank")  # type: ignore[attr-defined]
        assert state(closed) == (S.REFUNDED, P.REFUNDED)
        assert await audited(shop.db) == []

    async def test_a_refund_made_at_the_provider_is_taken_up(self, shop: Shop) -> None:
        order, provider = await shop.card_order(), MemoryProvider()
        attempt = await shop.attempt(order, till=shop.till(provider))
        intent = attempt.intent_id or ""
        provider.stand(intent, IntentState.SUCCEEDED)
        await hear(shop, provider, provider.event(intent, "evt_1"))
        for refunded, event in ((500, "evt_2"), (2500, "evt_3"), (2500, "evt_4")):
            provider.stand(intent, IntentState.SUCCEEDED, refunded_minor=refunded)
            await hear(shop, provider, provider.event(intent, event, "charge.refunded"))
        assert state(await shop.see_order(order.id)) == (S.CONFIRMED, P.REFUNDED)
        assert await refund_reasons(shop) == [(RefundReason.OUTSIDE, RefundStatus.DONE)]
        assert await audited(shop.db) == []

    @pytest.mark.parametrize("role", [Role.CUSTOMER, Role.VIEWER, Role.EDITOR])
    async def test_is_closed_below_store_manager(self, shop: Shop, role: Role) -> None:
        order = await shop.pay_by_card(await shop.card_order())
        await shop.step(order, S.CANCELLED)
        with pytest.raises(NotAllowed):
            await shop.refund(order, Actor.person(new_id(), role))
