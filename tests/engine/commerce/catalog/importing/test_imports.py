"""Imports from file to shop: rows, pictures, reports, and being interrupted."""

import io
import zipfile
from collections import Counter

import pytest
from PIL import Image
from sqlalchemy import select

from engine.accounts import users
from engine.commerce.catalog import images, imports, products, public, queries
from engine.commerce.catalog.importing import running
from engine.commerce.catalog.models import ImageState, ProductStatus
from engine.commerce.catalog.queries import ProductFilter
from engine.core.actor import Actor
from engine.core.audit import AuditEntry
from engine.core.errors import Invalid, NotAllowed, Unavailable
from engine.core.facts import FactRow
from engine.core.ids import new_id
from engine.core.jobs import Job, JobStatus
from engine.core.paging import PageRequest
from engine.core.running import JobRunner
from engine.media.ports import MemoryPictureSource
from tests.engine.commerce.catalog.importing.files import as_csv
from tests.factories.catalog import CatalogShelf
from tests.factories.people import Role, account

MUG = {"Type": "simple", "SKU": "mug", "Name": "Mug", "Published": "1", "Regular price": "12.50", "Stock": "7"}
TEE = {
    "Type": "variable",
    "SKU": "tee",
    "Name": "Tee",
    "Published": "1",
    "Attribute 1 name": "Size",
    "Attribute 1 value(s)": "S, M",
}


def size(letter: str, **changes: str) -> dict[str, str]:
    row = {"Type": "variation", "SKU": f"tee-{letter}", "Parent": "tee", "Regular price": "20", "Stock": "3"}
    return {**row, "Attribute 1 name": "Size", "Attribute 1 value(s)": letter, **changes}


