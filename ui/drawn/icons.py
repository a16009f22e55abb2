"""The site's icons in every size that browsers ask for: of the picture in the settings, else its first letter."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from ui.drawn.cards import readable_on
from ui.drawn.letters import Pen

#: name -> pixels a side.
SIZES = {"apple-touch-icon.png": 180, "icon-192.png": 192, "icon-512.png": 512, "icon-maskable-512.png": 512}
ICO = "favicon.ico"
ICO_SIZES = [(16, 16), (32, 32), (48, 48)]
NAMES = (ICO, *SIZES)
#: The part of a maskable icon that no mask cuts. Source: W3C Web App Manifest, safe zone.
SAFE = 0.8
MOST_PIXELS = 40_000_000


@dataclass(frozen=True, slots=True)
class Initial:
    """What stands for a site without a picture: the first letter of its name on its colour."""

    letter: str
    accent: str


def draw_icon(name: str, source: bytes | Initial) -> bytes:
    """Return one of NAMES. source: a picture's bytes, or a letter. Raises ValueError for bytes that are no picture."""
    side = 256 if name == ICO else SIZES[name]
    is_opaque = name in ("apple-touch-icon.png", "icon-maskable-512.png")
    if isinstance(source, Initial):
        picture = _letter(source, side, is_square=is_opaque)
    else:
        picture = _of_picture(source, side, SAFE if "maskable" in name else 1, is_opaque=is_opaque)
    buffer = BytesIO()
    if name == ICO:
        picture.save(buffer, "ICO", sizes=ICO_SIZES)
    else:
        picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _of_picture(source: bytes, side: int, share: float, *, is_opaque: bool) -> Image.Image:
    """Return the picture in the middle of a square, nothing of it cut off."""
    try:
        with Image.open(BytesIO(source)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ValueError("the picture is too large for an icon")
            found = opened.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("the icon's picture cannot be read") from error
    inside = round(side * share)
    found.thumbnail((inside, inside), Image.Resampling.LANCZOS)
    if max(found.size) < inside:
        factor = inside / max(found.size)
        size = (max(1, round(found.width * factor)), max(1, round(found.height * factor)))
        found = found.resize(size, Image.Resampling.LANCZOS)
    ground = Image.new("RGBA", (side, side), "#ffffff" if is_opaque else "#ffffff00")
    ground.alpha_composite(found, ((side - found.width) // 2, (side - found.height) // 2))
    return ground.convert("RGB") if is_opaque else ground


def _letter(source: Initial, side: int, *, is_square: bool) -> Image.Image:
    picture = Image.new("RGBA", (side, side), "#ffffff00")
    canvas = ImageDraw.Draw(picture)
    canvas.rounded_rectangle((0, 0, side - 1, side - 1), 0 if is_square else side * 0.22, fill=source.accent)
    pen = Pen(round(side * 0.56), 660)
    if source.letter and pen.can_write(source.letter):
        pen.write(canvas, (side / 2, side * 0.7), source.letter, readable_on(source.accent), anchor="ms")
    return picture
