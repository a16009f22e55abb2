"""What is printed on paper: small abstract compositions in two or three inks."""

import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw

from engine.commerce.demo.drawing.canvas import Colour, mixed, shaded

FINE = 2
Inks = tuple[Colour, ...]
Draw = Callable[[ImageDraw.ImageDraw, int, int, Inks, random.Random], None]


def printed(
    name: str, inks: Inks, width: int, height: int, roll: random.Random, paper: Colour = (246, 242, 233)
) -> Image.Image:
    """Return a composition on a sheet of paper with its margins, by the name of the drawing."""
    sheet = Image.new("RGB", (width, height), paper)
    margin = round(width * 0.09)
    inner = (width - 2 * margin, height - round(2.4 * margin))
    block = Image.new("RGB", (inner[0] * FINE, inner[1] * FINE), shaded(paper, -0.03))
    DRAWINGS[name](ImageDraw.Draw(block), *block.size, inks, roll)
    sheet.paste(block.reduce(FINE), (margin, margin))
    return sheet


def _waves(pen: ImageDraw.ImageDraw, w: int, h: int, inks: Inks, roll: random.Random) -> None:
    pen.rectangle((0, 0, w, h), fill=inks[2])
    pen.ellipse((w * 0.58, h * 0.12, w * 0.82, h * 0.12 + w * 0.24), fill=inks[1])
    for row in range(9):
        level, shade = h * (0.42 + row * 0.068), mixed(inks[0], inks[1], 0.55 - row * 0.06)
        phase = roll.uniform(0, 6)
        line = [(x, level + math.sin(x / w * (4 + row * 0.5) + phase) * h * 0.016) for x in range(0, w + 20, 20)]
        pen.polygon([*line, (w, h), (0, h)], fill=shade)


def _sun(pen: ImageDraw.ImageDraw, w: int, h: int, inks: Inks, roll: random.Random) -> None:
    pen.rectangle((0, 0, w, h), fill=inks[1])
    for ring, ink in enumerate((mixed(inks[0], inks[1], 0.5), inks[0], inks[2])):
        radius = w * (0.4 - ring * 0.11)
        pen.ellipse((w / 2 - radius, h * 0.42 - radius, w / 2 + radius, h * 0.42 + radius), fill=ink)
    for chimney in range(5):
        x, top = w * (0.04 + chimney * 0.2), h * roll.uniform(0.62, 0.78)
        pen.rectangle((x, top, x + w * 0.12, h), fill=shaded(inks[1], -0.3 if chimney % 2 else 0.12))


