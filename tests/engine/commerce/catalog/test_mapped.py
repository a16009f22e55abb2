"""What search engines are told of the catalogue, and what is known of long lists of it."""

import asyncio

import pytest

from engine.api.ports import Ports
from engine.commerce.catalog import mapped, memory
from engine.commerce.catalog.models import Visibility
from engine.commerce.catalog.shelves import category_tree, flat, standing
from tests.factories.catalog import CatalogShelf

PRODUCTS = next(one for one in mapped.ADDRESSES if one.key == "products")
SHELVES = next(one for one in mapped.ADDRESSES if one.key == "categories")


class TestAddresses:
    async def test_every_product_that_is_sold_is_named_once_however_it_is_read(
        self, shelf: CatalogShelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(mapped, "BATCH", 2)
        seen = [*Visibility, Visibility.SEARCH, Visibility.VISIBLE, Visibility.CATALOG, Visibility.VISIBLE]
        made = [await shelf.product(f"Mug {at}", visibility=one) for at, one in enumerate(seen)]
        sold = {f"/products/{one.slug}" for one in made if one.visibility is not Visibility.HIDDEN}
        at_once = [one.path for one in await shelf.db.query(lambda c: list(PRODUCTS.part(c, 0, 100)))]
        assert (len(at_once), set(at_once)) == (len(sold), sold)
        assert await shelf.db.query(PRODUCTS.count) == len(sold)
        parts = [await shelf.db.query(lambda c, at=at: list(PRODUCTS.part(c, at, 3))) for at in range(0, len(sold), 3)]
        assert [one.path for part in parts for one in part] == at_once

    async def test_shelves_stand_there_with_something_on_them_or_below(self, shelf: CatalogShelf) -> None:
        kitchen = await shelf.category("Kitchen")
        mugs = await shelf.category("Mugs", kitchen)
        small = await shelf.category("Small", mugs)
        await shelf.category("Empty", kitchen)
        hidden = await shelf.category("Hidden")
        await shelf.product("Cup", category_ids=(small,))
        await shelf.product("Plate", category_ids=(small, kitchen))
        await shelf.product("Secret", category_ids=(hidden,), visibility=Visibility.HIDDEN)
        found = [one.path for one in await shelf.db.query(standing)]
        assert found == ["kitchen", "kitchen/mugs", "kitchen/mugs/small"]
        counted = [one.path for one in flat(await shelf.db.query(category_tree)) if one.product_count]
        assert found == counted
        assert await shelf.db.query(SHELVES.count) == 3


class TestLongLists:
    async def test_nobody_waits_while_a_long_list_is_counted_again(
        self, house: Ports, shelf: CatalogShelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(memory, "EXACT", 1)
        monkeypatch.setattr(memory, "KNOWN_SECONDS", -1.0)
        first, second = await shelf.product("One"), await shelf.product("Two")
        assert (await house.categories.whole_list(None)).total == 2
        await shelf.product("Three")
        assert (await house.categories.whole_list(None)).total == 2
        await _until_counted(house, 3)
        for one in (first, second):
            await shelf.change(one.id, visibility=Visibility.HIDDEN)
        await house.categories.whole_list(None)
        await _until_counted(house, 1)
        await shelf.change(first.id, visibility=Visibility.VISIBLE)
        assert (await house.categories.whole_list(None)).total == 2  # it is no longer long: never late


async def _until_counted(house: Ports, total: int) -> None:
    async with asyncio.timeout(10):
        while (await house.categories.whole_list(None)).total != total:  # noqa: ASYNC110 - counted at the side
            await asyncio.sleep(0)
