"""Draw the program's icons from ui/components/mark.svg: PNGs in the sizes that desktops ask for, an .ico, an .icns.

`python packaging/build/icons.py FOLDER` writes them there. The drawing is one rounded square and one path of straight
lines, which is all that this reads.
"""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from PIL import Image, ImageChops, ImageDraw

MARK = Path(__file__).parents[2] / "ui" / "components" / "mark.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = [(side, side) for side in SIZES if side <= 256]
ICNS_SIDE = 1024
#: Drawn so many times larger, then made smaller: smooth edges.
FINER = 8
TOKEN = re.compile(r"[MmLlHhVvZz]|-?\d*\.?\d+")

Point = tuple[float, float]


def draw(side: int) -> Image.Image:
    """Return the mark as a picture of this many pixels a side, its corners clear."""
    root = ET.fromstring(MARK.read_text(encoding="utf-8"))  # noqa: S314 - our own file
    whole = float(root.attrib["viewBox"].split()[2])
    scale = side * FINER / whole
    picture = Image.new("RGBA", (side * FINER, side * FINER))
    for shape in root:
        mask = _square(shape, scale) if shape.tag.endswith("rect") else _path(shape.attrib["d"], scale, side * FINER)
        picture.paste(Image.new("RGBA", picture.size, shape.attrib["fill"]), (0, 0), mask)
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def _square(shape: ET.Element, scale: float) -> Image.Image:
    width, height = (round(float(shape.attrib[name]) * scale) for name in ("width", "height"))
    mask = Image.new("L", (width, height))
    radius = float(shape.attrib.get("rx", 0)) * scale
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, width - 1, height - 1), radius, fill=255)
    return mask


def _path(drawing: str, scale: float, side: int) -> Image.Image:
    """Return the mask of a path; what lies inside an even number of its outlines is clear."""
    mask = Image.new("L", (side, side))
    for outline in outlines(drawing):
        one = Image.new("L", (side, side))
        ImageDraw.Draw(one).polygon([(x * scale, y * scale) for x, y in outline], fill=255)
        mask = ImageChops.difference(mask, one)
    return mask


def outlines(drawing: str) -> list[list[Point]]:
    """Return the closed outlines of an SVG path of straight lines.

    Source: SVG 2, section 9.3: numbers after a move or a line are lines, small letters count from where the pen is.
    """
    found: list[list[Point]] = []
    tokens = TOKEN.findall(drawing)
    at, verb = (0.0, 0.0), "M"
    while tokens:
        if tokens[0].isalpha():
            verb = tokens.pop(0)
        if verb in "Zz":
            at = found[-1][0]
            continue
        x, y = at if verb.islower() else (0.0, 0.0)
        if verb in "Hh":
            at = (x + float(tokens.pop(0)), at[1])
        elif verb in "Vv":
            at = (at[0], y + float(tokens.pop(0)))
        else:
            at = (x + float(tokens.pop(0)), y + float(tokens.pop(0)))
        if verb in "Mm":
            found.append([])
            verb = "l" if verb == "m" else "L"
        found[-1].append(at)
    return found


def write(folder: Path) -> None:
    """Write every icon into a folder: agora-16.png to agora-512.png, agora.ico, agora.icns."""
    folder.mkdir(parents=True, exist_ok=True)
    for side in SIZES:
        draw(side).save(folder / f"agora-{side}.png", optimize=True)
    draw(256).save(folder / "agora.ico", sizes=ICO_SIZES)
    draw(ICNS_SIDE).save(folder / "agora.icns")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