def picture(colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


class Dock:
    """Where files come in: a house whose pictures come from memory."""

    def __init__(self, house, actor) -> None:
        self.house = house
        self.actor = actor
        self.shelf = CatalogShelf(house.db)
        self.web = MemoryPictureSource()
        kinds = imports.import_jobs(house.settings, house.blobs, self.web)
        rest = [kind for name, kind in house.jobs.kinds.items() if name not in {one.name for one in kinds}]
        self.jobs = JobRunner(house.db, [*kinds, *rest], list(house.jobs.reactions.values()), owner="dock")

    async def bring(self, *rows, content=None, is_dry_run=False, **options) -> dict:
        """Import rows (or content) and run every job; return the job's result."""
        data = content if content is not None else as_csv(rows).encode()
        job_id = await imports.begin(
            self.house.db,
            self.house.blobs,
            self.actor,
            data=data,
            filename="shop.csv",
            is_dry_run=is_dry_run,
            **options,
        )
        await self.jobs.run_until_idle()
        return (await self.job(job_id)).result

    async def job(self, job_id) -> Job:
        async with self.house.db.read() as session:
            return await session.get(Job, job_id)

    async def named(self, name: str):
        page = await self.house.db.query(queries.products, ProductFilter(search=name), PageRequest())
        return page.items[0]

    async def counted(self, table) -> Counter:
        """How often what was done or happened; that an import ended is no change."""
        column = AuditEntry.action if table is AuditEntry else FactRow.name
        async with self.house.db.read() as session:
            return Counter(await session.scalars(select(column).where(column != "job.ended")))


@pytest.fixture
async def dock(house):
    return Dock(house, await account(house, Role.STORE_MANAGER))


class TestRows:
    async def test_a_file_becomes_products_with_one_audit_line_and_can_be_searched(self, dock):
        rows = [MUG | {"Categories": "Home > Kitchen", "Tags": "New"}, size("S"), size("M"), TEE]
        result = await dock.bring(*rows)
        assert {k: result[k] for k in ("created", "updated", "unchanged", "skipped")} == {
            "created": 2,
            "updated": 0,
            "unchanged": 0,
            "skipped": 0,
        }
        assert result["errors"] == []
        mug, tee = await dock.named("Mug"), await dock.named("Tee")
        assert [link.path for link in mug.categories] == ["home/kitchen"]
        assert [tag.name for tag in mug.tags] == ["New"]
        assert (mug.price_minor, mug.stock, mug.status) == (1250, 7, ProductStatus.ACTIVE)
        assert [(variant.title, variant.sku, variant.stock) for variant in tee.variants] == [
            ("S", "tee-S", 3),
            ("M", "tee-M", 3),
        ]
        audit = await dock.counted(AuditEntry)
        assert (audit["product.import"], audit["product.create"], audit["category.create"]) == (1, 0, 0)
        assert (await dock.counted(FactRow))["product.created"] == 2

    async def test_its_report_is_kept_for_thirty_days(self, dock, clock):
        result = await dock.bring(MUG, {"Type": "simple", "Name": "", "Regular price": "1"})
        assert len(result["errors"]) == 1
        async with dock.house.db.read() as session:
            (job_id,) = await session.scalars(select(Job.id).where(Job.kind == imports.IMPORT_JOB))
        for days, is_there in ((29, True), (2, False)):
            clock.move(days=days)
            await dock.jobs.run_until_idle()
            assert await dock.house.blobs.exists(imports.report_key(job_id)) is is_there

    async def test_the_same_file_again_is_all_unchanged_and_keeps_what_orders_and_staff_did(self, dock):
        await dock.bring(MUG, TEE, size("S"))
        mug = await dock.named("Mug")
        await dock.shelf.change(mug.id, name="My mug")
        async with dock.house.db.write() as tx:
            await public.take_stock(tx, dock.actor, [(mug.variants[0].id, 2)], new_id())
        before = await dock.counted(FactRow)
        result = await dock.bring(TEE, size("S"), MUG)
        assert (result["created"], result["updated"], result["unchanged"]) == (0, 0, 2)
        assert (await dock.shelf.see(mug.id)).stock == 5
        assert (await dock.shelf.see(mug.id)).name == "My mug"
        assert await dock.counted(FactRow) == before

    async def test_a_changed_row_changes_its_product_but_not_stock_that_the_file_did_not_recount(self, dock):
        await dock.bring(MUG, TEE, size("S"), size("M"))
        mug, tee = await dock.named("Mug"), await dock.named("Tee")
        async with dock.house.db.write() as tx:
            await public.take_stock(tx, dock.actor, [(mug.variants[0].id, 2)], new_id())
        result = await dock.bring(MUG | {"Regular price": "14"}, TEE, size("S"), size("M", Stock="9"))
        assert (result["created"], result["updated"], result["unchanged"]) == (0, 2, 0)
        assert ((await dock.shelf.see(mug.id)).price_minor, (await dock.shelf.see(mug.id)).stock) == (1400, 5)
        seen = await dock.shelf.see(tee.id)
        assert [(v.id, v.stock) for v in seen.variants] == [(tee.variants[0].id, 3), (tee.variants[1].id, 9)]

    async def test_a_product_made_by_hand_is_known_by_its_sku(self, dock):
        mug = await dock.shelf.product("Old mug", sku="mug", slug="old-mug")
        result = await dock.bring(MUG)
        assert result["updated"] == 1
        assert ((await dock.shelf.see(mug.id)).name, (await dock.shelf.see(mug.id)).slug) == ("Mug", "old-mug")

    async def test_a_sku_that_is_a_variants_here_is_told_and_the_rest_comes_in(self, dock):
        await dock.shelf.with_sizes("mug", {"S": 1})
        rows = [MUG | {"SKU": f"m{n}", "Name": f"Cup {n}"} for n in range(30)] + [MUG | {"SKU": "mug-S"}]
        result = await dock.bring(*rows)
        assert (result["created"], result["skipped"]) == (30, 1)
        (problem,) = result["errors"]
        assert (problem["row"], problem["severity"]) == (32, "error")
        assert "mug-S" in problem["message"]

    async def test_a_deleted_product_comes_back_new(self, dock):
        await dock.bring(MUG)
        async with dock.house.db.write() as tx:
            await products.delete(tx, dock.actor, (await dock.named("Mug")).id)
        assert (await dock.bring(MUG))["created"] == 1


class TestTrying:
    async def test_a_dry_run_says_the_same_and_leaves_nothing(self, dock):
        facts = await dock.counted(FactRow)
        result = await dock.bring(
            MUG | {"Categories": "A > B", "Images": "x.png"}, {"Type": "grouped"}, is_dry_run=True
        )
        assert (result["created"], result["skipped"]) == (1, 1)
        page = await dock.house.db.query(queries.products, ProductFilter(), PageRequest())
        assert page.total == 0
        assert await dock.counted(FactRow) == facts
        assert (await dock.counted(AuditEntry))["product.import"] == 0


class TestRefusing:
    async def test_what_is_no_product_table_is_refused_before_a_job_begins(self, dock):
        for content in (b"", b"Preis;Menge\n1;2\n", b"PK\x03\x04broken"):
            with pytest.raises(Invalid):
                await dock.bring(content=content)
        with pytest.raises(Invalid, match="woocommerce"):
            await dock.bring(MUG, format_="shopware")

    async def test_below_store_manager_nobody_imports(self, dock, house):
        dock.actor = await account(house, Role.EDITOR)
        with pytest.raises(NotAllowed):
            await dock.bring(MUG)

    async def test_who_lost_the_role_meanwhile_imports_nothing(self, dock, house):
        data = as_csv([MUG]).encode()
        job_id = await imports.begin(house.db, house.blobs, dock.actor, data=data, filename="x.csv")
        async with house.db.write() as tx:
            await users.update(tx, Actor.system(), dock.actor.user_id, users.UserUpdate(role=Role.CUSTOMER))
        await dock.jobs.run_until_idle()
        assert (await dock.job(job_id)).status is JobStatus.FAILED
        assert (await house.db.query(queries.products, ProductFilter(), PageRequest())).total == 0


class TestInterruption:
    async def test_an_import_that_was_cut_off_counts_right_when_it_runs_again(self, dock, tmp_path):
        path = tmp_path / "shop.csv"
        path.write_text(as_csv([MUG | {"SKU": f"m{n}", "Name": f"Cup {n}"} for n in range(60)]))
        request = running.ImportRequest(path, "shop.csv", job_id=new_id())

        async def cut_off(done, _total, _result) -> None:
            if done > 20:
                raise ConnectionError("the power went")

        with pytest.raises(ConnectionError):
            await running.run(dock.house.db, dock.actor, dock.house.site, request, cut_off)
        for _ in range(2):
            result = await running.run(dock.house.db, dock.actor, dock.house.site, request)
            assert (result["created"], result["unchanged"]) == (60, 0)
        assert (await dock.counted(AuditEntry))["product.import"] == 1


class TestPictures:
    async def test_addresses_are_fetched_later_and_failures_are_told_on_the_picture(self, dock):
        dock.web.pictures = {"https://shop.example/a.png": picture(), "https://shop.example/b.png": b"<html>no picture"}
        addresses = "https://shop.example/a.png, https://shop.example/b.png, https://shop.example/missing.png"
        dock.web.pictures["https://shop.example/missing.png"] = Invalid("not there")
        result = await dock.bring(MUG | {"Images": addresses})
        assert result["errors"] == []
        found = (await dock.named("Mug")).images
        assert [image.state for image in found] == [ImageState.READY, ImageState.FAILED, ImageState.FAILED]
        assert found[0].urls.width == 40
        assert found[2].problem == "not there"

    async def test_an_address_that_does_not_answer_is_tried_again(self, dock, clock):
        address = "https://shop.example/a.png"
        dock.web.pictures = {address: Unavailable("later")}
        await dock.bring(MUG | {"Images": address})
        assert (await dock.named("Mug")).images[0].state is ImageState.WAITING
        dock.web.pictures = {address: picture()}
        clock.move(minutes=5)
        await dock.jobs.run_until_idle()
        assert (await dock.named("Mug")).images[0].state is ImageState.READY

    async def test_what_failed_is_fetched_again_when_somebody_asks(self, dock):
        address = "https://shop.example/a.png"
        dock.web.pictures = {address: Invalid("not there")}
        await dock.bring(MUG | {"Images": f"{address}, by-name.png"})
        mug = await dock.named("Mug")
        dock.web.pictures = {address: picture()}
        async with dock.house.db.write() as tx:
            assert await images.fetch_again(tx, dock.actor, mug.id)
        await dock.jobs.run_until_idle()
        assert [image.state for image in (await dock.named("Mug")).images] == [ImageState.READY, ImageState.FAILED]
        async with dock.house.db.write() as tx:
            assert not await images.fetch_again(tx, dock.actor, mug.id)

    async def test_an_archive_brings_the_table_and_its_pictures(self, dock):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("export/products.csv", as_csv([MUG | {"Images": "Mug.PNG, gone.png"}]))
            archive.writestr("export/pictures/mug.png", picture())
        await dock.bring(content=out.getvalue())
        found = (await dock.named("Mug")).images
        assert [image.state for image in found] == [ImageState.READY, ImageState.FAILED]
        assert dock.web.asked == []

    async def test_the_same_picture_for_a_variant_and_its_product_is_one(self, dock):
        dock.web.pictures = {"https://shop.example/s.png": picture("red")}
        row = size("S", Images="https://shop.example/s.png")
        await dock.bring(TEE | {"Images": "https://shop.example/s.png"}, row)
        tee = await dock.named("Tee")
        assert [image.id for image in tee.images] == [tee.variants[0].image_id]
        offer = (await dock.house.db.query(public.offers, [tee.variants[0].id]))[tee.variants[0].id]
        assert offer.image_url.endswith("thumbnail.webp")


class TestStock:
    async def test_a_recount_of_what_orders_moved_meanwhile_is_taken_and_told(self, dock):
        await dock.bring(MUG)
        mug = await dock.named("Mug")
        async with dock.house.db.write() as tx:
            await public.take_stock(tx, dock.actor, [(mug.variants[0].id, 2)], new_id())
        same = await dock.bring(MUG | {"Regular price": "13"})
        assert ((await dock.named("Mug")).stock, same["errors"]) == (5, [])
        result = await dock.bring(MUG | {"Stock": "20"})
        assert (await dock.named("Mug")).stock == 20
        (told,) = result["errors"]
        assert (told["row"], told["severity"]) == (2, "warning")
        assert "There were 5 here" in told["message"]
