"""Reading a picture of unknown origin and making variants of it: upright, in sRGB, without metadata (Pillow)."""

import base64
import hashlib
import struct
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from engine.core.errors import Invalid
from engine.core.i18n import Message, _

MAX_PIXELS = 50_000_000
#: The most that WebP can hold on a side.
MAX_SIDE = 16_383
#: Changes whenever variants of the same original would look different, so that their addresses do.
PIPELINE = "1"
#: Pillow's format to content type and extension: what is taken.
FORMATS = {
    "JPEG": ("image/jpeg", "jpg"),
    "MPO": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "GIF": ("image/gif", "gif"),
    "WEBP": ("image/webp", "webp"),
    "AVIF": ("image/avif", "avif"),
    "TIFF": ("image/tiff", "tiff"),
    "BMP": ("image/bmp", "bmp"),
}
#: What Pillow raises for damage, by format and by place.
DAMAGED = (OSError, SyntaxError, ValueError, LookupError, MemoryError, ArithmeticError, EOFError, struct.error)
#: A JPEG opens as MPO by itself where a camera keeps several pictures in one file.
_OPENED = tuple(name for name in FORMATS if name != "MPO")
VARIANTS = ("thumbnail", "medium", "large", "full")
#: Made while the sender waits; the others follow in a job.
FIRST_VARIANTS = ("thumbnail", "medium")
#: Made last, and kept where they are smaller than the WebP beside them.
AVIF_VARIANTS = ("medium", "large")
_THUMBNAIL = (150, 150)
_WIDTHS = {"medium": 800, "large": 1920}
_QUALITY = {"full": 85}
#: AVIF at 58 looks like WebP at 80. At this speed its encoder takes half of what WebP does; at the next slower one
#: four times as long, for a few per cent.
_AVIF = {"quality": 58, "speed": 9, "max_threads": 1}
#: WebP's effort: what it gains above this is a few per cent, for twice the time.
_WEBP_METHOD = {"full": 2, "large": 3}
_PLACEHOLDER = (16, 16)
_OPAQUE = 250
_NEARLY_WHITE = 235
_MOST_CORNERS = 3
#: The point that crops keep, in percent from the upper left corner.
Focus = tuple[int, int]
MIDDLE_POINT: Focus = (50, 50)
_sRGB = ImageCms.createProfile("sRGB")  # noqa: N816 - the colour space is spelt so


@dataclass(frozen=True, slots=True)
class Picture:
    """What a file turned out to be; width and height as it is seen, upright."""

    content_type: str
    extension: str
    width: int
    height: int
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """One made variant; name: as in VARIANTS, or `medium.avif`."""

    name: str
    data: bytes
    width: int
    height: int
    file: str = ""


def digest_of(data: bytes) -> str:
    """Return the SHA-256 by which the same file is known again."""
    return hashlib.sha256(data).hexdigest()


def version_of(sha256: str, focus: Focus = MIDDLE_POINT) -> str:
    """Return the part of a picture's addresses that changes with what is shown there."""
    at = "" if focus == MIDDLE_POINT else f":{focus[0]},{focus[1]}"
    return hashlib.sha256(f"{PIPELINE}:{sha256}{at}".encode()).hexdigest()[:16]


def read(data: bytes, names: Iterable[str], focus: Focus = MIDDLE_POINT) -> tuple[Picture, list[Variant]]:
    """Return what the file is, by its content and never by its name, and these variants, none larger than it.

    Raises Invalid when it is no picture we take, is damaged, or is too large.
    """
    with opened(data) as image:
        content_type, extension = FORMATS[str(image.format)]
        upright = _decoded(data, image)
        picture = Picture(content_type, extension, upright.width, upright.height, placeholder_of(upright))
        return picture, variants_of(upright, names, focus)


def read_avif(data: bytes) -> list[Variant]:
    """Return the AVIF variants of a file that was read before."""
    with opened(data) as image:
        upright = _decoded(data, image)
        return [_saved(_sized(upright, name, MIDDLE_POINT), f"{name}.avif") for name in AVIF_VARIANTS]


def variants_of(upright: Image.Image, names: Iterable[str], focus: Focus = MIDDLE_POINT) -> list[Variant]:
    """Return these variants of a picture that is decoded: RGB or RGBA."""
    return [_saved(_sized(upright, name, focus), name, focus) for name in names]


