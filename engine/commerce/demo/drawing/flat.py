"""Things seen from above: books, cards, cloth, tools. Each is a flat piece that `Canvas.lay` gives its shadow."""

import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw

from engine.commerce.demo.drawing.canvas import WIDTH, Canvas, Colour, Spot, graded, mixed, shaded
from engine.commerce.demo.drawing.printed import printed

PAPER: Colour = (246, 242, 233)
FINE = 2
Inks = tuple[Colour, ...]


def piece(width: float, height: float, colour: Colour, corner: float = 0.006) -> Image.Image:
    """Return a flat rectangle with round corners, sizes in shares of the picture's width."""
    size = (round(width * WIDTH), round(height * WIDTH))
    image = graded(size, shaded(colour, 0.06), shaded(colour, -0.05)).convert("RGBA")
    image.putalpha(_rounded(size, corner))
    return image


def cut(width: float, height: float, colour: Colour, spots: Sequence[Spot]) -> Image.Image:
    """Return a flat piece of any outline. spots: shares of its width and its height."""
    size = (round(width * WIDTH), round(height * WIDTH))
    image = graded(size, shaded(colour, 0.08), shaded(colour, -0.07)).convert("RGBA")
    mask = Image.new("L", (size[0] * FINE, size[1] * FINE))
    ImageDraw.Draw(mask).polygon([(x * mask.width, y * mask.height) for x, y in spots], fill=255)
    image.putalpha(mask.reduce(FINE))
    return image


def _rounded(size: tuple[int, int], corner: float) -> Image.Image:
    mask = Image.new("L", (size[0] * FINE, size[1] * FINE))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), corner * WIDTH * FINE, fill=255)
    return mask.reduce(FINE)


def book(inks: Inks, roll: random.Random, width: float = 0.5, design: str = "") -> Image.Image:
    """Return a bound book: a spine of cloth and a cover that is a piece of a poster."""
    height = width * 1.4
    image = piece(width, height, inks[0])
    w, h = image.size
    design = design or roll.choice(("waves", "swatches", "letters", "hills"))
    cover = printed(design, (*inks, PAPER)[:3], w, h, roll, inks[0]).resize((round(w * 1.3), round(h * 1.3)))
    image.paste(cover.crop((round(w * 0.15), round(h * 0.15), round(w * 0.98), round(h * 1.15))), (round(w * 0.17), 0))
    image.paste(shaded(inks[-1], -0.2), (0, 0, round(w * 0.17), h))
    image.paste(shaded(inks[-1], -0.4), (round(w * 0.165), 0, round(w * 0.175), h))
    image.paste(PAPER, (round(w * 0.36), round(h * 0.2), round(w * 0.8), round(h * 0.34)))
    image.putalpha(_rounded((w, h), 0.008))
    return image


def sheet(design: str, inks: Inks, roll: random.Random, width: float, height: float) -> Image.Image:
    """Return a printed sheet."""
    return printed(design, inks, round(width * WIDTH), round(height * WIDTH), roll).convert("RGBA")


def striped(width: float, height: float, inks: Inks, count: int) -> Image.Image:
    """Return cloth with stripes at its ends."""
    image = piece(width, height, inks[-1], 0.004)
    pen, (w, h) = ImageDraw.Draw(image), image.size
    for place in range(count):
        for y in (0.07 + place * 0.035, 0.93 - place * 0.035):
            pen.rectangle(
                (0, h * y - h * 0.006 * (1 + place % 2), w, h * y + h * 0.006 * (1 + place % 2)), fill=inks[0]
            )
    for x in (0.36, 0.68):
        pen.line((w * x, 0, w * x, h), fill=shaded(inks[-1], -0.1), width=3)
    return image


def _books(canvas: Canvas, inks: Inks, roll: random.Random) -> None:
    for place, ink in enumerate(inks[:3]):
        pair = (ink, inks[(place + 1) % len(inks)], PAPER)
        canvas.lay(book(pair, roll, 0.34), 0.3 + place * 0.2, 0.42 + place * 0.2, -14 + place * 13)


