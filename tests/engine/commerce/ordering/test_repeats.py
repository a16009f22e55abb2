"""Ordering again."""

import pytest

from engine.commerce.catalog.models import ProductStatus
from engine.commerce.ordering import repeats
from engine.commerce.ordering.repeats import Lacking, Repeated
from engine.commerce.ordering.views import OrderView
from engine.core.actor import Actor
from engine.core.errors import NotFound
from tests.factories import people
from tests.factories.shop import STRANGER, Shop


@pytest.fixture
async def ada(shop: Shop) -> Actor:
    return await people.account(shop.house, email="ada@example.org", name="Ada")


async def again(shop: Shop, who: Actor, order: OrderView) -> Repeated:
    async with shop.db.write() as tx:
        return await repeats.order_again(tx, who, shop.house.site, order.id)


class TestOrderAgain:
    async def test_it_is_in_the_cart_at_todays_price_beside_what_was_there(self, shop: Shop, ada: Actor) -> None:
        mug = await shop.product("Blue mug", price="12.00", stock=10)
        order = await shop.order(2, mug, actor=ada)
        await shop.reprice(mug, "15.00")
        await shop.cart((await shop.product("Tray"), 1), (mug, 1), actor=ada)
        repeated = await again(shop, ada, order)
        assert (repeated.added, repeated.missing) == (2, ())
        cart = await shop.see_cart(None, ada)
        assert {(line.name, line.quantity) for line in cart.lines} == {("Blue mug", 3), ("Tray", 1)}
        assert next(line for line in cart.lines if line.name == "Blue mug").unit_price_minor == 1500

    async def test_what_is_not_sold_any_more_is_named_and_the_rest_goes_in(self, shop: Shop, ada: Actor) -> None:
        few, gone, out, plenty = [await shop.product(name, stock=5) for name in ("Few", "Gone", "Out", "Plenty")]
        await shop.cart((few, 4), (gone, 1), (out, 5), (plenty, 1), actor=ada)
        order = (await shop.check_out(None, actor=ada)).order
        await shop.change(gone.id, status=ProductStatus.ARCHIVED)
        repeated = await again(shop, ada, order)
        said = {one.name: (one.left, one.reason) for one in repeated.missing}
        assert said == {"Few": (1, Lacking.FEWER), "Gone": (0, Lacking.GONE), "Out": (0, Lacking.SOLD_OUT)}
        assert {(line.name, line.quantity) for line in (await shop.see_cart(None, ada)).lines} == {
            ("Few", 1),
            ("Plenty", 1),
        }

    async def test_doing_it_over_and_over_never_asks_for_more_than_there_is(self, shop: Shop, ada: Actor) -> None:
        order = await shop.order(2, await shop.product(stock=5), actor=ada)
        for added in (2, 1, 0):
            assert (await again(shop, ada, order)).added == added
        assert [line.quantity for line in (await shop.see_cart(None, ada)).lines] == [3]

    async def test_an_order_of_somebody_else_is_not_found(self, shop: Shop, ada: Actor) -> None:
        theirs = await shop.order(1, actor=await people.account(shop.house, email="grace@example.org"))
        guests = await shop.order(1)
        for order, who in ((theirs, ada), (guests, ada), (theirs, STRANGER), (guests, STRANGER)):
            with pytest.raises(NotFound):
                await again(shop, who, order)
