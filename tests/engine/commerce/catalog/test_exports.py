"""Catalogues out and in again: Agora's own come back as they were, others as far as theirs reach."""

import json

import pytest

from engine.commerce.catalog import exports, imports, products
from engine.commerce.catalog.drafts import ImageDraft, NamedList, ProductDraft, VariantDraft
from engine.commerce.catalog.models import ProductStatus, ProductType, Visibility
from engine.commerce.catalog.queries import ProductFilter
from engine.core.actor import Actor
from engine.core.errors import NotAllowed
from engine.core.jobs import Job
from engine.core.tabular.reading import read_table
from tests.factories.catalog import MANAGER
from tests.factories.people import Role, account


async def exported(house, format_: str = "agora", actor: Actor = MANAGER, found: ProductFilter | None = None) -> bytes:
    chosen = exports.format_named(format_)
    found = found or ProductFilter()
    pieces = await exports.export(house.db, actor, found, chosen, currency="USD", base="https://shop.example")
    return b"".join([piece async for piece in pieces])


async def emptied(house, views) -> None:
    for view in views:
        async with house.db.write() as tx:
            await products.delete(tx, MANAGER, view.id)


async def brought(house, data: bytes, filename: str) -> dict:
    actor = await account(house, Role.STORE_MANAGER)
    job_id = await imports.begin(house.db, house.blobs, actor, data=data, filename=filename)
    await house.jobs.run_until_idle()
    async with house.db.read() as session:
        return (await session.get(Job, job_id)).result


@pytest.fixture
async def catalogue(shelf):
    """Products with everything that may go wrong in a cell."""
    home = await shelf.category("Home > & Co, Ltd")
    below = await shelf.category("Mugs", home)
    tag = await shelf.tag("a, b\\c")
    sizes = (NamedList(name="=Size", values=("S", "M, tall", "L")), NamedList(name="Colour", values=("Red",)))
    tee = ProductDraft(
        name="=1+1 “Tee”; ",
        slug="the-tee",
        sku="-tee",
        type=ProductType.VIRTUAL,
        status=ProductStatus.ARCHIVED,
        visibility=Visibility.SEARCH,
        is_featured=True,
        seo_title="=Tee, & “more”",
        seo_description="Soft; worn",
        low_stock=0,
        short_description="<p>One\n\ntwo</p>\n",
        description='<p>Semi;colon, "quote" \'n</p>\n\n<p>\\n &amp; ünï</p>',
        options=sizes,
        details=(
            NamedList(name="Care: how", values=("30°, gentle", "no: iron")),
            NamedList(name="Made", values=("PT",)),
        ),
        variants=(
            VariantDraft(sku="+a", option_values={"=Size": "S", "Colour": "Red"}, price_minor=1999, stock=0, image=1),
            VariantDraft(
                barcode="4006381333931",
                option_values={"=Size": "M, tall", "Colour": "Red"},
                price_minor=100000,
                compare_at_minor=120000,
                weight_grams=1250,
                cost_minor=41050,
                length_mm=305,
                width_mm=7,
            ),
        ),
        images=(ImageDraft(source="https://x.example/a,b.jpg", alt="One, | two"), ImageDraft(source="@file.jpg")),
        category_ids=(below, home),
        tag_ids=(tag,),
    )
    return [await shelf.add(tee), await shelf.product("Mug", stock=None), await shelf.with_sizes("Cap")]


class TestRoundTrip:
    @pytest.mark.parametrize("format_", ["agora", "agora-json"])
    async def test_into_an_empty_shop_and_out_again_is_the_same(self, house, catalogue, format_):
        before = {name: await exported(house, name) for name in exports.FORMATS}
        await emptied(house, catalogue)
        result = await brought(house, before[format_], "products.json" if "json" in format_ else "products.csv")
        assert (result["created"], result["errors"], result["format"]) == (3, [], format_)
        assert {name: await exported(house, name) for name in exports.FORMATS} == before

    async def test_into_the_same_shop_changes_nothing(self, house, catalogue):
        written = await exported(house)
        assert (await brought(house, written, "products.csv"))["unchanged"] == 3
        assert await exported(house) == written

    @pytest.mark.parametrize("format_", ["shopify", "woocommerce"])
    async def test_what_other_shops_read_we_read_too(self, house, catalogue, format_):
        written = await exported(house, format_)
        await emptied(house, catalogue)
        result = await brought(house, written, "products.csv")
        assert (result["created"], result["skipped"], result["format"]) == (3, 0, format_)
        records = {record["name"]: record for record in json.loads(await exported(house, "agora-json"))}
        tee = records["=1+1 “Tee”;"]
        assert [variant["price"] for variant in tee["variants"]] == [1999, 100000]
        assert [variant["stock"] for variant in tee["variants"]] == [0, None]
        assert [option["name"] for option in tee["options"]] == ["=Size", "Colour"]
        assert records["Mug"]["variants"][0]["price"] == 2000
        assert [variant["cost"] for variant in tee["variants"]] == [None, 41050]
        if format_ == "shopify":
            assert (tee["seoTitle"], tee["seoDescription"]) == ("=Tee, & “more”", "Soft; worn")
        else:
            sides = [tee["variants"][1][name] for name in ("lengthMm", "widthMm", "heightMm")]
            assert (sides, tee["lowStock"]) == ([305, 7, None], 0)

    async def test_a_file_that_does_not_say_it_takes_nothing_from_what_staff_entered(self, house, shelf):
        mug = await shelf.product("Mug", sku="mug-1", seo_title="A mug", low_stock=2)
        await shelf.change(mug.id, cost_minor=300, height_mm=95)
        await brought(house, b"SKU,Name,Price\r\nmug-1,Mug,21\r\n", "list.csv")
        mug = await shelf.see(mug.id)
        (variant,) = mug.variants
        assert (variant.price_minor, variant.cost_minor, variant.height_mm) == (2100, 300, 95)
        assert (mug.seo_title, mug.low_stock) == ("A mug", 2)


class TestExport:
    async def test_no_cell_is_run_by_a_spreadsheet(self, house, catalogue):
        for format_ in ("agora", "shopify", "woocommerce"):
            text = (await exported(house, format_)).decode("utf-8-sig")
            assert ",=" not in text
            assert ",+" not in text
            assert ",@" not in text

    async def test_only_what_is_asked_for(self, house, catalogue):
        some = await exported(house, found=ProductFilter(search="Mug"))
        assert [row.cells[1] for row in read_table(some).rows()] == ["Mug"]

    async def test_more_than_a_batch_comes_whole_and_once(self, house, shelf):
        lines = "".join(f"s{n},Mug {n % 7},{n}.50\r\n" for n in range(450))
        await brought(house, f"SKU,Name,Price\r\n{lines}".encode(), "list.csv")
        skus = [record["sku"] for record in json.loads(await exported(house, "agora-json"))]
        assert sorted(skus) == sorted(f"s{n}" for n in range(450))

    async def test_below_store_manager_nobody_exports(self, house, catalogue):
        with pytest.raises(NotAllowed):
            await exported(house, actor=await account(house, Role.EDITOR))
