"""Things that were turned on a wheel: a profile around an axis, two glazes, and what is put on at the side."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import ImageChops, ImageDraw

from engine.commerce.demo.drawing.canvas import Canvas, Colour, Spot, shaded

#: How flat a circle is seen from the front.
TILT = 0.17


@dataclass(frozen=True, slots=True)
class Shape:
    """What a pot is: its profile from the rim down, and how it is glazed.

    profile: (how far down, half the width), both as shares of the height. height and glaze: shares of the picture's
    width and of the height. side: handle, pour, lid or nothing.
    """

    profile: tuple[Spot, ...]
    height: float
    glaze: float = 0.62
    side: str = ""
    is_open: bool = True


SHAPES: dict[str, Shape] = {
    "mug": Shape(((0, 0.44), (0.5, 0.45), (0.86, 0.44), (1, 0.38)), 0.42, 0.66, "handle"),
    "cup": Shape(((0, 0.5), (0.4, 0.48), (0.8, 0.4), (1, 0.28)), 0.33, 0.6),
    "bowl": Shape(((0, 0.95), (0.3, 0.9), (0.62, 0.7), (0.86, 0.4), (1, 0.36)), 0.33, 0.5),
    "plate": Shape(((0, 2.9), (0.35, 2.6), (0.75, 1.7), (1, 1.4)), 0.11, 0.3),
    "jar": Shape(((0, 0.4), (0.12, 0.48), (0.5, 0.54), (0.85, 0.5), (1, 0.42)), 0.42, 0.55, "lid", is_open=False),
    "jug": Shape(((0, 0.3), (0.16, 0.26), (0.38, 0.34), (0.68, 0.42), (0.9, 0.38), (1, 0.3)), 0.5, 0.6, "pour"),
    "bottle": Shape(
        ((0, 0.1), (0.08, 0.085), (0.32, 0.09), (0.48, 0.2), (0.7, 0.3), (0.9, 0.28), (1, 0.22)), 0.68, 0.7
    ),
    "vase": Shape(((0, 0.2), (0.1, 0.17), (0.28, 0.3), (0.46, 0.37), (0.72, 0.3), (1, 0.19)), 0.62, 0.58),
    "moon": Shape(((0, 0.2), (0.06, 0.2), (0.2, 0.4), (0.48, 0.52), (0.76, 0.42), (0.95, 0.22), (1, 0.22)), 0.6, 0.97),
    "planter": Shape(((0, 0.52), (0.12, 0.51), (0.14, 0.47), (1, 0.34)), 0.42, 0.2),
    "bud": Shape(((0, 0.16), (0.14, 0.12), (0.4, 0.3), (0.7, 0.4), (1, 0.24)), 0.26, 0.7),
    "tumbler": Shape(((0, 0.37), (0.6, 0.35), (1, 0.32)), 0.36, 0.16),
}


def outline(profile: Sequence[Spot], steps: int = 10) -> list[Spot]:
    """Return a smooth line through the points of a profile (Catmull-Rom)."""
    ends = [profile[0], *profile, profile[-1]]
    line: list[Spot] = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(steps):
            t = step / steps
            down, width = (
                0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t**3)
                for p, q, r, s in zip(a, b, c, d, strict=True)
            )
            line.append((down, width))
    return [*line, profile[-1]]


def stand(canvas: Canvas, name: str, x: float, y: float, glaze: Colour, body: Colour, size: float = 1) -> None:
    """Stand a shape with the middle of its foot at a spot. glaze: the upper colour, body: the lower one."""
    shape = SHAPES[name]
    height = shape.height * size
    top = y - height
    line = [(top + down * height, width * height) for down, width in outline(shape.profile)]
    rim, foot = line[0][1], line[-1][1]
    canvas.cast(x, y, max(width for _down, width in line) * 2 * (0.75 if name != "plate" else 0.7))
    if shape.side in ("handle", "pour"):
        _handle(canvas, shape, x, top, height, line, shaded(body, -0.12) if shape.side == "handle" else glaze)

    def whole(pen: ImageDraw.ImageDraw, scale: float) -> None:
        left = [((x - width) * scale, down * scale) for down, width in line]
        right = [((x + width) * scale, down * scale) for down, width in reversed(line)]
        pen.polygon([*left, *right], fill=255)
        _ellipse(pen, scale, x, y, foot)
        _ellipse(pen, scale, x, top, rim)
        if shape.side == "pour":
            spots = [(x - rim * 0.9, top), (x - rim * 1.55, top - height * 0.05), (x - rim * 0.8, top + height * 0.2)]
            pen.polygon([(spot[0] * scale, spot[1] * scale) for spot in spots], fill=255)

    mask = canvas.mask(whole)
    canvas.round_out(mask, body)
    level = top + height * shape.glaze
    dipped = canvas.mask(lambda pen, scale: _dip(pen, scale, x, level, max(w for _d, w in line) * 1.7))
    canvas.round_out(ImageChops.multiply(mask, dipped), glaze, 0.62)
    if shape.is_open:
        canvas.round_out(canvas.mask(lambda pen, scale: _ellipse(pen, scale, x, top, rim)), shaded(glaze, 0.2))
        inner = canvas.mask(lambda pen, scale: _ellipse(pen, scale, x, top + rim * 0.015, rim * 0.93))
        canvas.round_out(inner, shaded(glaze, -0.3 if name != "plate" else -0.06), 0.1)
    if shape.side == "lid":
        _lid(canvas, x, top, rim, glaze)


def _ellipse(pen: ImageDraw.ImageDraw, scale: float, x: float, y: float, radius: float) -> None:
    flat = radius * TILT
    pen.ellipse([v * scale for v in (x - radius, y - flat, x + radius, y + flat)], fill=255)


def _dip(pen: ImageDraw.ImageDraw, scale: float, x: float, level: float, width: float) -> None:
    """Draw what is above the line to which a pot was dipped, curved as the pot is and a little unsteady."""
    spots = [(x - width, -1.0), (x + width, -1.0)]
    for step in range(41):
        share = 1 - step / 20
        bend = math.sqrt(max(0.0, 1 - min(1.0, abs(share) * 1.6) ** 2)) * width * 0.1
        wobble = math.sin(share * 7 + level * 20) * width * 0.012 + math.sin(share * 17) * width * 0.006
        spots.append((x + share * width, level + bend + wobble))
    pen.polygon([(spot[0] * scale, spot[1] * scale) for spot in spots], fill=255)


def _handle(
    canvas: Canvas, shape: Shape, x: float, top: float, height: float, line: Sequence[Spot], colour: Colour
) -> None:
    reach = line[len(line) // 2][1]
    left, right = x + reach * 0.45, x + reach * (1.62 if shape.side == "handle" else 1.75)
    upper, lower = top + height * 0.16, top + height * (0.78 if shape.side == "handle" else 0.82)
    thick = height * 0.075

    def ring(pen: ImageDraw.ImageDraw, scale: float) -> None:
        pen.ellipse([v * scale for v in (left, upper, right, lower)], fill=255)
        inside = (left + thick, upper + thick, right - thick, lower - thick)
        pen.ellipse([v * scale for v in inside], fill=0)

    canvas.round_out(canvas.mask(ring), colour)


def _lid(canvas: Canvas, x: float, top: float, rim: float, glaze: Colour) -> None:
    def dome(pen: ImageDraw.ImageDraw, scale: float) -> None:
        pen.pieslice([v * scale for v in (x - rim, top - rim * 0.62, x + rim, top + rim * 0.5)], 180, 360, fill=255)
        _ellipse(pen, scale, x, top - rim * 0.05, rim)

    def knob(pen: ImageDraw.ImageDraw, scale: float) -> None:
        pen.ellipse([v * scale for v in (x - rim * 0.2, top - rim * 0.92, x + rim * 0.2, top - rim * 0.56)], fill=255)

    canvas.round_out(canvas.mask(knob), shaded(glaze, -0.1))
    canvas.round_out(canvas.mask(dome), shaded(glaze, 0.05))
