"""Kept sums of days that are over: the same as those summed anew, whatever happens to the past; on both databases."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from engine.commerce.ordering import figures, refunding, sums, tops
from engine.commerce.ordering.figures import DayFigures, TopProduct
from engine.commerce.ordering.ledger import ledger
from engine.commerce.ordering.models import SalesDay
from engine.commerce.ordering.spans import Day, Span
from engine.commerce.ordering.states import OrderStatus as S
from engine.commerce.ordering.views import OrderView
from tests.clock import TestClock
from tests.factories.shop import Shop

ZONE = ZoneInfo("Europe/Berlin")


def days_at(now: datetime, zone: ZoneInfo = ZONE) -> list[Day]:
    return Span.of(now, zone, 7).bounds


async def keep(shop: Shop) -> None:
    async with shop.db.write() as tx:
        tx.enqueue("figures.keep")
    await shop.house.jobs.run_until_idle()


async def is_right(shop: Shop, days: list[Day]) -> bool:
    """Return whether what is shown is what the orders come to, and so is what is kept."""
    summed = await shop.db.query(figures.summed, days)
    shown = await shop.db.query(sums.by_day, days, "USD")
    by_hand = [
        (day.get("USD", DayFigures()).taken_minor, day.get("USD", DayFigures()).returned_minor, day[""].orders)
        for day in summed
    ]
    assert await shop.db.query(sums.differences) == []
    return [(day.taken_minor, day.returned_minor, day.orders) for day in shown] == by_hand


async def give_back(shop: Shop, order: OrderView) -> None:
    (owed,) = (await shop.db.query(ledger, order.id)).owed
    async with shop.db.write() as tx:
        await refunding.mark(tx, shop.staff, shop.house.site, shop.house.secrets, order.id, owed.id)


@pytest.fixture
async def sold(shop: Shop, clock: TestClock) -> list[OrderView]:
    """Two paid orders of two days ago, one of them in another currency, and one of today; what is over is kept."""
    await shop.set("general", timezone=ZONE.key)
    mug = await shop.product("Mug", "10.00", stock=100)
    orders = [await shop.pay(await shop.order(1, mug))]
    await shop.set("general", currency="EUR")
    orders.append(await shop.pay(await shop.order(3, mug)))
    await shop.set("general", currency="USD")
    clock.move(days=2)
    orders.append(await shop.pay(await shop.order(2, mug)))
    await keep(shop)
    return orders


class TestKeep:
    async def test_days_that_are_over_are_kept_and_no_others(
        self, shop: Shop, clock: TestClock, sold: list[OrderView]
    ) -> None:
        days = days_at(clock.now())
        kept = await shop.db.query(sums.kept, days)
        assert list(kept) == days[:-1]
        day = kept[days[-3]]
        assert (day[""].orders, day["USD"].taken_minor, day["EUR"].payments) == (2, sold[0].total_minor, 1)
        assert await is_right(shop, days)
        clock.move(hours=10, minutes=15)  # a quarter of an hour past midnight in Berlin is too soon
        assert days[-1] not in await shop.db.query(sums.missing, days_at(clock.now()), clock.now())

    async def test_money_that_goes_back_changes_its_day_at_once(
        self, shop: Shop, clock: TestClock, sold: list[OrderView]
    ) -> None:
        days = days_at(clock.now())
        await shop.step(sold[0], S.CANCELLED)
        assert days[-3] in await shop.db.query(sums.kept, days)  # nothing went back yet
        await give_back(shop, sold[0])
        assert days[-3] not in await shop.db.query(sums.kept, days)
        assert await is_right(shop, days)
        await keep(shop)
        assert days[-3] in await shop.db.query(sums.kept, days)
        assert await is_right(shop, days)

    async def test_a_refund_that_is_never_committed_leaves_the_day_kept(
        self, shop: Shop, clock: TestClock, sold: list[OrderView]
    ) -> None:
        days = days_at(clock.now())
        await shop.step(sold[0], S.CANCELLED)
        (owed,) = (await shop.db.query(ledger, sold[0].id)).owed
        with pytest.raises(RuntimeError, match="killed"):
            async with shop.db.write() as tx:
                await refunding.mark(tx, shop.staff, shop.house.site, shop.house.secrets, sold[0].id, owed.id)
                raise RuntimeError("killed")
        assert days[-3] in await shop.db.query(sums.kept, days)
        assert await is_right(shop, days)

    async def test_who_keeps_a_day_and_who_changes_it_wait_for_each_other(
        self, shop: Shop, clock: TestClock, sold: list[OrderView]
    ) -> None:
        days = days_at(clock.now())
        await shop.step(sold[0], S.CANCELLED)

        async def keep_all() -> None:
            async with shop.db.write() as tx:
                await sums.keep(tx, days[:-1])

        await asyncio.gather(give_back(shop, sold[0]), keep_all(), keep_all())
        assert await is_right(shop, days)

    async def test_history_written_down_later_is_counted(
        self, shop: Shop, clock: TestClock, sold: list[OrderView]
    ) -> None:
        days, then = days_at(clock.now()), clock.now()
        clock.move(days=-1)
        mug = await shop.product("Jug", "20.00", stock=10)
        order = await shop.order(1, mug)  # a clock that was wrong for a while
        clock.move(days=1)
        assert clock.now() == then
        async with shop.db.write() as tx:
            await sums.let_go(tx, order.created_at)
        assert await is_right(shop, days)

    async def test_another_calendar_is_summed_anew_and_the_old_one_forgotten(
        self, shop: Shop, clock: TestClock, sold: list[OrderView]
    ) -> None:
        days = days_at(clock.now(), ZoneInfo("Asia/Kathmandu"))
        assert await shop.db.query(sums.kept, days) == {}
        assert await is_right(shop, days)
        await shop.set("general", timezone="Asia/Kathmandu")
        await keep(shop)
        assert list(await shop.db.query(sums.kept, days)) == days[:-1]
        assert await shop.db.query(sums.kept, days_at(clock.now())) == {}
        assert await is_right(shop, days)

    async def test_a_wrong_sum_is_told(self, shop: Shop, clock: TestClock, sold: list[OrderView]) -> None:
        async with shop.db.write() as tx:
            found = await tx.scalars(select(SalesDay).where(SalesDay.currency == "USD"))
            found.one().taken_minor += 1
        (told,) = await shop.db.query(sums.differences)
        assert f"{sold[0].total_minor + 1} USD" in told


class TestTops:
    async def test_they_are_kept_where_there_are_many_orders_alone(
        self, shop: Shop, clock: TestClock, sold: list[OrderView], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        days = days_at(clock.now())[7:]
        live = await shop.db.query(tops.top_products, days, "USD", clock.now(), 3)
        assert [(one.name, one.pieces) for one in live.products] == [("Mug", 3)]
        async with shop.db.write() as tx:
            await tops.keep(tx, 7, "USD", [TopProduct(None, "Kept", 1, 2)], clock.now())
        assert await shop.db.query(tops.top_products, days, "USD", clock.now(), 3) == live
        assert await shop.db.query(tops.outdated, (7,), "USD", clock.now()) == []
        monkeypatch.setattr(tops, "EXACT", 1)
        kept = await shop.db.query(tops.top_products, days, "USD", clock.now(), 3)
        assert (kept.products, kept.found_at) == ([TopProduct(None, "Kept", 1, 2)], clock.now())
        assert await shop.db.query(tops.outdated, (7, 30), "USD", clock.now()) == [30]
        clock.move(hours=2)
        assert await shop.db.query(tops.outdated, (7,), "USD", clock.now()) == [7]
        await keep(shop)
        again = await shop.db.query(tops.top_products, days, "USD", clock.now(), 3)
        assert (again.products, again.found_at) == (live.products, clock.now())
