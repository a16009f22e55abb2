"""Products in the search: what they are found by, counted by and sorted by, and when that follows a change."""

from uuid import UUID

import pytest
from sqlalchemy import select

from engine.api.ports import Ports
from engine.commerce.catalog import categories
from engine.commerce.catalog.drafts import NamedList, ProductDraft, VariantDraft
from engine.commerce.catalog.models import ProductStatus, Visibility
from engine.commerce.catalog.resources import PRODUCT_TAGS
from engine.commerce.catalog.search import band_of, bounds_of
from engine.content.resources import REDIRECTS
from engine.core.actor import Actor
from engine.core.jobs import Job, JobStatus
from engine.core.ports import SearchRequest, SearchResult
from engine.core.records import writing
from engine.core.searching import ask_for_rebuild, rank_of_name
from tests.factories.catalog import MANAGER
from tests.factories.shop import Shop

MANAGER_OF_ALL = Actor.system()


@pytest.fixture(params=["tantivy", "database"], autouse=True)
async def engine(request: pytest.FixtureRequest, shop: Shop) -> str:
    await shop.set("system", featureBackends={"search": request.param})
    name: str = request.param
    return name


async def ask(house: Ports, text: str = "", **more: object) -> SearchResult:
    await house.jobs.run_until_idle()
    return await house.search.search(SearchRequest(text, ("product",), **more))  # type: ignore[arg-type]


async def titles(house: Ports, text: str = "", **more: object) -> list[str]:
    return [hit.title for hit in (await ask(house, text, **more)).hits]


class TestFinding:
    async def test_by_sku_of_a_variant_first(self, house: Ports, shop: Shop) -> None:
        await shop.with_sizes("Tee", {"S": 1, "M": 1})
        await shop.product("Print of Tee-M", description="Tee-M Tee-M Tee-M")
        assert (await titles(house, "tee-m"))[0] == "Tee"

    async def test_where_it_is_shown(self, house: Ports, shop: Shop) -> None:
        for visibility in Visibility:
            await shop.product(f"Mug {visibility}", visibility=visibility)
        await shop.product("Mug draft", status=ProductStatus.DRAFT)
        assert sorted(await titles(house, "mug")) == ["Mug search", "Mug visible"]
        assert sorted(await titles(house)) == ["Mug catalog", "Mug visible"]
        assert len(await titles(house, include_staff=True)) == 5

    async def test_what_is_deleted_is_gone(self, house: Ports, shop: Shop) -> None:
        made = await shop.product("Mug")
        assert await titles(house, "mug") == ["Mug"]
        await shop.change(made.id, status=ProductStatus.ARCHIVED)
        assert await titles(house, "mug") == []


