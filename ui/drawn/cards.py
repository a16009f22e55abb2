"""The card of a shared link: the page's title and the site's name on the theme's colours, 1200 by 630 pixels."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from engine.core.site import Theme
from ui.colour import contrast, from_hex
from ui.drawn.letters import Pen

SIZE = (1200, 630)
MARGIN = 88
MAX_TITLE = 200
SIZES = (92, 76, 62)
_PAPER, _INK, _QUIET = "#fdfcf9", "#26231f", "#6b655d"
_WHITE, _BLACK = "#ffffff", "#1c1a17"


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says and looks like. accent: the theme's colour, `#rrggbb`."""

    title: str
    site_name: str
    accent: str


def card_of(title: str, site_name: str, theme: Theme) -> Card:
    """Return the card of a page."""
    return Card(" ".join(title.split())[:MAX_TITLE], site_name[:80], theme.accent_color)


def draw_card(card: Card) -> bytes:
    """Return the card as a PNG. What no font can write is left out: colours and the rest still say whose it is."""
    picture = Image.new("RGB", SIZE, _PAPER)
    canvas = ImageDraw.Draw(picture)
    width, height = SIZE
    canvas.rectangle((0, 0, 28, height), fill=card.accent)
    name_pen = Pen(36, 560)
    is_front = card.title == card.site_name
    title = card.title if Pen(SIZES[0]).can_write(card.title) else ""
    name = card.site_name if name_pen.can_write(card.site_name) else ""
    _write_title(canvas, title or name, height)
    if name and title and not is_front:
        badge = 64
        top = height - MARGIN - badge
        canvas.rounded_rectangle((MARGIN, top, MARGIN + badge, top + badge), 14, fill=card.accent)
        letter = name[:1].upper()
        Pen(38, 640).write(canvas, (MARGIN + badge / 2, top + 46), letter, readable_on(card.accent), anchor="ms")
        fitting = name_pen.lines(name, width - 2 * MARGIN - badge - 24, 1)[0]
        name_pen.write(canvas, (MARGIN + badge + 24, top + 44), fitting, _QUIET)
    buffer = BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _write_title(canvas: ImageDraw.ImageDraw, title: str, height: int) -> None:
    """Write the title as large as it fits into three lines."""
    if not title:
        return
    room = SIZE[0] - 2 * MARGIN
    for size in SIZES:
        pen = Pen(size)
        lines = pen.lines(title, room, 4)
        if len(lines) <= 3:
            break
    lines = pen.lines(title, room, 3)
    step = pen.size * 1.14
    top = MARGIN + pen.size * 0.86
    for number, line in enumerate(lines):
        pen.write(canvas, (MARGIN, min(top + number * step, height - MARGIN)), line, _INK)


def readable_on(accent: str) -> str:
    """Return the colour of letters that lie on an accent."""
    ground = from_hex(accent)
    return _WHITE if contrast(from_hex(_WHITE), ground) >= contrast(from_hex(_BLACK), ground) else _BLACK
