"""Text drawn with the bundled fonts, letter by letter from the first that has it, then with those of the machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from ui.assets import FOLDER, manifest

BUNDLED = ("inter-latin-wght-normal.woff2", "inter-latin-ext-wght-normal.woff2")
#: Fonts of wide coverage that machines tend to have, for scripts that the bundled ones lack.
SYSTEM = (
    "DejaVuSans-Bold.ttf",
    "NotoSans-Bold.ttf",
    "NotoSansCJK-Bold.ttc",
    "NotoNaskhArabic-Bold.ttf",
    "segoeuib.ttf",
    "Arial Unicode.ttf",
)
_MISSING = "\uffff"


@lru_cache(maxsize=32)
def fonts(size: int, weight: int) -> tuple[FreeTypeFont, ...]:
    """Return the fonts in the order in which they are asked for a letter. weight: of the variable ones, 100 to 900."""
    found = []
    for name in BUNDLED:
        path = FOLDER / manifest().get(name, name)
        if path.exists():
            font = ImageFont.truetype(str(path), size)
            font.set_variation_by_axes([weight])
            found.append(font)
    for name in SYSTEM:
        try:
            found.append(ImageFont.truetype(name, size))
        except OSError:
            continue
    return tuple(found)


@lru_cache(maxsize=4_096)
def _has(font: FreeTypeFont, letter: str) -> bool:
    if letter.isspace():
        return True
    return bytes(font.getmask(letter)) != bytes(font.getmask(_MISSING)) and font.getlength(letter) > 0


@dataclass(frozen=True)
class Pen:
    """Draws in one size and weight."""

    size: int
    weight: int = 600

    def can_write(self, text: str) -> bool:
        """Return whether some font has every letter."""
        own = fonts(self.size, self.weight)
        return all(any(_has(font, letter) for font in own) for letter in text)

    def _runs(self, text: str) -> list[tuple[str, FreeTypeFont]]:
        own = fonts(self.size, self.weight)
        runs: list[tuple[str, FreeTypeFont]] = []
        for letter in text:
            font = next((one for one in own if _has(one, letter)), own[-1])
            if runs and (runs[-1][1] is font or letter.isspace()):
                runs[-1] = (runs[-1][0] + letter, runs[-1][1])
            else:
                runs.append((letter, font))
        return runs

    def width(self, text: str) -> float:
        """Return how wide a line is, in pixels."""
        return sum(font.getlength(part) for part, font in self._runs(text))

    def write(
        self, canvas: ImageDraw.ImageDraw, at: tuple[float, float], text: str, fill: str, anchor: str = "ls"
    ) -> None:
        """Write one line from its left end on the baseline; anchor "ms": around its middle."""
        left, top = at
        if anchor == "ms":
            left -= self.width(text) / 2
        for part, font in self._runs(text):
            canvas.text((left, top), part, font=font, fill=fill, anchor="ls")
            left += font.getlength(part)

    def lines(self, text: str, width: float, most: int) -> Sequence[str]:
        """Return the text in lines that fit; the last ends in … where more would follow."""
        found: list[str] = []
        line = ""
        for word in _words(text):
            wanted = f"{line}{word}"
            if line and self.width(wanted.rstrip()) > width:
                found.append(line.rstrip())
                line = word.lstrip()
            else:
                line = wanted
        found.append(line.rstrip())
        if len(found) <= most:
            return found
        last = found[most - 1]
        while last and self.width(f"{last}…") > width:
            last = last[:-1]
        return [*found[: most - 1], f"{last.rstrip(' ,;:.')}…"]


def _words(text: str) -> list[str]:
    """Return where a text can be broken: after spaces; between the letters of dense scripts and endless words."""
    found: list[str] = []
    for word in text.split():
        is_dense = any(ord(letter) >= 0x2E80 for letter in word) or len(word) > 28
        found += [*word[:-1], f"{word[-1]} "] if is_dense else [f"{word} "]
    return found
