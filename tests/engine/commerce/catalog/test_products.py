"""Products: create, update, delete."""

import pytest
from sqlalchemy import select

from engine.commerce.catalog import products, queries
from engine.commerce.catalog.drafts import NamedList, ProductDraft, VariantDraft
from engine.commerce.catalog.models import MovementReason, ProductStatus, Visibility
from engine.commerce.catalog.queries import ProductFilter
from engine.content import public as content
from engine.core.actor import Actor, Role
from engine.core.audit import AuditEntry
from engine.core.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from engine.core.facts import FactRow
from engine.core.ids import new_id
from engine.core.paging import PageRequest
from tests.factories.catalog import MANAGER


async def facts(db) -> list[str]:
    async with db.read() as session:
        return list(await session.scalars(select(FactRow.name).order_by(FactRow.id)))


async def audit(db) -> list[AuditEntry]:
    async with db.read() as session:
        return list(await session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


class TestCreate:
    async def test_a_product_has_one_variant_its_address_and_its_first_stock(self, shelf):
        mug = await shelf.product("Blue  Müg", "12.50", 7, sku="MUG")
        assert (mug.name, mug.slug, mug.sku, mug.price_minor, mug.stock) == ("Blue Müg", "blue-mug", "MUG", 1250, 7)
        assert [(v.title, v.stock) for v in mug.variants] == [("", 7)]
        (movement,) = await shelf.db.query(queries.movements, mug.id)
        assert (movement.change, movement.stock_after, movement.reason) == (7, 7, MovementReason.INITIAL)
        assert await facts(shelf.db) == ["product.created"]
        assert [line.action for line in await audit(shelf.db)] == ["product.create"]

    async def test_the_same_name_gets_another_address(self, shelf):
        slugs = [(await shelf.product("Mug")).slug for _ in range(3)]
        assert slugs == ["mug", "mug-2", "mug-3"]

    async def test_an_address_that_is_asked_for_and_taken_is_refused(self, shelf):
        await shelf.product("Mug")
        with pytest.raises(Invalid, match="mug") as refusal:
            await shelf.product("Other", slug="mug")
        assert list(refusal.value.fields) == ["slug"]

    async def test_a_sku_belongs_to_one_product_or_variant(self, shelf):
        await shelf.product("Mug", sku="A")
        await shelf.with_sizes("Tee")
        for sku in ("A", "Tee-S"):
            with pytest.raises(Invalid, match=sku):
                await shelf.product("Other", sku=sku)
        assert len(await facts(shelf.db)) == 2

    @pytest.mark.parametrize(
        ("fields", "wrong"),
        [
            ({"name": " "}, "name"),
            ({"name": "x" * 201}, "name"),
            ({"slug": "Not a slug"}, "slug"),
            ({"variants": ()}, "variants"),
            ({"variants": (VariantDraft(price_minor=-1),)}, "variants.0.price"),
            ({"variants": (VariantDraft(price_minor=5, compare_at_minor=5),)}, "variants.0.compareAtPrice"),
            ({"variants": (VariantDraft(stock=-1),)}, "variants.0.stock"),
            ({"variants": (VariantDraft(option_values={"Size": "S"}),)}, "variants.0.optionValues"),
            ({"options": (NamedList(name="Size", values=()),)}, "options.0.values"),
            ({"category_ids": (new_id(),)}, "categoryIds"),
            ({"tag_ids": (new_id(),)}, "tagIds"),
        ],
    )
    async def test_what_cannot_be_is_refused_by_field_and_leaves_nothing(self, shelf, fields, wrong):
        with pytest.raises(Invalid) as refusal:
            await shelf.add(ProductDraft(**{"name": "Mug", **fields}))
        assert wrong in refusal.value.fields
        assert await facts(shelf.db) == []

    async def test_two_variants_with_the_same_choices_are_refused(self, shelf):
        red = VariantDraft(option_values={"Colour": "Red"})
        with pytest.raises(Invalid, match="same choices"):
            options = (NamedList(name="Colour", values=("Red",)),)
            await shelf.add(ProductDraft(name="Mug", options=options, variants=(red, red)))

    @pytest.mark.parametrize("role", [Role.CUSTOMER, Role.VIEWER, Role.EDITOR])
    async def test_below_store_manager_nobody_writes(self, shelf, role):
        with pytest.raises(NotAllowed):
            async with shelf.db.write() as tx:
                await products.create(tx, Actor.person(new_id(), role), ProductDraft(name="Mug"))
        with pytest.raises(NotSignedIn):
            async with shelf.db.write() as tx:
                await products.delete(tx, Actor.stranger(), new_id())

    async def test_descriptions_are_cleaned(self, shelf):
        mug = await shelf.product(description='<p onclick="x()">Hi<script>alert(1)</script></p>')
        assert mug.description == "<p>Hi</p>"


class TestUpdate:
    async def test_only_what_is_sent_changes_and_the_difference_is_audited(self, shelf):
        mug = await shelf.product("Mug", "20.00", 7, description="<p>Hi</p>")
        changed = await shelf.change(mug.id, price_minor=1500, is_featured=True)
        assert (changed.price_minor, changed.stock, changed.description) == (1500, 7, "<p>Hi</p>")
        assert await facts(shelf.db) == ["product.created", "product.updated"]
        line = (await audit(shelf.db))[-1]
        assert line.action == "product.update"
        assert line.details["changes"]["is_featured"] == [False, True]

    async def test_nothing_changed_is_no_news(self, shelf):
        mug = await shelf.product("Mug")
        await shelf.change(mug.id, name="Mug", price_minor=mug.price_minor)
        assert await facts(shelf.db) == ["product.created"]

    async def test_a_changed_address_keeps_answering_even_after_two_moves_and_back(self, shelf):
        mug = await shelf.product("Mug")
        for slug in ("cup", "beaker"):
            await shelf.change(mug.id, slug=slug)
        for old in ("mug", "cup"):
            moved = await shelf.db.query(content.redirect_for, f"/products/{old}")
            assert (moved.target_url, moved.status_code) == ("/products/beaker", 301)
        await shelf.change(mug.id, slug="mug")
        assert await shelf.db.query(content.redirect_for, "/products/mug") is None
        assert (await shelf.db.query(content.redirect_for, "/products/cup")).target_url == "/products/mug"

    async def test_a_new_product_takes_an_address_that_was_left(self, shelf):
        mug = await shelf.product("Mug")
        await shelf.change(mug.id, slug="cup")
        other = await shelf.product("Mug")
        assert other.slug == "mug"
        assert await shelf.db.query(content.redirect_for, "/products/mug") is None

    async def test_counting_stock_leaves_a_line_and_tells(self, shelf):
        mug = await shelf.product("Mug", stock=9)
        assert (await shelf.change(mug.id, stock=4)).stock == 4
        assert (await shelf.change(mug.id, stock=None)).stock is None
        lines = await shelf.db.query(queries.movements, mug.id)
        assert [(line.change, line.stock_after) for line in lines] == [(None, None), (-5, 4), (9, 9)]
        assert {"inventory.updated", "inventory.low"} <= set(await facts(shelf.db))

    async def test_variants_keep_their_identity_and_skus_may_move_between_them(self, shelf):
        tee = await shelf.with_sizes("Tee", {"S": 3, "M": 1})
        small, medium = tee.variants
        drafts = (
            VariantDraft(id=medium.id, sku="Tee-S", option_values={"Size": "M"}, price_minor=2000, stock=1),
            VariantDraft(id=small.id, sku="Tee-M", option_values={"Size": "S"}, price_minor=1000, stock=3),
            VariantDraft(sku="Tee-L", option_values={"Size": "L"}, price_minor=3000, stock=5),
        )
        changed = await shelf.change(tee.id, options=(NamedList(name="Size", values=("S", "M", "L")),), variants=drafts)
        assert [(v.id, v.sku) for v in changed.variants[:2]] == [(medium.id, "Tee-S"), (small.id, "Tee-M")]
        assert (changed.price_minor, changed.highest_price_minor, changed.stock) == (1000, 3000, 9)

    async def test_a_product_can_gain_and_lose_options(self, shelf):
        mug = await shelf.product("Mug", sku="MUG")
        variants = tuple(VariantDraft(option_values={"Size": size}, price_minor=500, stock=1) for size in "SM")
        options = (NamedList(name="Size", values=("S", "M")),)
        changed = await shelf.change(mug.id, options=options, variants=variants)
        assert [v.title for v in changed.variants] == ["S", "M"]
        with pytest.raises(Invalid, match="on the variants"):
            await shelf.change(mug.id, stock=4)
        plain = await shelf.change(mug.id, options=(), variants=(VariantDraft(price_minor=700, stock=2),))
        assert [(v.title, v.stock) for v in plain.variants] == [("", 2)]

    async def test_a_product_that_is_gone_is_not_found(self, shelf):
        with pytest.raises(NotFound):
            await shelf.change(new_id(), name="x")


class TestDelete:
    async def test_it_is_gone_with_all_its_rows(self, shelf):
        tee = await shelf.with_sizes()
        async with shelf.db.write() as tx:
            await products.delete(tx, MANAGER, tee.id)
        assert await shelf.db.query(queries.product, tee.id, include_unpublished=True) is None
        assert (await facts(shelf.db))[-1] == "product.deleted"


class TestList:
    async def test_filters_and_sorts(self, shelf):
        kitchen = await shelf.category("Kitchen")
        cups = await shelf.category("Cups", kitchen)
        new = await shelf.tag("New")
        await shelf.product("banana 100%", "3.00", category_ids=(cups,), sku="B_1")
        await shelf.product("Apple", "2.00", stock=0, tag_ids=(new,))
        await shelf.product("cherry", "1.00", visibility=Visibility.HIDDEN)
        await shelf.product("Draft", "9.00", status=ProductStatus.DRAFT)

        async def names(**fields) -> list[str]:
            page = await shelf.db.query(queries.products, ProductFilter(**{"sort": "name", **fields}), PageRequest())
            assert page.total == len(page.items)
            return [view.name for view in page.items]

        assert await names() == ["Apple", "banana 100%", "cherry", "Draft"]
        assert await names(sort="-price", status=ProductStatus.ACTIVE) == ["banana 100%", "Apple", "cherry"]
        assert await names(category="kitchen") == await names(category="kitchen/cups") == ["banana 100%"]
        assert await names(category=str(kitchen)) == ["banana 100%"]
        assert await names(category="nowhere") == []
        assert await names(tag="new") == ["Apple"]
        assert await names(min_price=200, max_price=300) == ["Apple", "banana 100%"]
        assert await names(shown_in=Visibility.CATALOG) == ["Apple", "banana 100%", "Draft"]
        assert await names(search="100%") == ["banana 100%"]
        assert await names(search="b_") == ["banana 100%"]
        assert await names(search="PPL") == ["Apple"]
        assert await names(is_available=True, status=ProductStatus.ACTIVE) == ["banana 100%", "cherry"]
