"""What long lists are searched, sorted and counted by is kept, and true whatever happens to a product."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, update

from engine.commerce.catalog import kept, public, shelf_counts
from engine.commerce.catalog.drafts import ProductDraft, VariantDraft
from engine.commerce.catalog.models import Category, Product, ProductCategory, ProductStatus, ProductWords
from engine.commerce.catalog.product_list import PRODUCTS
from engine.commerce.catalog.queries import ProductFilter, products
from engine.commerce.catalog.resources import CATEGORIES
from engine.commerce.catalog.shelves import category_tree, flat
from engine.core.actor import Actor
from engine.core.ids import new_id
from engine.core.jobs import Job, JobStatus
from engine.core.paging import PageRequest
from engine.core.records import bin as trash
from engine.core.records import writing
from engine.core.records.reading import ListRequest, listed
from engine.core.tables import table_of
from tests.factories.catalog import MANAGER

SYSTEM = Actor.system()


async def sums(shelf, product_id) -> tuple[int | None, int | None]:
    """Return the stock that is kept of a product, and the fewest pieces, once nothing of the kept is wrong."""
    assert await shelf.db.query(kept.differences) == []
    async with shelf.db.read() as session:
        return tuple(
            (await session.execute(select(Product.stock, Product.fewest).where(Product.id == product_id))).one()
        )


async def names(shelf, search: str = "", **asked) -> list[str]:
    """Return what staff find, once programs are told the same."""
    filters = {name: [value] for name, value in asked.items() if name != "sort"}
    request = ListRequest(PageRequest(), search, filters, asked.get("sort", "name"))
    found = [one.title for one in (await shelf.db.query(listed, SYSTEM, PRODUCTS, request)).items]
    if search and not asked:
        told = await shelf.db.query(products, ProductFilter(search=search, sort="name"), PageRequest())
        assert [one.name for one in told.items] == found
    return found


class TestStock:
    async def test_it_follows_every_change(self, shelf):
        tee = await shelf.with_sizes("Tee", {"S": 3, "M": 5})
        assert await sums(shelf, tee.id) == (8, 3)
        async with shelf.db.write() as tx:
            lines = [(tee.variants[0].id, 2), (tee.variants[1].id, 1)]
            assert await public.take_stock(tx, SYSTEM, lines, new_id()) == []
        assert await sums(shelf, tee.id) == (5, 1)
        async with shelf.db.write() as tx:
            await public.return_stock(tx, SYSTEM, [(tee.variants[0].id, 2)], new_id())
        assert await sums(shelf, tee.id) == (7, 3)
        await shelf.change(tee.id, options=(), variants=(VariantDraft(price_minor=100, stock=None),))
        assert await sums(shelf, tee.id) == (None, None)

    async def test_a_mixed_product_has_no_sum_but_a_fewest(self, shelf):
        assert await sums(shelf, (await shelf.with_sizes("Tee", {"S": 4, "M": None})).id) == (None, 4)

    async def test_two_buyers_of_one_product_leave_what_both_left(self, shelf):
        tee = await shelf.with_sizes("Tee", {"S": 9, "M": 9})

        async def buy(variant_id) -> None:
            async with shelf.db.write() as tx:
                await public.take_stock(tx, SYSTEM, [(variant_id, 1)], new_id())

        await asyncio.gather(*(buy(variant.id) for variant in tee.variants for _again in range(4)))
        assert await sums(shelf, tee.id) == (10, 5)

    async def test_a_list_is_sorted_and_narrowed_by_it(self, shelf):
        for name, stock in (("Few", 2), ("Gone", 0), ("Many", 90), ("Endless", None)):
            await shelf.product(name, stock=stock)
        await shelf.with_sizes("Mixed", {"S": 0, "M": None})
        assert [name for name in await names(shelf, sort="stock") if name in ("Few", "Gone", "Many")] == [
            "Gone", "Few", "Many",
        ]  # fmt: skip
        by_state = {state: await names(shelf, stockState=state) for state in ("enough", "low", "out", "uncounted")}
        assert by_state == {"enough": ["Many"], "low": ["Few", "Mixed"], "out": ["Gone"], "uncounted": ["Endless"]}
        assert await names(shelf, stockFrom="2") == ["Few", "Many"]


class TestWords:
    async def test_a_product_is_found_by_any_part_of_its_name_and_numbers(self, shelf):
        first = VariantDraft(sku="TEE-S_1", option_values={}, price_minor=100)
        tee = await shelf.add(ProductDraft(name="Äpfel & 100 % Saft", sku="Q/7", variants=(first,)))
        await shelf.product("Bowl")
        for search in ("äpfel", "ÄPF", "pfel saft", "100 %", "q/7", "Q/"):
            assert await names(shelf, search) == [tee.name], search
        for search in ("%", "_", "/"):
            assert await names(shelf, search) in ([tee.name], []), search
        assert await names(shelf, "bowl saft") == []

    async def test_they_follow_a_new_name_and_new_numbers(self, shelf):
        tee = await shelf.with_sizes("Tee")
        assert await names(shelf, "tee-m") == ["Tee"]
        await shelf.change(tee.id, name="Shirt", variants=(VariantDraft(sku="N1", option_values={}),), options=())
        assert await shelf.db.query(kept.differences) == []
        assert [await names(shelf, word) for word in ("tee-m", "tee", "shirt")] == [[], [], ["Shirt"]]

    async def test_narrowed_and_searched_at_once(self, shelf):
        await shelf.product("Blue mug", status=ProductStatus.DRAFT)
        await shelf.product("Red mug")
        assert await names(shelf, "mug", status="draft") == ["Blue mug"]
        found = ProductFilter(search="mug", status=ProductStatus.ACTIVE)
        assert [one.name for one in (await shelf.db.query(products, found, PageRequest())).items] == ["Red mug"]

    async def test_of_more_than_anybody_looks_through_the_first_are_shown(self, shelf, monkeypatch):
        for name in "abcde":
            await shelf.product(f"Mug {name}")
        monkeypatch.setattr("engine.core.records.reading.MOST_FOUND", 2)
        monkeypatch.setattr("engine.commerce.catalog.queries.MOST_FOUND", 2)
        assert await names(shelf, "mug") == [f"Mug {name}" for name in "abcde"]


class TestBin:
    async def test_what_comes_back_is_found_and_summed_again(self, shelf):
        tee = await shelf.with_sizes("Tee", {"S": 3, "M": 4})
        async with shelf.db.write() as tx:
            binned = await writing.delete(tx, MANAGER, PRODUCTS, tee.id)
        assert await names(shelf, "tee") == []
        async with shelf.db.read() as session:
            assert list(await session.scalars(select(ProductWords.product_id))) == []
        async with shelf.db.write() as tx:
            binned.values = {name: value for name, value in binned.values.items() if name not in ("stock", "fewest")}
            await trash.restore(tx, MANAGER, PRODUCTS, binned.id)
        assert await sums(shelf, tee.id) == (7, 3)
        assert await names(shelf, "tee-s") == ["Tee"]


class TestAudit:
    async def test_what_went_astray_is_told_by_its_name(self, shelf):
        mug = await shelf.product("Mug", stock=3)
        async with shelf.db.write() as tx:
            await tx.execute(update(table_of(Product)).values(stock=4))
            await tx.execute(update(ProductWords).values(words="cup"))
        first, second = await shelf.db.query(kept.differences)
        assert "“Mug” is kept with 4 pieces" in first
        assert "“Mug”" in second
        async with shelf.db.write() as tx:
            await kept.keep(tx, [mug.id])
        assert await shelf.db.query(kept.differences) == []


MANY = 101


@pytest.fixture
async def full(shelf):
    """A shop with so many products on shelves that nobody counts them while a page waits: the first shelf holds all."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    shelves, ids = ([new_id() for _one in range(count)] for count in (100, MANY))
    times = {"created_at": at, "updated_at": at}
    rows = [
        {"id": id_, "name": f"Thing {n}", "slug": f"thing-{n}", "type": "physical", "status": "active", **times}
        for n, id_ in enumerate(ids)
    ]
    boards = [
        {"id": id_, "name": f"Shelf {n}", "slug": f"shelf-{n}", "path": f"shelf-{n}", "position": n, **times}
        for n, id_ in enumerate(shelves)
    ]
    links = [{"product_id": id_, "category_id": shelf_id} for id_ in ids for shelf_id in shelves]
    below = await shelf.category("Below")
    async with shelf.db.write() as tx:
        await tx.execute(insert(Product), rows)
        await tx.execute(insert(Category), boards)
        await tx.execute(
            update(table_of(Category)).where(table_of(Category).c.id == below).values(parent_id=shelves[0])
        )
        await tx.execute(insert(ProductCategory), links)
    return shelves, below, ids


