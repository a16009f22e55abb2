"""Taking pictures in: believed by their content alone, shown upright and without what a camera writes into them."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import Connection, func, select

from engine.api.ports import Ports
from engine.core.actor import Actor, Role
from engine.core.audit import AuditEntry
from engine.core.errors import Invalid, NotAllowed
from engine.core.ids import new_id
from engine.media import public as media
from engine.media import resumable
from engine.media.models import Media, variant_key
from tests.factories.pictures import bomb, photo, uploaded

EDITOR = Actor.person(new_id(), Role.EDITOR, "ed@example.org")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def rows(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(Media)).scalar_one()


async def variant(house: Ports, found: media.MediaUrls, name: str) -> Image.Image:
    return Image.open(BytesIO(await house.blobs.get(variant_key(found.id, name))))


class TestLimit:
    async def test_the_settings_say_how_large_a_file_may_be_whichever_way_it_comes(self, house: Ports) -> None:
        async with house.db.write() as tx:
            await house.settings.update(tx, Actor.system(), "media", {"maxUploadMb": 1})
        large = b"%PDF-" + b"x" * 1024 * 1024
        with pytest.raises(Invalid, match="larger than 1 MB"):
            await media.take(house.db, house.blobs, EDITOR, data=large, filename="a.pdf")
        async with house.db.write() as tx:
            with pytest.raises(Invalid, match="larger than 1 MB"):
                await resumable.begin(tx, EDITOR, filename="a.pdf", size_bytes=len(large))
        assert await house.db.query(rows) == 0


class TestUpload:
    @pytest.mark.parametrize("orientation", [1, 3, 6, 8])
    async def test_a_turned_photo_is_shown_upright(self, house: Ports, orientation: int) -> None:
        found = await uploaded(house, photo(1200, 900, orientation=orientation))
        shown = await variant(house, found, "medium")
        is_turned = orientation in (6, 8)
        assert (found.width, found.height) == ((900, 1200) if is_turned else (1200, 900))
        assert shown.size == ((800, 1067) if is_turned else (800, 600))
        red_corner = {1: (0, 0), 3: (-1, -1), 6: (-1, 0), 8: (0, -1)}[orientation]
        at = tuple(edge % side for edge, side in zip(red_corner, shown.size, strict=True))
        red, green, _blue = shown.convert("RGB").getpixel(at)
        assert red > 200
        assert green < 60

    async def test_variants_say_nothing_of_where_it_was_taken(self, house: Ports) -> None:
        found = await uploaded(house)
        await house.jobs.run_until_idle()
        for name in ("thumbnail", "medium", "large", "full"):
            shown = await variant(house, found, name)
            assert shown.format == "WEBP"
            assert not shown.getexif()
            assert "icc_profile" not in shown.info

    async def test_sizes_are_the_guides_and_nothing_is_enlarged(self, house: Ports) -> None:
        large, small = await uploaded(house, photo(2400, 1800)), await uploaded(house, photo(400, 300))
        await house.jobs.run_until_idle()
        sizes = {name: (await variant(house, large, name)).size for name in ("thumbnail", "medium", "large", "full")}
        assert sizes == {"thumbnail": (150, 150), "medium": (800, 600), "large": (1920, 1440), "full": (2400, 1800)}
        assert (await variant(house, small, "large")).size == (400, 300)

    async def test_until_the_large_ones_are_made_the_medium_one_stands_in(self, house: Ports) -> None:
        before = await uploaded(house, photo(2400, 1800))
        assert before.large == before.full == before.medium
        await house.jobs.run_until_idle()
        after = (await house.db.query(media.urls, [before.id]))[before.id]
        assert after.large.endswith("/large.webp")
        assert after.srcset == f"{after.medium} 800w, {after.large} 1920w"

    async def test_the_same_picture_twice_is_kept_once_even_at_the_same_moment(self, house: Ports) -> None:
        data = photo()
        found = await asyncio.gather(*(uploaded(house, data, filename=f"{n}.jpg") for n in range(5)))
        assert len({one.id for one in found}) == 1
        assert await house.db.query(rows) == 1

    @pytest.mark.parametrize(
        "data",
        [b"", b"not a picture", SVG, b"%PDF-1.4 ...", b"GIF89a", photo()[:2000], bomb(), b"PK\x03\x04" + b"\0" * 100],
        ids=["empty", "text", "svg", "pdf", "headless gif", "torn jpeg", "bomb", "zip"],
    )
    async def test_what_is_no_whole_picture_is_refused_and_leaves_nothing(self, house: Ports, data: bytes) -> None:
        with pytest.raises(Invalid) as refused:
            await media.upload(house.db, house.blobs, EDITOR, data=data, filename="picture.jpg")
        assert "file" in refused.value.fields
        assert await house.db.query(rows) == 0

    async def test_a_name_that_climbs_is_only_a_name(self, house: Ports) -> None:
        found = await uploaded(house, filename="../../etc/passwd\x00.jpg")
        kept = await house.db.query(media.file_of, found.id)
        assert kept is not None
        assert kept.filename == "passwd.jpg"
        assert kept.original_key == f"media/{found.id}/original.jpg"

    async def test_below_editor_nobody_sends_pictures(self, house: Ports) -> None:
        viewer = Actor.person(new_id(), Role.VIEWER)
        with pytest.raises(NotAllowed):
            await media.upload(house.db, house.blobs, viewer, data=photo(), filename="a.jpg")

    async def test_an_imports_pictures_write_no_audit_lines(self, house: Ports) -> None:
        await uploaded(house)

        def lines(connection: Connection) -> int:
            return connection.execute(select(func.count()).select_from(AuditEntry)).scalar_one()

        assert await house.db.query(lines) == 0


class TestColours:
    @pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16"])
    async def test_every_way_of_writing_colours_can_be_shown(self, house: Ports, mode: str) -> None:
        out = BytesIO()
        image = Image.new("I;16", (60, 40), 40_000) if mode == "I;16" else Image.new("RGBA", (60, 40), "#22668880")
        image = image if mode == "I;16" else image.convert("RGB" if mode == "CMYK" else mode).convert(mode)
        image.save(out, "TIFF" if mode == "CMYK" else "PNG")
        shown = await variant(house, await uploaded(house, out.getvalue()), "medium")
        assert shown.mode == ("RGBA" if mode in ("RGBA", "LA", "P") else "RGB")
        if mode == "I;16":
            assert shown.getpixel((5, 5))[0] == pytest.approx(40_000 / 256, abs=3)
