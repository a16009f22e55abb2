"""Pictures that move (GIF, WebP, PNG with frames), made small as one animated WebP beside their stills (Pillow)."""

import math
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageSequence

from engine.media.pictures import DAMAGED, Variant, opened, smaller

#: The variant's name, beside those of `pictures.VARIANTS`.
MOTION = "motion"
#: The endings that may hold frames; whether a file does is seen when it is read.
MOVING = frozenset({"gif", "webp", "png"})
_FORMATS = frozenset({"GIF", "WEBP", "PNG"})
_MOST_WIDTH = 800
_LEAST_WIDTH = 160
_MOST_FRAMES = 600
#: Of all frames together, as they are made: they are in memory at once, four bytes a pixel.
_MOST_PIXELS = 40_000_000
#: The same as they are read, one after the other: what it costs in time.
_MOST_READ = 600_000_000
_USUAL_MILLISECONDS = 100
#: What is quicker than this browsers show at the usual pace. Source: what Chromium and Gecko do with GIFs.
_LEAST_MILLISECONDS = 20


def read_motion(data: bytes) -> Variant | None:
    """Return a picture's frames as one animated WebP; None where it has one frame, or too many to be worth it.

    A file whose later frames are damaged moves as far as it can be read. Raises Invalid for what is no picture.
    """
    with opened(data) as image:
        count = _count(image)
        width = _width(image, count) if count > 1 else None
        if width is None:
            return None
        loop = int(image.info.get("loop", 1 if image.format == "GIF" else 0))
        frames, durations = [], []
        for frame, milliseconds in _frames(image):
            frames.append(smaller(frame, width))
            durations.append(milliseconds)
    if len(frames) < 2:
        return None
    out = BytesIO()
    first, *others = frames
    first.save(
        out, "WEBP", save_all=True, append_images=others, duration=durations, loop=loop, quality=70, method=2,
        exif=b"", icc_profile=b"", xmp=b"",
    )  # fmt: skip
    return Variant(MOTION, out.getvalue(), first.width, first.height)


def _count(image: Image.Image) -> int:
    """Return how many frames a picture has; one where that cannot be told."""
    if image.format not in _FORMATS:
        return 1
    try:
        return int(getattr(image, "n_frames", 1))
    except DAMAGED:
        return 1


def _width(image: Image.Image, count: int) -> int | None:
    """Return how wide the frames are made; None for what would cost too much."""
    if count > _MOST_FRAMES or count * image.width * image.height > _MOST_READ:
        return None
    fits = math.isqrt(int(_MOST_PIXELS / count * image.width / image.height))
    width = min(image.width, _MOST_WIDTH, fits)
    return width if width >= min(_LEAST_WIDTH, image.width) else None


def _frames(image: Image.Image) -> Iterator[tuple[Image.Image, int]]:
    """Yield each frame with how long it is seen, in milliseconds."""
    try:
        for frame in ImageSequence.Iterator(image):
            drawn = frame.convert("RGBA")  # how long it is seen, WebP says once it is decoded
            shown = int(frame.info.get("duration") or _USUAL_MILLISECONDS)
            yield drawn, shown if shown >= _LEAST_MILLISECONDS else _USUAL_MILLISECONDS
    except DAMAGED:
        return