def _birds(pen: ImageDraw.ImageDraw, w: int, h: int, inks: Inks, roll: random.Random) -> None:
    pen.rectangle((0, 0, w, h), fill=inks[0])
    for place in range(6):
        x, y = w * (0.2 + 0.3 * (place % 3)), h * (0.24 + 0.34 * (place // 3)) + h * roll.uniform(-0.05, 0.05)
        span, lift = w * roll.uniform(0.1, 0.14), h * roll.uniform(0.03, 0.06)
        for side in (-1, 1):
            wing = [
                (x, y),
                (x + side * span * 0.5, y - lift),
                (x + side * span, y - lift * 0.3),
                (x + side * span * 0.5, y - lift * 0.4),
            ]
            pen.polygon(wing, fill=inks[1])
    pen.rectangle((w * 0.47, h * 0.84, w * 0.53, h * 0.86), fill=(212, 172, 80))
    pen.rectangle((0, h * 0.92, w, h), fill=inks[2])


def _hills(pen: ImageDraw.ImageDraw, w: int, h: int, inks: Inks, roll: random.Random) -> None:
    pen.rectangle((0, 0, w, h), fill=inks[2])
    for row in range(6):
        level, ink = h * (0.3 + row * 0.13), mixed(inks[0], inks[1], (0.75, 0.5, 0.3, 0.6, 0.12, 0.0)[row])
        peak, phase = h * roll.uniform(0.05, 0.1), roll.uniform(0, 6)
        line = [(x, level - math.sin(x / w * 3.2 + phase) * peak) for x in range(0, w + 20, 20)]
        pen.polygon([*line, (w, h), (0, h)], fill=ink)
        for furrow in range(7 if row % 2 else 0):
            x = w * (0.08 + furrow * 0.14)
            pen.line((x, level + peak * 0.9, x + w * 0.1, h), fill=shaded(ink, 0.18), width=max(2, w // 200))


def _moonrise(pen: ImageDraw.ImageDraw, w: int, h: int, inks: Inks, roll: random.Random) -> None:
    pen.rectangle((0, 0, w, h), fill=inks[0])
    radius = w * 0.27
    pen.ellipse((w / 2 - radius, h * 0.3 - radius, w / 2 + radius, h * 0.3 + radius), fill=inks[2])
    for row in range(16):
        y, reach = h * (0.6 + row * 0.024), w * roll.uniform(0.06, 0.34)
        x = w / 2 + w * roll.uniform(-0.12, 0.12)
        pen.rounded_rectangle((x - reach, y, x + reach, y + h * 0.008), h * 0.004, fill=inks[2 if row % 3 else 1])


def _leaves(pen: ImageDraw.ImageDraw, w: int, h: int, inks: Inks, roll: random.Random) -> None:
    pen.rectangle((0, 0, w, h), fill=inks[2])
    for strand in range(3):
        x, lean = w * (0.26 + strand * 0.24), roll.uniform(-0.1, 0.1)
        for step in range(11):
            y, side = h * (0.94 - step * 0.08), -1 if step % 2 else 1
            at, size = x + lean * w * step / 10, w * (0.13 - step * 0.006)
            pen.ellipse(
                (at + (0 if side > 0 else -size), y - size * 0.34, at + (size if side > 0 else 0), y + size * 0.34),
                fill=inks[strand % 2],
            )
        pen.line((x, h, x + lean * w, h * 0.1), fill=inks[strand % 2], width=max(3, w // 110))


def _cups(pen: ImageDraw.ImageDraw, w: int, h: int, inks: Inks, roll: random.Random) -> None:
    odd = roll.randrange(12)
    for place in range(12):
        x, y, size = w * (0.06 + 0.31 * (place % 3)), h * (0.08 + 0.23 * (place // 3)), w * 0.2
        ink = inks[2] if place == odd else inks[place % 2]
        pen.arc(
            (x + size * 0.7, y + size * 0.1, x + size * 1.25, y + size * 0.65), -90, 90, fill=ink, width=max(4, w // 60)
        )
        pen.pieslice((x, y - size * 0.8, x + size, y + size * 0.8), 0, 180, fill=ink)
        pen.line(
            (0, y + size * 0.86, w, y + size * 0.86), fill=mixed(inks[0], (255, 255, 255), 0.5), width=max(2, w // 220)
        )


def _stripes(pen: ImageDraw.ImageDraw, w: int, h: int, inks: Inks, _roll: random.Random) -> None:
    pen.rectangle((0, 0, w, h), fill=mixed(inks[2], (255, 255, 255), 0.35))
    pen.ellipse((w * 0.1, h * 0.08, w * 0.3, h * 0.08 + w * 0.2), fill=inks[1])
    for band in range(6):
        upper, lower = h * (0.22 + band * 0.11), h * (0.33 + band * 0.11)
        half_upper, half_lower = w * (0.1 + band * 0.016), w * (0.116 + band * 0.016)
        spots = [
            (w * 0.56 - half_upper, upper),
            (w * 0.56 + half_upper, upper),
            (w * 0.56 + half_lower, lower),
            (w * 0.56 - half_lower, lower),
        ]
        pen.polygon(spots, fill=inks[0] if band % 2 == 0 else inks[1])
    pen.rectangle((w * 0.49, h * 0.14, w * 0.63, h * 0.22), fill=(222, 186, 96))
    pen.polygon([(w * 0.46, h * 0.14), (w * 0.66, h * 0.14), (w * 0.56, h * 0.07)], fill=inks[2])
    pen.rectangle((0, h * 0.88, w, h), fill=inks[2])


def _type(pen: ImageDraw.ImageDraw, w: int, h: int, inks: Inks, roll: random.Random) -> None:
    """Draw words as a compositor blocks them in: bars and bowls, too large to read."""
    rows = ((0.08, 0.26, (0.34, 0.22, 0.3)), (0.4, 0.26, (0.2, 0.26, 0.18, 0.22)), (0.72, 0.14, (0.5, 0.36)))
    for y, high, widths in rows:
        x = w * 0.04
        for place, share in enumerate(widths):
            wide, tall = w * share, h * high
            if (place + roll.randrange(2)) % 2:
                pen.ellipse((x, h * y, x + wide, h * y + tall), fill=inks[0])
                pen.ellipse(
                    (x + wide * 0.32, h * y + tall * 0.2, x + wide * 0.68, h * y + tall * 0.8), fill=(246, 242, 233)
                )
            else:
                pen.rectangle((x, h * y, x + wide * 0.3, h * y + tall), fill=inks[0])
                pen.rectangle((x, h * y + tall * 0.42, x + wide * 0.9, h * y + tall * 0.6), fill=inks[0])
                pen.rectangle((x + wide * 0.62, h * y, x + wide * 0.92, h * y + tall), fill=inks[0])
            x += wide + w * 0.035
    pen.rectangle((w * 0.04, h * 0.92, w * 0.96, h * 0.94), fill=inks[2])


def _letters(pen: ImageDraw.ImageDraw, w: int, h: int, inks: Inks, roll: random.Random) -> None:
    for place in range(24):
        x, y, size = w * (0.02 + 0.25 * (place % 4)), h * (0.02 + 0.163 * (place // 4)), min(w * 0.2, h * 0.13)
        ink, kind = inks[(0, 0, 2)[place % 3]], roll.randrange(5)
        box = (x, y, x + size, y + size)
        if kind == 0:
            pen.arc(box, 40, 320, fill=ink, width=round(size * 0.28))
        elif kind == 1:
            pen.polygon([(x, y + size), (x + size / 2, y), (x + size, y + size)], fill=ink)
        elif kind == 2:
            pen.rectangle((x, y, x + size * 0.3, y + size), fill=ink)
            pen.pieslice((x - size * 0.1, y, x + size * 0.9, y + size), -90, 90, fill=ink)
        elif kind == 3:
            pen.rectangle((x, y, x + size, y + size * 0.28), fill=ink)
            pen.rectangle((x + size * 0.36, y, x + size * 0.64, y + size), fill=ink)
        else:
            pen.ellipse(box, fill=ink)


def _grid(pen: ImageDraw.ImageDraw, w: int, h: int, inks: Inks, _roll: random.Random) -> None:
    for column in range(12):
        for row in range(31):
            tide = 0.5 + 0.5 * math.sin((column * 31 + row) / 14.8 * math.tau)
            x, y = w * (0.02 + column * 0.081), h * (0.09 + row * 0.029)
            pen.rectangle(
                (x, y, x + w * (0.012 + 0.055 * tide), y + h * 0.016), fill=mixed(inks[0], inks[2], tide * 0.75)
            )
    pen.rectangle((w * 0.02, h * 0.015, w * 0.5, h * 0.05), fill=inks[2])


def _swatches(pen: ImageDraw.ImageDraw, w: int, h: int, inks: Inks, _roll: random.Random) -> None:
    wheel = [
        inks[0],
        mixed(inks[0], inks[2], 0.5),
        inks[2],
        mixed(inks[2], inks[1], 0.5),
        inks[1],
        shaded(inks[1], -0.35),
    ]
    for place in range(12):
        ink = shaded(wheel[place % 6], 0.3 if place > 5 else 0)
        x, y = w * (0.03 + 0.33 * (place % 3)), h * (0.02 + 0.245 * (place // 3))
        pen.rounded_rectangle((x, y, x + w * 0.29, y + h * 0.21), w * 0.02, fill=ink)


DRAWINGS: dict[str, Draw] = {
    "waves": _waves, "sun": _sun, "birds": _birds, "hills": _hills, "moonrise": _moonrise, "leaves": _leaves,
    "cups": _cups, "stripes": _stripes, "type": _type, "letters": _letters, "grid": _grid, "swatches": _swatches,
}  # fmt: skip
