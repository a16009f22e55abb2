"""Stock that orders take and give back."""

import asyncio
from collections import Counter

from sqlalchemy import select

from engine.commerce.catalog import public, queries
from engine.commerce.catalog.models import MovementReason, ProductStatus
from engine.core.actor import Actor
from engine.core.facts import FactRow
from engine.core.ids import new_id

SHOPPER = Actor.stranger()


async def take(shelf, *lines, order=None) -> list[public.Shortage]:
    async with shelf.db.write() as tx:
        return await public.take_stock(tx, SHOPPER, lines, order or new_id())


async def lows(shelf) -> int:
    """Return how often somebody was told to order more."""
    async with shelf.db.read() as session:
        return Counter(await session.scalars(select(FactRow.name)))["inventory.low"]


class TestLowStock:
    async def test_a_product_says_at_how_few_pieces_and_else_the_shop_does(self, shelf, house):
        async with shelf.db.write() as tx:
            await house.settings.update(tx, Actor.system(), "catalog", {"lowStock": 2})
        own = await shelf.product("Own", stock=20, low_stock=10)
        none = await shelf.product("Never", stock=2, low_stock=0)
        shops = await shelf.product("As the shop", stock=4)
        for product, pieces in ((own, 10), (none, 1), (shops, 1)):
            await take(shelf, (product.variants[0].id, pieces))
        assert [low.product_name for low in await shelf.db.query(queries.low_stock)] == ["Own"]
        assert await lows(shelf) == 1
        await take(shelf, (shops.variants[0].id, 1))
        await shelf.change(none.id, stock=0)
        assert [low.product_name for low in await shelf.db.query(queries.low_stock)] == ["Never", "As the shop", "Own"]
        assert await lows(shelf) == 3


class TestTake:
    async def test_fifty_buyers_of_the_last_seven_take_exactly_seven(self, shelf):
        mug = await shelf.product(stock=7)
        variant = mug.variants[0].id
        answers = await asyncio.gather(*(take(shelf, (variant, 1)) for _ in range(50)))
        assert Counter(bool(short) for short in answers) == {False: 7, True: 43}
        assert {short[0].left for short in answers if short} == {0}
        assert (await shelf.see(mug.id)).stock == 0
        sold = [m for m in await shelf.db.query(queries.movements, mug.id) if m.reason is MovementReason.SOLD]
        assert sorted(m.stock_after for m in sold) == list(range(7))

    async def test_all_or_nothing(self, shelf):
        tee = await shelf.with_sizes("Tee", {"S": 3, "M": 1})
        small, medium = tee.variants
        short = await take(shelf, (small.id, 2), (medium.id, 1), (medium.id, 1))
        assert [(s.product_name, s.wanted, s.left) for s in short] == [("Tee", 2, 1)]
        assert [v.stock for v in (await shelf.see(tee.id)).variants] == [3, 1]
        assert await take(shelf, (small.id, 2), (medium.id, 1)) == []
        assert [v.stock for v in (await shelf.see(tee.id)).variants] == [1, 0]

    async def test_two_orders_of_the_same_things_in_opposite_order_never_wait_for_each_other(self, shelf):
        one, two = await shelf.product("One", stock=50), await shelf.product("Two", stock=50)
        lines = [(one.variants[0].id, 1), (two.variants[0].id, 1)]
        await asyncio.gather(*(take(shelf, *(lines if n % 2 else lines[::-1])) for n in range(40)))
        assert [(await shelf.see(p.id)).stock for p in (one, two)] == [10, 10]

    async def test_what_is_not_counted_is_never_short(self, shelf):
        mug = await shelf.product(stock=None)
        assert await take(shelf, (mug.variants[0].id, 1_000)) == []
        assert (await shelf.see(mug.id)).stock is None

    async def test_a_variant_that_is_gone_is_short(self, shelf):
        (short,) = await take(shelf, (new_id(), 1))
        assert short.left == 0

    async def test_falling_to_the_last_few_tells_once(self, shelf):
        mug = await shelf.product(stock=7)
        for _ in range(4):
            await take(shelf, (mug.variants[0].id, 1))
        async with shelf.db.read() as session:
            names = Counter(await session.scalars(select(FactRow.name)))
        assert (names["inventory.updated"], names["inventory.low"]) == (4, 1)


class TestReturn:
    async def test_pieces_come_back_with_their_line(self, shelf):
        mug = await shelf.product(stock=2)
        order = new_id()
        await take(shelf, (mug.variants[0].id, 2), order=order)
        async with shelf.db.write() as tx:
            await public.return_stock(tx, SHOPPER, [(mug.variants[0].id, 2), (new_id(), 1)], order)
        assert (await shelf.see(mug.id)).stock == 2
        newest = (await shelf.db.query(queries.movements, mug.id))[0]
        assert (newest.change, newest.reason, newest.reference_id) == (2, MovementReason.RETURNED, order)


class TestOffers:
    async def test_an_offer_says_what_is_sold_for_how_much_and_whether(self, shelf):
        tee = await shelf.with_sizes("Tee", {"S": 3, "M": 0})
        small, medium = tee.variants
        found = await shelf.db.query(public.offers, [small.id, medium.id, new_id()])
        assert len(found) == 2
        offer = found[small.id]
        assert (offer.product_name, offer.variant_title, offer.sku, offer.url) == ("Tee", "S", "Tee-S", "/products/tee")
        assert (offer.unit_price_minor, offer.is_available, offer.is_shippable, offer.stock) == (2000, True, True, 3)
        assert not found[medium.id].is_available

    async def test_only_active_products_are_offered_to_an_order(self, shelf):
        mug = await shelf.product(status=ProductStatus.ARCHIVED)
        async with shelf.db.write() as tx:
            assert await public.locked_offers(tx, [mug.variants[0].id]) == {}

    async def test_a_variant_is_found_by_its_product_or_its_choices(self, shelf):
        mug, tee = await shelf.product(), await shelf.with_sizes()
        assert await shelf.db.query(public.default_variant_id, mug.id) == mug.variants[0].id
        assert await shelf.db.query(public.default_variant_id, tee.id) is None
        assert await shelf.db.query(public.variant_by_options, tee.id, {"Size": "M"}) == tee.variants[1].id
        assert await shelf.db.query(public.variant_by_options, tee.id, {"Size": "XL"}) is None