class TestNarrowing:
    async def test_by_category_with_those_above(self, house: Ports, shop: Shop) -> None:
        top = await shop.category("Kitchen")
        cups = await shop.category("Cups", top)
        await shop.product("Mug", category_ids=(cups,))
        await shop.product("Bowl", category_ids=(top,))
        found = await ask(house, facets=("category",))
        assert found.facets["category"] == {str(top): 2, str(cups): 1}
        assert await titles(house, filters={"category": (str(cups),)}) == ["Mug"]

    async def test_a_category_that_moves_takes_its_products_along(self, house: Ports, shop: Shop) -> None:
        top, other = await shop.category("Kitchen"), await shop.category("Garden")
        cups = await shop.category("Cups", top)
        await shop.product("Mug", category_ids=(cups,))
        await ask_for_rebuild(house.db)
        await house.jobs.run_until_idle()
        await self._change(house, cups, parent_id=other, name="Beakers")
        assert await titles(house, filters={"category": (str(top),)}) == []
        assert await titles(house, filters={"category": (str(other),)}) == ["Mug"]
        assert await titles(house, "beakers") == ["Mug"]

    async def _change(self, house: Ports, category_id: UUID, **changes: object) -> None:
        async with house.db.write() as tx:
            await categories.update(tx, MANAGER, category_id, changes)

    async def test_a_category_and_a_tag_that_are_deleted_are_no_longer_found(self, house: Ports, shop: Shop) -> None:
        top, tag = await shop.category("Kitchen"), await shop.tag("Hot")
        await shop.product("Mug", category_ids=(top,), tag_ids=(tag,))
        await house.jobs.run_until_idle()
        await house.keeper.rebuild()
        assert await titles(house, "kitchen hot ") == ["Mug"]
        async with house.db.write() as tx:
            await categories.delete(tx, MANAGER, top)
            await writing.delete(tx, MANAGER, PRODUCT_TAGS, tag)
        assert await titles(house, "kitchen ") == []
        found = await ask(house, facets=("category", "tag"))
        assert found.facets == {"category": {}, "tag": {}}

    async def test_only_a_change_of_a_tag_sets_off_that_products_follow_it(self, house: Ports, shop: Shop) -> None:
        tag = await shop.tag("Hot")
        await house.jobs.run_until_idle()
        for resource, record_id, asked in ((REDIRECTS, None, 0), (PRODUCT_TAGS, tag, 1)):
            async with house.db.write() as tx:
                if record_id is None:
                    values = {"source_path": "/old", "target_url": "/new"}
                    await writing.create(tx, MANAGER_OF_ALL, resource, values)
                else:
                    await writing.update(tx, MANAGER_OF_ALL, resource, record_id, {"name": "Warm"})
            async with house.db.read() as session:
                queued = await session.scalars(select(Job).where(Job.status == JobStatus.QUEUED))
                assert len([job for job in queued if job.payload.get("reaction") == "search.product"]) == asked

    async def test_stock_follows_every_sale(self, house: Ports, shop: Shop) -> None:
        mug = await shop.product("Mug", stock=1)
        await shop.product("Voucher", stock=None)
        assert (await ask(house, facets=("available",))).facets["available"] == {"true": 2}
        await shop.order(product=mug)
        assert (await ask(house, facets=("available",))).facets["available"] == {"true": 1, "false": 1}
        assert await titles(house, filters={"available": ("true",)}) == ["Voucher"]

    async def test_by_options_and_prices(self, house: Ports, shop: Shop) -> None:
        await shop.with_sizes("Tee", {"S": 1, "M": 0}, price="12.00")
        await shop.product("Mug", price="5.00")
        variant = VariantDraft(price_minor=700, compare_at_minor=900)
        clay = NamedList(name="Material", values=("Clay",))
        await shop.add(ProductDraft(name="Bowl", status=ProductStatus.ACTIVE, variants=(variant,), details=(clay,)))
        found = await ask(house, facets=("option:Size", "band", "price", "sale", "detail:Material"))
        assert found.facets["option:Size"] == {"S": 1, "M": 1}
        assert found.facets["band"] == {"500-1000": 2, "1000-2000": 1}
        assert found.facets["sale"] == {"true": 1}
        assert found.facets["detail:Material"] == {"Clay": 1}
        assert found.bounds == {"price": (500, 1200)}
        assert await titles(house, ranges={"price": (600, 1300)}, sort="price") == ["Bowl", "Tee"]
        assert await titles(house, sort="name") == ["Bowl", "Mug", "Tee"]

    async def test_featured_come_first_and_then_the_newest(self, house: Ports, shop: Shop, clock: object) -> None:
        for name, is_featured in (("First", True), ("Second", False), ("Third", False)):
            await shop.product(name, is_featured=is_featured)
            clock.move(minutes=1)  # type: ignore[attr-defined]
        assert await titles(house, sort="-featured") == ["First", "Third", "Second"]
        assert await titles(house, sort="-newest") == ["Third", "Second", "First"]


class TestBands:
    @pytest.mark.parametrize("price", [0, 1, 499, 500, 999, 1_000, 1_999, 2_000, 123_456, 10**15, 10**18])
    def test_a_price_lies_in_its_band(self, price: int) -> None:
        low, high = bounds_of(band_of(price))
        assert low <= price
        assert high is None or price < high

    def test_names_rank_as_they_sort(self) -> None:
        names = ["", "1 mug", "A", "a b", "Ab", "abc", "Äpfel", "Zebra", "Zebra crossing 1", "Яблоко"]
        ranks = {name: rank_of_name(name) for name in names}
        assert max(ranks.values()) < 2**63
        assert ranks["A"] < ranks["a b"] < ranks["Ab"] < ranks["abc"] < ranks["Äpfel"] < ranks["Zebra"]
