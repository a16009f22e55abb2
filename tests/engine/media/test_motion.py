"""Pictures that move go on doing so, beside stills of every size; what would cost too much stays still."""

from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image, ImageSequence

from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.core.errors import Invalid
from engine.media import motion
from engine.media import public as media
from engine.media.motion import read_motion
from tests.factories.pictures import photo


def moving(kind: str = "GIF", frames: int = 3, size: tuple[int, int] = (64, 48), **more: object) -> bytes:
    """Return a picture of so many frames, each of another colour."""
    made = [Image.new("RGB", size, (40 * at % 256, 90, 200)) for at in range(frames)]
    out = BytesIO()
    usual = {"duration": [120] * frames, "loop": 0}
    made[0].save(out, kind, save_all=True, append_images=made[1:], **{**usual, **more})
    return out.getvalue()


class TestRead:
    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
    def test_every_frame_is_there_at_its_pace(self, kind: str):
        made = read_motion(moving(kind))
        assert made is not None
        with Image.open(BytesIO(made.data)) as image:
            assert (image.format, image.n_frames, image.size) == ("WEBP", 3, (64, 48))
            for frame in ImageSequence.Iterator(image):
                frame.load()
                assert frame.info["duration"] == 120

    @pytest.mark.parametrize("loop", [0, 2])
    def test_it_is_repeated_as_often_as_it_was(self, loop: int):
        made = read_motion(moving(loop=loop))
        assert made is not None
        with Image.open(BytesIO(made.data)) as image:
            assert image.info["loop"] == loop

    def test_frames_without_a_pace_are_seen_as_browsers_show_them(self):
        made = read_motion(moving(duration=0))
        assert made is not None
        with Image.open(BytesIO(made.data)) as image:
            image.seek(1)
            image.load()
            assert image.info["duration"] == 100

    def test_a_large_one_is_made_smaller(self):
        made = read_motion(moving(size=(1600, 400)))
        assert made is not None
        assert (made.width, made.height) == (800, 200)

    @pytest.mark.parametrize("data", [photo(), photo(kind="WEBP"), photo(kind="PNG"), moving(frames=1)])
    def test_what_has_one_frame_does_not_move(self, data: bytes):
        assert read_motion(data) is None

    def test_what_has_too_many_frames_stays_still(self):
        assert read_motion(moving(frames=motion._MOST_FRAMES + 1, size=(8, 8))) is None

    def test_what_is_cut_off_moves_as_far_as_it_goes_or_not_at_all(self):
        whole = moving(frames=8)
        for length in range(40, len(whole), 7):
            try:
                made = read_motion(whole[:length])
            except Invalid:
                continue
            assert made is None or made.data.startswith(b"RIFF")


class TestLibrary:
    async def test_a_moving_picture_has_its_stills_and_its_motion_at_a_public_address(self, house: Ports):
        media_id = await media.upload(
            house.db, house.blobs, Actor.system(), data=moving("GIF", size=(300, 200)), filename="dance.gif"
        )
        assert await shown(house, media_id) == ""
        await house.jobs.run_until_idle()
        address = await shown(house, media_id)
        assert address.endswith("/motion.webp")
        _media, _id, version, name = address.strip("/").split("/")
        served = await house.db.query(media.served, media_id, version, name)
        assert served is not None
        assert served.content_type == "image/webp"
        with Image.open(BytesIO(await house.blobs.get(served.key))) as image:
            assert image.n_frames == 3

    async def test_a_photo_has_none(self, house: Ports):
        media_id = await media.upload(
            house.db, house.blobs, Actor.system(), data=photo(kind="PNG"), filename="still.png"
        )
        await house.jobs.run_until_idle()
        assert await shown(house, media_id) == ""


async def shown(house: Ports, media_id: UUID) -> str:
    return (await house.db.query(media.urls, [media_id]))[media_id].motion
