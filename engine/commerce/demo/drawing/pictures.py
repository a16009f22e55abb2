"""Which pictures a product gets: whole and near, and one in each colour that it is sold in."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from engine.commerce.demo.drawing.canvas import GLAZES, ROOMS, Canvas, Colour, mixed, shaded
from engine.commerce.demo.drawing.flat import SCENES, piece, sheet
from engine.commerce.demo.drawing.printed import DRAWINGS
from engine.commerce.demo.drawing.turned import SHAPES, stand
from engine.commerce.demo.item import Item

TABLE = 1.0
Inks = tuple[Colour, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture to be drawn. value: the choice that it shows, where it shows one."""

    alt: str
    value: str
    draw: Callable[[], bytes]


def pictures_of(item: Item) -> list[Picture]:
    """Return what a product is shown by, the picture for lists first. The drawings are the same each time."""
    options = [
        value for name, values in item.choices for value, _more in values if value in GLAZES and name == "Colour"
    ]
    inks = [GLAZES[name] for name in item.colours]
    found = [
        Picture(f"{item.name} in {value.lower()}", value, _drawing(item, [GLAZES[value], *_others(inks, value)]))
        for value in options
    ] or [Picture(item.name, "", _drawing(item, inks))]
    if not item.is_featured and (options or item.love < 1.1):
        return found
    first = [GLAZES[options[0]], *_others(inks, options[0])] if options else inks
    return [*found, Picture(f"{item.name}, seen from near", "", _drawing(item, first, is_near=True))]


def _others(inks: list[Colour], value: str) -> list[Colour]:
    others = [ink for ink in inks if ink != GLAZES[value]]
    return others or [shaded(GLAZES[value], 0.3)]


def _drawing(item: Item, inks: list[Colour], *, is_near: bool = False) -> Callable[[], bytes]:
    def draw() -> bytes:
        roll = random.Random(item.code)  # the same code draws the same picture
        room = roll.randrange(len(ROOMS)) + (1 if is_near else 0)
        whole = tuple(inks if len(inks) > 2 else (*inks, shaded(inks[-1], 0.2))[:3])
        if item.art in SCENES:
            canvas = _flat(item.art, room, tuple(inks), whole, roll, is_near=is_near)
        elif item.art in DRAWINGS:
            canvas = _print(item.art, room, whole, roll, is_near=is_near)
        else:
            canvas = _still_life(item.art, room, whole, is_near=is_near)
        return canvas.file()

    return draw


def _flat(art: str, room: int, inks: Inks, whole: Inks, roll: random.Random, *, is_near: bool) -> Canvas:
    canvas = Canvas.ground(mixed(*ROOMS[room % len(ROOMS)], 0.4))
    SCENES[art](canvas, inks if art in ("book", "towel", "apron", "tote", "tools") else whole, roll)
    return canvas.closer(1.9, 0.4, 0.72) if is_near else canvas


def _print(art: str, room: int, inks: Inks, roll: random.Random, *, is_near: bool) -> Canvas:
    if not is_near:
        canvas = Canvas.ground(ROOMS[room % len(ROOMS)][0])
        canvas.lay(sheet(art, inks, roll, 0.7, 0.96), 0.5, 0.625, 0, 0.014)
        return canvas
    canvas = Canvas.room(room, 1.06)
    frame = piece(0.56, 0.76, (168, 128, 88), 0.002)
    canvas.lay(frame, 0.55, 0.5, 0, 0.02)
    canvas.lay(sheet(art, inks, roll, 0.52, 0.72), 0.55, 0.5, 0, 0.0)
    stand(canvas, "bud", 0.17, 1.13, inks[0], (215, 195, 160), 0.8)
    return canvas


def _still_life(art: str, room: int, inks: Inks, *, is_near: bool) -> Canvas:
    canvas = Canvas.room(room)
    clay = (196, 160, 128)
    glaze, body = inks[0], mixed(inks[1], clay, 0.35)
    if art in SHAPES:
        size = {"plate": 0.95, "cup": 1.05, "moon": 1.1}.get(art, 1.0)
        if is_near:
            stand(canvas, "bud", 0.2, 0.96, inks[1], clay, 0.9)
        stand(canvas, art, 0.47 if art in ("mug", "jug") else 0.5, TABLE, glaze, body, size)
        middle = TABLE - SHAPES[art].height * size * 0.5
        return canvas.closer(1.7 if is_near else 1.28, 0.56 if is_near else 0.5, middle if is_near else middle - 0.03)
    groups: dict[str, Callable[[], None]] = {
        "pair": lambda: _row(canvas, "tumbler", ((0.34, 0.98, 0), (0.62, 1.03, 1)), inks, clay, 1.0),
        "trio": lambda: _row(
            canvas,
            "bud",
            ((0.16, 0.97, 0), (0.37, 1.02, 1), (0.56, 0.97, 2), (0.74, 1.03, 0), (0.89, 0.98, 1)),
            inks,
            clay,
            0.9,
        ),
        "stack": lambda: _row(canvas, "bowl", ((0.5, 1.02, 0), (0.5, 0.86, 1), (0.5, 0.73, 2)), inks, clay, 1.0),
        "wheel": lambda: _wheel(canvas, inks),
    }
    groups[art]()
    return canvas.closer(1.6 if is_near else 1.2, 0.5, 0.86)


def _row(
    canvas: Canvas, shape: str, places: tuple[tuple[float, float, int], ...], inks: Inks, clay: Colour, size: float
) -> None:
    """Stand several of a shape, the rear ones first; a stack's get smaller."""
    for number, (x, y, ink) in enumerate(places):
        own = size * (1 - 0.22 * number) if shape == "bowl" else size * (1, 0.82, 1.12, 0.74, 0.95)[number % 5]
        stand(canvas, shape, x, y, inks[ink], mixed(inks[ink], clay, 0.5), own)


def _wheel(canvas: Canvas, inks: Inks) -> None:
    stand(canvas, "plate", 0.5, 1.06, inks[1], shaded(inks[1], -0.2), 1.15)
    stand(canvas, "vase", 0.5, 1.0, inks[0], inks[0], 0.8)