async def counts(shelf) -> dict[str, int]:
    """Return what the admin says of each shelf, once programs are told the same."""
    request = ListRequest(PageRequest(1, 200))
    found = {
        one.title: one.values["product_count"]
        for one in (await shelf.db.query(listed, SYSTEM, CATEGORIES, request)).items
    }
    tree = await shelf.db.query(category_tree)
    assert {one.name: one.product_count for one in flat(tree)} == found
    return found


class TestShelves:
    async def test_few_are_counted_at_once(self, shelf):
        top = await shelf.category("Top")
        below = await shelf.category("Below", top)
        mug = await shelf.product("Mug", category_ids=(top, below))
        await shelf.product("Hidden", category_ids=(top,), status=ProductStatus.DRAFT)
        assert await counts(shelf) == {"Top": 1, "Below": 1}
        await shelf.change(mug.id, category_ids=(below,))
        assert await counts(shelf) == {"Top": 1, "Below": 1}
        await shelf.change(mug.id, status=ProductStatus.ARCHIVED)
        assert await counts(shelf) == {"Top": 0, "Below": 0}

    async def test_many_are_kept_and_follow_what_changes(self, shelf, house, full, clock):
        _shelves, below, ids = full
        await shelf.product("Extra", category_ids=(below,))
        assert await shelf.db.query(shelf_counts.differences) == []  # for they are about to be counted
        await self.later(house, clock)
        found = await counts(shelf)
        assert (found["Shelf 0"], found["Below"], found["Shelf 1"]) == (MANY + 1, 1, MANY)
        async with shelf.db.write() as tx:
            await writing.delete(tx, MANAGER, CATEGORIES, below)
            await writing.delete(tx, MANAGER, PRODUCTS, ids[0])
        await self.later(house, clock)
        found = await counts(shelf)
        assert (found["Shelf 0"], found["Shelf 1"], "Below" in found) == (MANY - 1, MANY - 1, False)

    async def test_one_job_counts_for_all_that_changes(self, shelf, house, full, clock):
        for name in "abc":
            await shelf.product(name, category_ids=(full[1],))
        assert await self.later(house, clock) == 1

    async def test_what_went_astray_is_told_by_its_name(self, shelf, house, full, clock):
        await shelf.product("Extra", category_ids=(full[1],))
        await self.later(house, clock)
        async with shelf.db.write() as tx:
            await tx.execute(
                update(table_of(Category)).where(table_of(Category).c.id == full[1]).values(product_count=7)
            )
        (told,) = await shelf.db.query(shelf_counts.differences)
        assert "“Below”" in told

    async def later(self, house, clock) -> int:
        """Let the moment pass after which shelves are counted; return how often they were."""
        await house.jobs.run_until_idle()
        clock.move(seconds=shelf_counts.SOON.total_seconds() + 1)
        async with house.db.read() as session:
            is_waiting = (Job.kind == shelf_counts.COUNT.name, Job.status == JobStatus.QUEUED)
            waits = list(await session.scalars(select(Job.id).where(*is_waiting)))
        await house.jobs.run_until_idle()
        assert await house.db.query(shelf_counts.differences) == []
        return len(waits)
