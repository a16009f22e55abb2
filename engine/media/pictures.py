"""Reading a picture of unknown origin and making WebP variants of it: upright, in sRGB, without metadata (Pillow)."""

import hashlib
import threading
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from engine.core.errors import Invalid
from engine.core.i18n import Message, _

MEGABYTE = 1024 * 1024
MAX_BYTES = 100 * MEGABYTE
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
#: A JPEG opens as MPO by itself where a camera keeps several pictures in one file.
_OPENED = tuple(name for name in FORMATS if name != "MPO")
VARIANTS = ("thumbnail", "medium", "large", "full")
#: Made while the sender waits; the others follow in a job.
FIRST_VARIANTS = ("thumbnail", "medium")
_THUMBNAIL = (150, 150)
_WIDTHS = {"medium": 800, "large": 1920}
_QUALITY = {"full": 85}
#: How many are decoded at once: each may take 200 MB while it is.
_at_once = threading.BoundedSemaphore(2)
_sRGB = ImageCms.createProfile("sRGB")  # noqa: N816 - the colour space is spelt so


@dataclass(frozen=True, slots=True)
class Picture:
    """What a file turned out to be; width and height as it is seen, upright."""

    content_type: str
    extension: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Variant:
    """One made variant."""

    name: str
    data: bytes
    width: int
    height: int


def digest_of(data: bytes) -> str:
    """Return the SHA-256 by which the same file is known again."""
    return hashlib.sha256(data).hexdigest()


def version_of(sha256: str) -> str:
    """Return the part of a picture's addresses that changes with what is shown there."""
    return hashlib.sha256(f"{PIPELINE}:{sha256}".encode()).hexdigest()[:16]


def read(data: bytes, names: Iterable[str]) -> tuple[Picture, list[Variant]]:
    """Return what the file is, by its content and never by its name, and these variants, none larger than it.

    Raises Invalid when it is no picture we take, is damaged, or is too large.
    """
    with _at_once, _opened(data) as image:
        content_type, extension = FORMATS[str(image.format)]
        try:
            if image.format == "PNG":
                with _opened(data) as again:
                    again.verify()  # its check sums, which decoding passes over
            image.load()
            upright = _in_srgb(ImageOps.exif_transpose(image))
        except (OSError, SyntaxError, ValueError, LookupError, MemoryError, ArithmeticError) as error:
            raise _refused(_("This picture is damaged and cannot be shown. Save it anew and send that.")) from error
        picture = Picture(content_type, extension, upright.width, upright.height)
        return picture, [_variant(upright, name) for name in names]


def _opened(data: bytes) -> Image.Image:
    if len(data) > MAX_BYTES:
        raise _refused(_("This file is larger than {most} MB. Send a smaller one.").having(most=MAX_BYTES // MEGABYTE))
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


def _variant(image: Image.Image, name: str) -> Variant:
    if name == "thumbnail":
        sized = ImageOps.fit(image, _THUMBNAIL, Image.Resampling.LANCZOS)
    else:
        most = min(_WIDTHS.get(name, MAX_SIDE), image.width)
        height = max(1, round(image.height * most / image.width))
        if height > MAX_SIDE:
            most, height = max(1, round(image.width * MAX_SIDE / image.height)), MAX_SIDE
        sized = image if (most, height) == image.size else image.resize((most, height), Image.Resampling.LANCZOS)
    out = BytesIO()
    sized.save(out, "WEBP", quality=_QUALITY.get(name, 80), method=4, exif=b"", icc_profile=b"", xmp=b"")
    return Variant(name, out.getvalue(), sized.width, sized.height)