def _book(canvas: Canvas, inks: Inks, roll: random.Random) -> None:
    canvas.lay(piece(0.52, 0.73, PAPER), 0.515, 0.635, -5, 0.014)
    canvas.lay(book(inks, roll), 0.5, 0.62, -6, 0.006)
    canvas.lay(piece(0.022, 0.5, shaded(inks[-1], -0.3), 0.011), 0.86, 0.72, 8)


def _cards(canvas: Canvas, inks: Inks, roll: random.Random) -> None:
    kraft = (196, 168, 132)
    canvas.lay(piece(0.5, 0.36, kraft), 0.6, 0.9, 7)
    for place, design in enumerate(("leaves", "waves", "hills", "sun")):
        turned = (inks[place % 3], inks[(place + 1) % 3], inks[(place + 2) % 3])
        canvas.lay(sheet(design, turned, roll, 0.32, 0.45), 0.27 + place * 0.155, 0.42 + place * 0.1, 15 - place * 9)


def _wrap(canvas: Canvas, inks: Inks, roll: random.Random) -> None:
    for place, ink in enumerate((*inks, inks[0], inks[1])):
        image = piece(0.72, 0.86, mixed(ink, PAPER, 0.35))
        pen, (w, h) = ImageDraw.Draw(image), image.size
        for column in range(7):
            for row in range(8):
                x, y = w * (0.08 + column * 0.14), h * (0.07 + row * 0.125)
                size = w * roll.uniform(0.028, 0.04)
                pen.ellipse((x - size, y - size, x + size, y + size), fill=inks[(place + 1) % 3])
        canvas.lay(image, 0.44 + place * 0.035, 0.54 + place * 0.045, 9 - place * 4.5)


def _kit(canvas: Canvas, inks: Inks, roll: random.Random) -> None:
    canvas.lay(piece(0.42, 0.54, (150, 116, 88)), 0.32, 0.42, -4)
    block = sheet(
        "leaves", (shaded((150, 116, 88), -0.25), shaded((150, 116, 88), 0.2), (150, 116, 88)), roll, 0.34, 0.46
    )
    canvas.lay(block, 0.32, 0.42, -4, 0.004)
    canvas.lay(sheet("leaves", inks, roll, 0.36, 0.5), 0.68, 0.8, 8)
    for place in range(2):
        canvas.lay(piece(0.028, 0.2, (176, 130, 84), 0.014), 0.66 + place * 0.09, 0.3, 12 - place * 20)
        canvas.lay(piece(0.012, 0.13, (150, 152, 156)), 0.69 + place * 0.065, 0.15, 12 - place * 20, 0.004)
    canvas.lay(piece(0.3, 0.09, shaded(inks[0], -0.1), 0.045), 0.28, 0.88, 24)
    canvas.lay(piece(0.026, 0.26, (176, 130, 84), 0.013), 0.2, 1.05, -30)


def _tools(canvas: Canvas, inks: Inks, roll: random.Random) -> None:
    canvas.lay(piece(0.86, 0.8, mixed(inks[0], PAPER, 0.35)), 0.5, 0.66, 0)
    for place in range(8):
        x, length = 0.14 + place * 0.103, roll.uniform(0.4, 0.56)
        canvas.lay(
            piece(0.03, length, mixed((186, 138, 92), (140, 96, 60), place / 8), 0.015), x, 0.66, roll.uniform(-2, 2)
        )
        if place % 3 == 0:
            canvas.lay(piece(0.05, 0.07, (160, 162, 166), 0.03), x, 0.66 - length / 2, 0, 0.004)
    canvas.lay(piece(0.86, 0.2, mixed(inks[0], PAPER, 0.15)), 0.5, 0.94, 0, 0.008)


