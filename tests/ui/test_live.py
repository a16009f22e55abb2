"""Live events: every tab hears what its person may hear, and the server's end ends them."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.ids import new_id
from tests.factories.shop import Shop
from ui.live import MOST_WAITING, Live

HERE = 5.0


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def live(house: Ports) -> Live:
    """What a server has: ears on the bus."""
    found = Live()
    house.bus.subscribe(found.hear)
    return found


def person(role: Role) -> Actor:
    return Actor.person(new_id(), role)


async def said(stream: AsyncIterator[bytes]) -> str:
    return (await asyncio.wait_for(anext(stream), HERE)).decode()


class TestEvents:
    async def test_every_tab_hears_of_an_order(self, shop: Shop, live: Live) -> None:
        tabs = [live.events(person(Role.STORE_MANAGER)) for _tab in range(3)]
        assert {await said(tab) for tab in tabs} == {"retry: 2000\n\n"}
        order = await shop.order()
        for tab in tabs:
            first, second = await said(tab), await said(tab)
            assert "event: order.created" in first
            assert f"event: {order.id}" in second
            assert "ada@example.org" not in first + second

    async def test_a_tab_that_comes_back_hears_what_is_next(self, shop: Shop, live: Live) -> None:
        gone = live.events(person(Role.ADMIN))
        await said(gone)
        await gone.aclose()
        await shop.order()
        again = live.events(person(Role.ADMIN))
        await said(again)
        await shop.pay(await shop.order())
        assert "event: order.created" in await said(again)

    @pytest.mark.parametrize("role", [Role.CUSTOMER, Role.VIEWER, Role.EDITOR])
    async def test_people_without_orders_hear_of_none(self, shop: Shop, live: Live, role: Role) -> None:
        stream = live.events(person(role))
        await said(stream)
        await shop.order()
        live.close()
        with pytest.raises(StopAsyncIteration):
            await said(stream)

    async def test_the_servers_end_ends_them_at_once_even_one_that_does_not_keep_up(
        self, shop: Shop, live: Live
    ) -> None:
        stream = live.events(person(Role.ADMIN))
        await said(stream)
        mug = await shop.product(stock=500)
        for _order in range(MOST_WAITING // 20):
            await shop.order(1, mug)
        live.close()
        with pytest.raises(StopAsyncIteration):
            await said(stream)
