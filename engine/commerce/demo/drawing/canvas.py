"""What every drawing stands on: the palette, the room, light and shadow. Coordinates are shares of the width."""

import colorsys
from collections.abc import Callable, Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter, ImageOps

Colour = tuple[int, int, int]
Spot = tuple[float, float]
WIDTH, HEIGHT = 800, 1000
#: Edges are drawn this much larger and then made smooth.
FINE = 2
#: Shadows are blurred this much smaller.
SOFT = 4

GLAZES: dict[str, Colour] = {
    "Sea green": (121, 164, 151),
    "Salt white": (236, 230, 218),
    "Indigo": (52, 70, 108),
    "Ochre": (203, 153, 66),
    "Brick": (179, 88, 62),
    "Moss": (112, 122, 78),
    "Sand": (215, 195, 160),
    "Stone": (158, 152, 141),
    "Ink": (45, 47, 54),
    "Clay": (187, 130, 96),
}
#: Wall and table, warm and cool in turn.
ROOMS: tuple[tuple[Colour, Colour], ...] = (
    ((233, 226, 214), (213, 199, 178)),
    ((220, 227, 223), (196, 207, 200)),
    ((239, 226, 214), (219, 196, 174)),
    ((226, 224, 230), (203, 198, 207)),
    ((231, 230, 217), (207, 203, 182)),
    ((214, 220, 226), (188, 197, 206)),
)


def shaded(colour: Colour, by: float) -> Colour:
    """Return a colour made lighter (above 0) or darker (below), a little duller the further it goes."""
    hue, light, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    light = light + (1 - light) * by if by > 0 else light * (1 + by)
    red, green, blue = colorsys.hls_to_rgb(hue, light, saturation * (1 - abs(by) * 0.15))
    return round(red * 255), round(green * 255), round(blue * 255)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return a colour between two; share: how much of the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def ramp(length: int, level: Callable[[float], float], *, is_upright: bool = False) -> Image.Image:
    """Return a strip of grey whose level (0 to 1) follows a curve over the length."""
    strip = Image.new("L", (length, 1))
    strip.putdata([round(255 * min(1.0, max(0.0, level(place / max(1, length - 1))))) for place in range(length)])
    return strip.transpose(Image.Transpose.ROTATE_270) if is_upright else strip