def _tubes(canvas: Canvas, inks: Inks, _roll: random.Random) -> None:
    for place, ink in enumerate(inks[:3]):
        x, y, turn = 0.28 + place * 0.23, 0.5 + place * 0.12, 10 - place * 12
        tube = cut(0.17, 0.5, (214, 214, 210), ((0, 0), (1, 0), (0.92, 1), (0.08, 1)))
        ImageDraw.Draw(tube).rectangle((0, tube.height * 0.28, tube.width, tube.height * 0.8), fill=(*ink, 255))
        canvas.lay(tube, x, y, turn)
        canvas.lay(piece(0.075, 0.07, (52, 52, 54), 0.012), x + turn * 0.0047, y + 0.275, turn, 0.006)


def _blocks(canvas: Canvas, inks: Inks, _roll: random.Random) -> None:
    for place in range(2):
        canvas.lay(
            piece(0.5, 0.34, inks[place % len(inks)], 0.03),
            0.42 + place * 0.14,
            0.46 + place * 0.34,
            -6 + place * 14,
            0.03,
        )
    canvas.lay(piece(0.004, 0.5, (120, 122, 126)), 0.84, 0.4, 30, 0.006)


def _towel(canvas: Canvas, inks: Inks, _roll: random.Random) -> None:
    canvas.lay(striped(0.6, 0.86, inks, 4), 0.46, 0.6, -5, 0.016)
    canvas.lay(striped(0.6, 0.3, inks, 2), 0.5, 0.9, -4, 0.012)


def _napkins(canvas: Canvas, inks: Inks, _roll: random.Random) -> None:
    for place in range(4):
        image = piece(0.48, 0.48, mixed(inks[place % 3], PAPER, 0.45), 0.004)
        pen, (w, h) = ImageDraw.Draw(image), image.size
        for leaf in range(4):
            pen.ellipse(
                (
                    w * (0.62 + leaf * 0.07),
                    h * (0.66 + leaf % 2 * 0.1),
                    w * (0.7 + leaf * 0.07),
                    h * (0.84 + leaf % 2 * 0.1),
                ),
                fill=inks[(place + 1) % 3],
            )
        pen.rectangle((w * 0.02, h * 0.02, w * 0.98, h * 0.98), outline=shaded(inks[place % 3], 0.3), width=3)
        canvas.lay(image, 0.38 + place * 0.08, 0.42 + place * 0.14, 16 - place * 9)


def _apron(canvas: Canvas, inks: Inks, _roll: random.Random) -> None:
    for x, turn in ((0.43, 6), (0.57, -6)):
        canvas.lay(piece(0.022, 0.26, inks[1]), x, 0.16, turn, 0.006)
    spots = ((0.3, 0), (0.7, 0), (0.74, 0.2), (1, 0.34), (1, 1), (0, 1), (0, 0.34), (0.26, 0.2))
    canvas.lay(cut(0.66, 0.92, inks[0], spots), 0.5, 0.7, 0, 0.016)
    canvas.lay(piece(0.3, 0.2, shaded(inks[0], 0.08)), 0.5, 0.72, 0, 0.004)
    canvas.lay(piece(0.05, 0.2, inks[1]), 0.28, 0.76, 2, 0.006)


def _tote(canvas: Canvas, inks: Inks, roll: random.Random) -> None:
    for x, turn in ((0.36, -3), (0.64, 3)):
        canvas.lay(piece(0.045, 0.44, shaded(inks[0], -0.06)), x, 0.3, turn, 0.006)
    canvas.lay(piece(0.64, 0.72, inks[0], 0.01), 0.5, 0.8, 0, 0.018)
    canvas.lay(sheet("type", (inks[1], inks[0], inks[1]), roll, 0.4, 0.5).crop((36, 36, 364, 440)), 0.5, 0.82, 0, 0.0)


SCENES: dict[str, Callable[[Canvas, Inks, random.Random], None]] = {
    "books": _books, "book": _book, "cards": _cards, "wrap": _wrap, "kit": _kit, "tools": _tools, "tubes": _tubes,
    "blocks": _blocks, "towel": _towel, "napkins": _napkins, "apron": _apron, "tote": _tote,
}  # fmt: skip
