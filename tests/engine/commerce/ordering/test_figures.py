"""Figures by day: whole days of the site's own calendar, exact to the second, on both databases."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.commerce.ordering import figures, refunding, sums
from engine.commerce.ordering.figures import DayFigures
from engine.commerce.ordering.ledger import ledger
from engine.commerce.ordering.spans import Span
from engine.commerce.ordering.states import OrderStatus as S
from tests.clock import TestClock
from tests.factories.shop import Shop


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def stand(clock: TestClock, moment: datetime) -> None:
    clock.move(seconds=(moment - clock.now()).total_seconds())


class TestByDay:
    @pytest.mark.parametrize(
        ("zone", "now", "moments", "hours"),
        [
            # Clocks go back at 01:00 UTC on 25 October: that day has 25 hours.
            (
                "Europe/Berlin",
                "2026-10-26 12:00",
                {
                    "2026-10-24 21:59:59": 0,
                    "2026-10-24 22:00:00": 1,
                    "2026-10-25 22:59:59": 1,
                    "2026-10-25 23:00:00": 2,
                },
                [24, 25, 24],
            ),
            # They go forward at midnight itself on 29 October 2027 in no zone that we know; in Beirut in March they do.
            (
                "Asia/Beirut",
                "2027-03-29 12:00",
                {
                    "2027-03-27 21:59:59": 0,
                    "2027-03-27 22:00:00": 1,
                    "2027-03-28 20:59:59": 1,
                    "2027-03-28 21:00:00": 2,
                },
                [24, 23, 24],
            ),
            # No whole hours from UTC, and no change.
            (
                "Asia/Kathmandu",
                "2026-07-03 12:00",
                {"2026-07-01 18:14:59": 0, "2026-07-01 18:15:00": 1, "2026-07-02 18:15:00": 2},
                [24, 24, 24],
            ),
        ],
    )
    async def test_money_falls_on_the_sites_own_day(
        self, shop: Shop, clock: TestClock, zone: str, now: str, moments: dict[str, int], hours: list[int]
    ) -> None:
        mug = await shop.product("Mug", "10.00", stock=100)
        expected = [0, 0, 0]
        for moment, place in moments.items():
            await stand(clock, at(moment))
            order = await shop.pay(await shop.order(1, mug))
            expected[place] += order.total_minor
        span = Span.of(at(now), ZoneInfo(zone), 3)
        bounds = span.bounds
        assert [(end - start) / timedelta(hours=1) for start, end in bounds[3:]] == hours
        found = await shop.db.query(sums.by_day, bounds, "USD")
        assert [day.taken_minor for day in found[3:]] == expected
        assert sum(day.orders for day in found) == len(moments)

    async def test_only_money_that_arrived_in_the_shops_currency_counts(self, shop: Shop, clock: TestClock) -> None:
        mug = await shop.product("Mug", "10.00", stock=100)
        await shop.order(1, mug)
        cancelled = await shop.pay(await shop.order(1, mug))
        await shop.step(cancelled, S.CANCELLED)
        await shop.set("general", currency="EUR")
        await shop.pay(await shop.order(2, mug))
        await shop.set("general", currency="USD")
        bounds = Span.of(clock.now(), ZoneInfo("UTC"), 1).bounds
        _before, today = await shop.db.query(sums.by_day, bounds, "USD")
        assert today == DayFigures(taken_minor=cancelled.total_minor, payments=1, orders=3)
        (owed,) = (await shop.db.query(ledger, cancelled.id)).owed
        async with shop.db.write() as tx:  # and none that went back
            await refunding.mark(tx, shop.staff, shop.house.site, shop.house.secrets, cancelled.id, owed.id)
        _before, today = await shop.db.query(sums.by_day, bounds, "USD")
        assert today == DayFigures(taken_minor=0, payments=0, returned_minor=cancelled.total_minor, orders=3)
        assert await shop.db.query(figures.top_products, *bounds[-1], "USD") == []
        assert await shop.db.query(sums.by_day, [], "USD") == []


class TestTopProducts:
    async def test_they_stand_by_what_paid_orders_were_worth(self, shop: Shop, clock: TestClock) -> None:
        mug, jug = await shop.product("Mug", "10.00", stock=50), await shop.product("Jug", "45.00", stock=50)
        await shop.pay(await shop.order(3, mug))
        await shop.pay(await shop.order(1, jug))
        await shop.order(9, mug)
        day = (clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1))
        found = await shop.db.query(figures.top_products, *day, "USD")
        assert [(one.name, one.pieces, one.worth_minor) for one in found] == [("Jug", 1, 4500), ("Mug", 3, 3000)]
        assert await shop.db.query(figures.top_products, *day, "EUR") == []
