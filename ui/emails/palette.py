"""The colours of e-mails as hexadecimal, for mail programs know no others: the accent's ramp and the neutrals."""

from dataclasses import dataclass
from functools import lru_cache

from ui.colour import Oklch, from_hex, hex_of
from ui.theme import dark_ramp, light_ramp

_WARM = 75.0


@dataclass(frozen=True, slots=True)
class Shades:
    """One scheme: what lies under, what is read, what is pressed."""

    page: str
    surface: str
    line: str
    text: str
    quiet: str
    button: str
    on_button: str
    link: str


@dataclass(frozen=True, slots=True)
class Palette:
    """Light, which is written into the message, and dark, which a mail program may choose."""

    light: Shades
    dark: Shades


@lru_cache(maxsize=16)
def palette_of(accent: str) -> Palette:
    """Return the colours that follow from an accent."""
    colour = from_hex(accent)
    day, night = light_ramp(colour), dark_ramp(colour)
    return Palette(
        light=Shades(
            page=_neutral(0.972),
            surface="#ffffff",
            line=_neutral(0.913),
            text=_neutral(0.26),
            quiet=_neutral(0.5),
            button=hex_of(day.steps[8]),
            on_button=hex_of(day.on_solid),
            link=hex_of(day.steps[10]),
        ),
        dark=Shades(
            page=_neutral(0.178),
            surface=_neutral(0.215),
            line=_neutral(0.31),
            text=_neutral(0.93),
            quiet=_neutral(0.73),
            button=hex_of(night.steps[8]),
            on_button=hex_of(night.on_solid),
            link=hex_of(night.steps[10]),
        ),
    )


def _neutral(lightness: float) -> str:
    return hex_of(Oklch(lightness, 0.005, _WARM))
