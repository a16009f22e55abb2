"""Pictures as a camera, a scanner or somebody hostile would send them."""

import struct
import zlib
from io import BytesIO

from PIL import Image

from engine.api.ports import Ports
from engine.core.actor import Actor
from engine.media import public as media

_GPS = 0x8825
_ORIENTATION = 0x0112


def photo(
    width: int = 1200, height: int = 900, *, kind: str = "JPEG", colour: str = "#b08968", orientation: int = 1
) -> bytes:
    """Return a photo whose upper left corner is red, with the place where it was taken in its metadata."""
    image = Image.new("RGB", (width, height), colour)
    image.paste("#ff0000", (0, 0, width // 2, height // 2))
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    exif.get_ifd(_GPS)[1] = "N"
    out = BytesIO()
    image.save(out, kind, **({"exif": exif} if kind in ("JPEG", "PNG", "WEBP") else {}))
    return out.getvalue()


def bomb(width: int = 20_000, height: int = 20_000) -> bytes:
    """Return a PNG of a few bytes that says it is enormous."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 50)) + chunk(b"IEND", b"")
    )


async def uploaded(house: Ports, data: bytes | None = None, **more: str) -> media.MediaUrls:
    """Return the addresses of a picture that was taken in, its large variants not yet made."""
    media_id = await media.upload(
        house.db, house.blobs, Actor.system(), data=data or photo(), filename=more.pop("filename", "photo.jpg"), **more
    )
    return (await house.db.query(media.urls, [media_id]))[media_id]