def graded(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    """Return a picture that goes from one colour to another, downwards."""
    strip = ramp(64, lambda place: place, is_upright=True).resize((1, size[1]), Image.Resampling.BICUBIC)
    column = ImageOps.colorize(strip, top, bottom).tobytes()
    return Image.frombytes("RGB", size, b"".join(column[at : at + 3] * size[0] for at in range(0, len(column), 3)))


def _reduced(mask: Image.Image, by: int) -> Image.Image:
    """Return a mask made smaller: only where there is something on it, which is seldom much."""
    small = Image.new("L", (mask.width // by, mask.height // by))
    box = mask.getbbox()
    if box is not None:
        left, top = box[0] // by, box[1] // by
        part = (left * by, top * by, -(-box[2] // by) * by, -(-box[3] // by) * by)
        small.paste(mask.reduce(by, part), (left, top))
    return small


class Canvas:
    """One picture of 4 to 5. Everything is given in shares of its width, downwards from the upper left corner."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image

    @classmethod
    def room(cls, place: int, horizon: float = 0.86) -> "Canvas":
        """Return an empty room: a wall and a table."""
        wall, table = ROOMS[place % len(ROOMS)]
        edge = round(horizon * WIDTH)
        image = graded((WIDTH, HEIGHT), shaded(wall, 0.25), shaded(wall, -0.05))
        image.paste(graded((WIDTH, HEIGHT - edge), shaded(table, 0.12), shaded(table, -0.1)), (0, edge))
        return cls(image)

    @classmethod
    def ground(cls, colour: Colour) -> "Canvas":
        """Return an even ground seen from above, lit from the upper left."""
        return cls(graded((WIDTH, HEIGHT), shaded(colour, 0.12), shaded(colour, -0.07)))

    def mask(self, draw: Callable[[ImageDraw.ImageDraw, float], None]) -> Image.Image:
        """Return what is drawn in white, with smooth edges. draw(pen, scale): scale turns shares into its pixels."""
        mask = Image.new("L", (WIDTH * FINE, HEIGHT * FINE))
        draw(ImageDraw.Draw(mask), WIDTH * FINE)
        return _reduced(mask, FINE)

    def fill(self, mask: Image.Image, colour: Colour) -> None:
        """Lay one colour where the mask is."""
        self.image.paste(colour, (0, 0, WIDTH, HEIGHT), mask)

    def polygon(self, spots: Sequence[Spot], colour: Colour) -> None:
        """Fill a polygon."""
        self.fill(
            self.mask(lambda pen, scale: pen.polygon([(x * scale, y * scale) for x, y in spots], fill=255)), colour
        )

    def round_out(self, mask: Image.Image, colour: Colour, shine: float = 0.5) -> None:
        """Lay a colour where the mask is as on a turned body: lit from the left, dark at the right."""
        box = mask.getbbox()
        if box is None:
            return

        def light(x: float) -> float:
            glow: float = max(0.0, 1 - abs(x - 0.3) / 0.34) ** 1.6
            return 0.5 + 0.34 * glow - 0.42 * max(0.0, x - 0.42) / 0.58 - 0.22 * max(0.0, 0.12 - x) / 0.12

        width, height = box[2] - box[0], box[3] - box[1]
        strip = ramp(128, light).resize((width, 1), Image.Resampling.BICUBIC)
        row = ImageOps.colorize(strip, shaded(colour, -0.62), shaded(colour, shine), mid=colour).tobytes()
        self.image.paste(Image.frombytes("RGB", (width, height), row * height), box[:2], mask.crop(box))

    def shadow(self, mask: Image.Image, blur: float, strength: float, shift: Spot = (0, 0)) -> None:
        """Darken the ground softly under what the mask is. blur and shift: shares of the width."""
        small = _reduced(mask, SOFT)
        moved = Image.new("L", small.size)
        moved.paste(small, (round(shift[0] * WIDTH / SOFT), round(shift[1] * WIDTH / SOFT)))
        soft = moved.filter(ImageFilter.GaussianBlur(blur * WIDTH / SOFT)).point(lambda level: level * strength)
        box = soft.getbbox()
        if box is None:
            return
        size = ((box[2] - box[0]) * SOFT, (box[3] - box[1]) * SOFT)
        dark = soft.resize(size, Image.Resampling.BILINEAR, box=box)
        corner = (box[0] * SOFT, box[1] * SOFT)
        self.image.paste((38, 30, 28), (*corner, corner[0] + size[0], corner[1] + size[1]), dark)

    def cast(self, x: float, y: float, width: float) -> None:
        """Let a thing that stands at a spot cast its shadow, to the right and close under it."""

        def long(pen: ImageDraw.ImageDraw, scale: float) -> None:
            spots = (x - width * 0.42, y - width * 0.07, x + width * 1.05, y + width * 0.13)
            pen.ellipse([spot * scale for spot in spots], fill=255)

        def close(pen: ImageDraw.ImageDraw, scale: float) -> None:
            spots = (x - width * 0.5, y - width * 0.08, x + width * 0.56, y + width * 0.09)
            pen.ellipse([spot * scale for spot in spots], fill=255)

        self.shadow(self.mask(long), 0.035, 0.34)
        self.shadow(self.mask(close), 0.012, 0.42)

    def lay(self, piece: Image.Image, x: float, y: float, turn: float = 0, depth: float = 0.012) -> None:
        """Lay a flat piece with its middle at a spot, turned by degrees, with the shadow of its thickness."""
        turned = piece.convert("RGBA").rotate(turn, Image.Resampling.BICUBIC, expand=True)
        corner = (round(x * WIDTH - turned.width / 2), round(y * WIDTH - turned.height / 2))
        mask = Image.new("L", (WIDTH, HEIGHT))
        mask.paste(turned.getchannel("A"), corner)
        self.shadow(mask, depth, 0.5, (depth * 0.6, depth))
        self.image.paste(turned.convert("RGB"), corner, turned.getchannel("A"))

    def closer(self, by: float, x: float, y: float) -> "Canvas":
        """Return a part of the picture, nearer: a share of it around a spot."""
        width, height = WIDTH / by, HEIGHT / by
        left = min(max(0.0, x * WIDTH - width / 2), WIDTH - width)
        top = min(max(0.0, y * WIDTH - height / 2), HEIGHT - height)
        box = (left, top, left + width, top + height)
        return Canvas(self.image.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC, box=box))

    def file(self) -> bytes:
        """Return the picture as a JPEG."""
        out = BytesIO()
        self.image.save(out, "JPEG", quality=92, subsampling=0)
        return out.getvalue()
