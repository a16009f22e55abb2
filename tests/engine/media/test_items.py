"""Files over their life: cropped, replaced, sent in parts, used, binned, purged; and jobs that are cut off."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import Connection, func, select, update

from engine.api.ports import Ports
from engine.commerce.catalog import shop
from engine.commerce.catalog.drafts import ImageDraft
from engine.core.actor import Actor, Role
from engine.core.audit import AuditEntry
from engine.core.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.core.facts import FactRow
from engine.core.ids import new_id
from engine.core.jobs import Job, JobStatus
from engine.core.paging import PageRequest
from engine.media import items, library, resumable
from engine.media import public as media
from engine.media.jobs import AVIF_JOB
from engine.media.library import MediaFilter, View
from engine.media.models import Media
from engine.media.uploads import VARIANTS_JOB
from tests.clock import TestClock
from tests.factories import people
from tests.factories.catalog import CatalogShelf
from tests.factories.files import DRAWING, pdf
from tests.factories.pictures import photo, uploaded

SYSTEM = Actor.system()
PAGE = PageRequest(1, 50)


@pytest.fixture
async def editor(house: Ports) -> Actor:
    return await people.account(house, Role.EDITOR)


def facts(connection: Connection) -> list[str]:
    return list(connection.execute(select(FactRow.name).order_by(FactRow.id)).scalars())


def uses(house: Ports) -> list:
    return [use for domain in house.domains for use in domain.media_uses]


async def item(house: Ports, media_id: UUID) -> library.MediaItem:
    return await house.db.query(library.item, media_id)


async def edited(house: Ports, actor: Actor, media_id: UUID, **changes: object) -> library.MediaItem:
    async with house.db.write() as tx:
        await items.edit(tx, actor, media_id, **changes)  # type: ignore[arg-type]
    return await item(house, media_id)


async def binned(house: Ports, *ids: UUID) -> None:
    async with house.db.write() as tx:
        await items.trash(tx, SYSTEM, ids)


class TestEdit:
    async def test_crops_follow_the_focal_point_and_their_address_changes(self, house: Ports, editor: Actor) -> None:
        wide = Image.new("RGB", (900, 300), "#00f")
        wide.paste("#f00", (0, 0, 300, 300))
        out = BytesIO()
        wide.save(out, "PNG")
        found = await uploaded(house, out.getvalue())
        await house.jobs.run_until_idle()
        before = await item(house, found.id)
        await edited(house, editor, found.id, focus=(0, 50))
        await house.jobs.run_until_idle()
        after = await item(house, found.id)
        assert after.urls is not None
        assert before.urls is not None
        assert after.urls.thumbnail != before.urls.thumbnail
        _media, _id, version, name = after.urls.thumbnail.strip("/").split("/")
        served = await house.db.query(media.served, found.id, version, name)
        assert served is not None
        cropped = Image.open(BytesIO(await house.blobs.get(served.key))).convert("RGB")
        assert cropped.getpixel((75, 75))[0] > 200
        assert cropped.getpixel((140, 75))[0] > 200

    async def test_a_decorative_picture_has_no_words_and_is_not_missing_any(self, house: Ports, editor: Actor) -> None:
        found = await uploaded(house, alt="A mug")
        shown = await edited(house, editor, found.id, is_decorative=True)
        assert (shown.alt, shown.lacks_alt) == ("", False)
        missing = MediaFilter(view=View.MISSING_ALT)
        assert (await house.db.query(library.items, missing, PAGE, uses(house))).total == 0

    async def test_what_was_already_so_leaves_no_trace(self, house: Ports, editor: Actor) -> None:
        found = await uploaded(house)
        await edited(house, editor, found.id, alt="A mug", tags=["red"], folder="A")
        before = await house.db.query(facts)
        await edited(house, editor, found.id, alt=" A  mug ", tags=["red"], folder="/A/")
        assert await house.db.query(facts) == before

        def lines(connection: Connection) -> int:
            return connection.execute(
                select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "media.update")
            ).scalar_one()

        assert await house.db.query(lines) == 1

    @pytest.mark.parametrize("act", ["edit", "trash", "restore", "purge", "move"])
    async def test_below_editor_nobody_changes_anything(self, house: Ports, act: str) -> None:
        found = await uploaded(house)
        viewer = Actor.person(new_id(), Role.VIEWER)
        calls = {
            "edit": lambda tx: items.edit(tx, viewer, found.id, alt="x"),
            "move": lambda tx: items.move(tx, viewer, [found.id], "x"),
            **{
                one: (lambda tx, one=one: getattr(items, one)(tx, viewer, [found.id]))
                for one in ("trash", "restore", "purge")
            },
        }
        with pytest.raises(NotAllowed):
            async with house.db.write() as tx:
                await calls[act](tx)


class TestLibrary:
    async def test_it_is_found_by_words_folders_tags_and_kinds(self, house: Ports, editor: Actor) -> None:
        mug = await uploaded(house, filename="100%_mug.jpg")
        other = await uploaded(house, photo(300, 300), filename="other.jpg")
        menu = await media.take(house.db, house.blobs, editor, data=pdf(), filename="menu.pdf", folder="Shop/2026")
        await edited(house, editor, mug.id, folder="Shop", tags=["Red"], alt="Für Tee")

        async def found(**asked: object) -> set[UUID]:
            page = await house.db.query(library.items, MediaFilter(**asked), PAGE, uses(house))  # type: ignore[arg-type]
            return {one.id for one in page.items}

        assert await found(folder="Shop") == {mug.id, menu.id}
        assert await found(folder="") == {other.id}
        assert await found(tag="red") == {mug.id}
        assert await found(search="100% tee") == {mug.id}
        assert await found(search="%") == {mug.id}
        assert await found(search="_") == {mug.id}
        assert await found(kinds=("document",)) == {menu.id}
        assert await found(search="2026") == {menu.id}
        shelves = await house.db.query(library.shelves, uses(house))
        assert shelves.folders == {"Shop": 1, "Shop/2026": 1}
        assert shelves.views[View.MISSING_ALT] == 1
        assert shelves.views[View.UNUSED] == 3

    async def test_it_says_where_a_file_is_used(self, house: Ports) -> None:
        used, unused = await uploaded(house), await uploaded(house, photo(300, 200))
        await CatalogShelf(house.db).product("Blue mug", images=(ImageDraft(media_id=used.id),))
        (place,) = await house.db.query(library.places, uses(house), [used.id, unused.id])
        assert (place.media_id, place.title) == (used.id, "Blue mug")
        page = await house.db.query(library.items, MediaFilter(view=View.UNUSED), PAGE, uses(house))
        assert [one.id for one in page.items] == [unused.id]


class TestReplace:
    async def test_bytes_that_another_item_holds_are_refused_and_nothing_changes(
        self, house: Ports, editor: Actor
    ) -> None:
        first, _second = await uploaded(house), await uploaded(house, photo(300, 200), filename="second.jpg")
        with pytest.raises(Conflict, match=r"second\.jpg"):
            await media.replace(house.db, house.blobs, editor, first.id, data=photo(300, 200), filename="x.jpg")
        shown = await item(house, first.id)
        assert shown.urls is not None
        assert shown.urls.medium == first.medium

    async def test_another_kind_is_refused(self, house: Ports, editor: Actor) -> None:
        found = await media.take(house.db, house.blobs, editor, data=DRAWING, filename="a.svg")
        with pytest.raises(Invalid, match="drawing"):
            await media.replace(house.db, house.blobs, editor, found.id, data=pdf(), filename="a.pdf")
        with pytest.raises(NotFound):
            await media.replace(house.db, house.blobs, editor, new_id(), data=pdf(), filename="a.pdf")

    async def test_a_job_for_the_old_bytes_leaves_the_new_ones_alone(self, house: Ports, editor: Actor) -> None:
        found = await uploaded(house, photo(2400, 1800))
        await media.replace(house.db, house.blobs, editor, found.id, data=photo(600, 450), filename="b.jpg")
        await house.jobs.run_until_idle()
        shown = await item(house, found.id)
        assert shown.variants["full"]["width"] == shown.variants["large"]["width"] == 600
        assert "media.changed" in await house.db.query(facts)


class TestBin:
    async def test_it_is_emptied_after_thirty_days_and_not_before(self, house: Ports, clock: TestClock) -> None:
        found = await uploaded(house)
        await house.jobs.run_until_idle()
        await binned(house, found.id)
        clock.move(days=29)
        async with house.db.write() as tx:
            assert await items.purge_old(tx) == 0
        assert await house.db.query(media.urls, [found.id]) == {}
        clock.move(days=2)
        async with house.db.write() as tx:
            tx.enqueue("media.empty_bin")
        await house.jobs.run_until_idle()
        with pytest.raises(NotFound):
            await item(house, found.id)
        assert not await house.blobs.exists(f"media/{found.id}/original.jpg")

    async def test_the_same_bytes_sent_again_come_out_of_it(self, house: Ports, editor: Actor) -> None:
        found = await uploaded(house)
        await binned(house, found.id)
        taken = await media.take(house.db, house.blobs, editor, data=photo(), filename="again.jpg")
        assert (taken.id, taken.existed, taken.was_binned) == (found.id, True, True)
        assert found.id in await house.db.query(media.urls, [found.id])

    async def test_a_product_shows_nothing_in_its_place_until_it_is_back(self, house: Ports) -> None:
        found = await uploaded(house)
        made = await CatalogShelf(house.db).product("Mug", images=(ImageDraft(media_id=found.id),))
        await binned(house, found.id)
        assert (await house.db.query(shop.detail, made.slug)).images == []
        async with house.db.write() as tx:
            await items.restore(tx, SYSTEM, [found.id])
        assert len((await house.db.query(shop.detail, made.slug)).images) == 1


class TestVariants:
    async def test_avif_is_kept_where_it_is_smaller(self, house: Ports) -> None:
        found = await uploaded(house, photo(2400, 1800))
        await house.jobs.run_until_idle()
        row = await item(house, found.id)
        for name, made in row.variants.items():
            if name.endswith(".avif"):
                assert made["size"] < row.variants[name.removesuffix(".avif")]["size"]
        assert row.urls is not None
        assert row.is_ready
        for part in filter(None, row.urls.avif_srcset.split(", ")):
            _media, _id, version, name = part.split(" ")[0].strip("/").split("/")
            served = await house.db.query(media.served, found.id, version, name)
            assert served is not None
            assert Image.open(BytesIO(await house.blobs.get(served.key))).format == "AVIF"

    async def test_a_killed_job_is_done_again_by_the_next_process(self, house: Ports, clock: TestClock) -> None:
        found = await uploaded(house, photo(2400, 1800))
        job = await house.jobs.lease()
        assert job is not None
        assert job.kind == VARIANTS_JOB
        clock.move(minutes=5)  # its process is dead; nobody renewed the lease
        await house.jobs.run_until_idle()
        assert (await item(house, found.id)).is_ready

    async def test_a_file_that_is_gone_makes_no_dead_letter(self, house: Ports) -> None:
        found = await uploaded(house)
        await binned(house, found.id)
        async with house.db.write() as tx:
            await items.purge(tx, SYSTEM, [found.id])
        await house.jobs.run_until_idle()

        def failed(connection: Connection) -> list[str]:
            return list(connection.execute(select(Job.error).where(Job.status == JobStatus.FAILED)).scalars())

        assert await house.db.query(failed) == []

    async def test_what_was_taken_before_the_library_was_is_shown_as_ever(self, house: Ports) -> None:
        found = await uploaded(house)
        async with house.db.write() as tx:
            await tx.execute(update(Media).values(placeholder="", file=""))
            tx.enqueue(AVIF_JOB, {"id": str(found.id)})
        shown = await house.db.query(media.urls, [found.id])
        assert shown[found.id].srcset.endswith("/medium.webp 800w")

    @pytest.mark.parametrize(("colour", "is_shown"), [("#224466", True), ("#ffffff", False)])
    async def test_a_blur_is_kept_of_what_does_not_stand_on_white(
        self, house: Ports, colour: str, is_shown: bool
    ) -> None:
        image = Image.new("RGB", (300, 300), colour)
        image.paste("#884422", (100, 100, 200, 200))
        out = BytesIO()
        image.save(out, "PNG")
        found = await uploaded(house, out.getvalue())
        assert found.placeholder.startswith("data:image/webp;base64,") is is_shown
        assert len(found.placeholder) < 1_000


async def parts(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


class TestUploadInParts:
    async def begun(self, house: Ports, actor: Actor, size: int) -> UUID:
        async with house.db.write() as tx:
            return await resumable.begin(tx, actor, filename="photo.jpg", size_bytes=size)

    async def test_two_who_send_the_same_part_at_once_leave_one(self, house: Ports, editor: Actor) -> None:
        data = photo()
        upload_id = await self.begun(house, editor, len(data))
        sendings = [resumable.append(house.db, house.blobs, editor, upload_id, 0, parts(data)) for _ in range(2)]
        done = await asyncio.gather(*sendings, return_exceptions=True)
        assert sum(isinstance(one, Conflict) for one in done) == 1
        whole = await resumable.finish(house.db, house.blobs, editor, upload_id)
        assert (await house.db.query(media.file_of, whole.media_id)).size_bytes == len(data)

    async def test_two_who_finish_at_once_make_one_file(self, house: Ports, editor: Actor) -> None:
        data = photo()
        upload_id = await self.begun(house, editor, len(data))
        await resumable.append(house.db, house.blobs, editor, upload_id, 0, parts(data[:9], data[9:]))
        done = await asyncio.gather(
            *(resumable.finish(house.db, house.blobs, editor, upload_id) for _ in range(3)), return_exceptions=True
        )
        assert len({one.media_id for one in done if isinstance(one, resumable.Progress)}) == 1

        def rows(connection: Connection) -> int:
            return connection.execute(select(func.count()).select_from(Media)).scalar_one()

        assert await house.db.query(rows) == 1

    async def test_one_that_nobody_goes_on_with_is_forgotten_after_a_day(
        self, house: Ports, editor: Actor, clock: TestClock
    ) -> None:
        upload_id = await self.begun(house, editor, 100)
        await resumable.append(house.db, house.blobs, editor, upload_id, 0, parts(b"x" * 40))
        assert (await resumable.progress(house.db, editor, upload_id)).received_bytes == 40
        clock.move(hours=25)
        async with house.db.write() as tx:
            tx.enqueue("media.empty_bin")
        await house.jobs.run_until_idle()
        with pytest.raises(NotFound):
            await resumable.progress(house.db, editor, upload_id)
        assert not await house.blobs.exists(f"uploads/{upload_id}")
