"""A deleted product comes back whole: variants, options, pictures, shelves, words, stock and its history."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from engine.commerce.catalog import queries
from engine.commerce.catalog.drafts import ImageDraft, VariantDraft
from engine.commerce.catalog.product_list import PRODUCTS
from engine.commerce.catalog.resources import CATEGORIES
from engine.commerce.ordering.models import OrderItem
from engine.core.errors import Conflict
from engine.core.records import bin as trash
from engine.core.records import history, writing
from tests.factories.catalog import MANAGER
from tests.factories.shop import Shop


async def _bin(shelf, product_id):
    async with shelf.db.write() as tx:
        return (await writing.delete(tx, MANAGER, PRODUCTS, product_id)).id


async def _restore(shelf, binned_id):
    async with shelf.db.write() as tx:
        await trash.restore(tx, MANAGER, PRODUCTS, binned_id)


async def _ordered(shop, order):
    async with shop.db.read() as session:
        statement = select(OrderItem.product_id, OrderItem.variant_id).where(OrderItem.order_id == order.id)
        return tuple((await session.execute(statement)).one())


class TestBin:
    async def test_it_comes_back_with_everything_that_hung_on_it(self, shelf):
        tee = await shelf.with_sizes("Tee", {"S": 3, "M": None})
        places = {"category_ids": (await shelf.category("Home"),), "tag_ids": (await shelf.tag("New"),)}
        before = await shelf.change(tee.id, **places, images=(ImageDraft(source="https://x.example/a.jpg", alt="A"),))
        story = await shelf.db.query(queries.movements, tee.id)
        binned = await _bin(shelf, tee.id)
        assert await shelf.db.query(queries.product, tee.id, include_unpublished=True) is None
        await _restore(shelf, binned)
        after = await shelf.see(tee.id)
        assert {name: getattr(after, name) for name in before.__dataclass_fields__ if name != "updated_at"} == {
            name: getattr(before, name) for name in before.__dataclass_fields__ if name != "updated_at"
        }
        assert await shelf.db.query(queries.movements, tee.id) == story

    async def test_what_it_stood_on_may_be_gone_and_its_address_taken(self, shelf):
        home = await shelf.category("Home")
        mug = await shelf.product("Mug", category_ids=(home,))
        binned = await _bin(shelf, mug.id)
        async with shelf.db.write() as tx:
            await writing.delete(tx, MANAGER, CATEGORIES, home)
        other = await shelf.product("Mug")
        await _restore(shelf, binned)
        back = await shelf.see(mug.id)
        assert (back.slug, other.slug) == ("mug-2", "mug")
        assert back.categories == []

    async def test_a_sku_that_is_anothers_by_now_is_named_and_nothing_comes_back(self, shelf):
        tee = await shelf.with_sizes("Tee", {"S": 3})
        binned = await _bin(shelf, tee.id)
        other = await shelf.with_sizes("Tee", {"S": 1})
        with pytest.raises(Conflict, match="Tee-S"):
            await _restore(shelf, binned)
        assert await shelf.db.query(queries.product, tee.id, include_unpublished=True) is None
        assert (await shelf.see(other.id)).slug == "tee"


class TestOldOrders:
    async def test_what_was_ordered_before_can_be_ordered_again_once_it_is_back(self, house):
        shop = Shop(house)
        mug = await shop.product(stock=9)
        order, other = await shop.order(product=mug), await shop.order(product=mug)
        assert await _ordered(shop, order) == (mug.id, mug.variants[0].id)
        binned = await _bin(shop, mug.id)
        assert await _ordered(shop, order) == (None, None)
        cup = await shop.product("Cup")
        async with shop.db.write() as tx:  # somebody has put another in its place meanwhile
            await tx.execute(update(OrderItem).where(OrderItem.order_id == other.id).values(product_id=cup.id))
        await _restore(shop, binned)
        assert await _ordered(shop, order) == (mug.id, mug.variants[0].id)
        assert await _ordered(shop, other) == (cup.id, mug.variants[0].id)
        assert (await shop.order(product=await shop.see(mug.id))).number


class TestHistory:
    async def test_it_says_what_changed_of_which_variant_and_puts_a_price_back(self, shelf):
        tee = await shelf.with_sizes("Tee", {"S": 3, "M": 1})
        mug = await shelf.product("Mug", price="12.00", sku="MUG")
        small, medium = (draft_of_variant(one) for one in tee.variants)
        await shelf.change(tee.id, variants=(replace(small, price_minor=900), medium))
        await shelf.change(mug.id, price_minor=1500, sku="")

        lines = await shelf.db.query(history.of, MANAGER, PRODUCTS, tee.id)
        assert lines[0].changes == {"S price_minor": [2000, 900]}
        lines = await shelf.db.query(history.of, MANAGER, PRODUCTS, mug.id)
        assert lines[0].changes == {"price_minor": [1200, 1500], "sku": ["MUG", ""]}
        async with shelf.db.write() as tx:
            await history.put_back(tx, MANAGER, PRODUCTS, mug.id, lines[0].id)
        assert ((await shelf.see(mug.id)).price_minor, (await shelf.see(mug.id)).sku) == (1200, "MUG")


def draft_of_variant(view):
    """Return a variant as it would be written again."""
    return VariantDraft(
        id=view.id, sku=view.sku, option_values=view.option_values, price_minor=view.price_minor, stock=view.stock
    )