def placeholder_of(image: Image.Image) -> str:
    """Return the picture in a few pixels as a data address; empty where it stands on white or on nothing.

    A picture that is cut out, or was taken on white, is shown on the page's own ground, and a blur would shine through.
    """
    small = ImageOps.contain(image, _PLACEHOLDER, Image.Resampling.BOX)
    if small.mode == "RGBA" and min(small.getchannel("A").tobytes()) < _OPAQUE:
        return ""
    small = small.convert("RGB")
    right, bottom = small.width - 1, small.height - 1
    light = small.split()
    corners = ((0, 0), (right, 0), (0, bottom), (right, bottom))
    white = [all(int(str(band.getpixel(at))) >= _NEARLY_WHITE for band in light) for at in corners]
    if sum(white) >= _MOST_CORNERS:
        return ""
    out = BytesIO()
    small.save(out, "WEBP", quality=30, method=6)
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode()


def _decoded(data: bytes, image: Image.Image) -> Image.Image:
    try:
        if image.format == "PNG":
            with opened(data) as again:
                again.verify()  # its check sums, which decoding passes over
        image.load()
        return _in_srgb(ImageOps.exif_transpose(image))
    except DAMAGED as error:
        raise _refused(_("This picture is damaged and cannot be shown. Save it anew and send that.")) from error


def opened(data: bytes) -> Image.Image:
    """Return a file as a picture that is not decoded yet. Raises Invalid for what is none, or has too many pixels."""
    if not data:
        raise _refused(_("This file is empty. Choose a picture."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is lower
            image = Image.open(BytesIO(data), formats=_OPENED)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except (OSError, SyntaxError, ValueError, ArithmeticError, MemoryError) as error:
        raise _refused(
            _("This is not a picture that Agora can show. Send a JPEG, PNG, WebP, AVIF, GIF or TIFF file.")
        ) from error
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    return image


def _too_many_pixels() -> Invalid:
    most = MAX_PIXELS // 1_000_000
    return _refused(_("This picture has more than {most} million pixels. Send a smaller one.").having(most=most))


def _refused(message: Message) -> Invalid:
    return Invalid(message, {"file": message})


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return the picture as RGB or RGBA in sRGB, so that it looks the same once its colour profile is left out."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    has_alpha = image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = "RGBA" if image.mode == "RGBA" else "RGB"
            converted = ImageCms.profileToProfile(image, source, _sRGB, outputMode=target)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile: the numbers as they are come closest
        else:
            image = converted or image
    return image.convert("RGBA" if has_alpha else "RGB")


def _sized(image: Image.Image, name: str, focus: Focus) -> Image.Image:
    if name == "thumbnail":
        centre = (focus[0] / 100, focus[1] / 100)
        return ImageOps.fit(image, _THUMBNAIL, Image.Resampling.LANCZOS, centering=centre)
    return smaller(image, _WIDTHS.get(name, MAX_SIDE))


def smaller(image: Image.Image, width: int) -> Image.Image:
    """Return a picture in its own shape, at most so wide and no higher than WebP can hold."""
    most = min(width, image.width)
    height = max(1, round(image.height * most / image.width))
    if height > MAX_SIDE:
        most, height = max(1, round(image.width * MAX_SIDE / image.height)), MAX_SIDE
    if (most, height) == image.size:
        return image
    return image.resize((most, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _saved(image: Image.Image, name: str, focus: Focus = MIDDLE_POINT) -> Variant:
    out = BytesIO()
    if name.endswith(".avif"):
        image.save(out, "AVIF", exif=b"", icc_profile=b"", xmp=b"", **_AVIF)
        return Variant(name, out.getvalue(), image.width, image.height, file=name)
    method = _WEBP_METHOD.get(name, 4)
    image.save(out, "WEBP", quality=_QUALITY.get(name, 80), method=method, exif=b"", icc_profile=b"", xmp=b"")
    is_off_centre = name == "thumbnail" and focus != MIDDLE_POINT
    file = f"thumbnail-{focus[0]}-{focus[1]}.webp" if is_off_centre else ""
    return Variant(name, out.getvalue(), image.width, image.height, file)
