"""Colour arithmetic in OKLCH: conversion from and to sRGB, gamut, and WCAG contrast."""

import math
from dataclasses import dataclass, replace

_HEX_DIGITS = 6
_LIFT = 0.05


@dataclass(frozen=True)
class Oklch:
    """A colour by lightness (0 to 1), chroma (0 to about 0.37) and hue in degrees."""

    lightness: float
    chroma: float
    hue: float

    def __str__(self) -> str:
        parts = (f"{part:.4f}".rstrip("0").rstrip(".") for part in (self.lightness, self.chroma, self.hue))
        return f"oklch({' '.join(parts)})"


def from_hex(text: str) -> Oklch:
    """Return the colour of "#0f6b70" or "#0fb". Raises ValueError for anything else."""
    digits = text.strip().removeprefix("#")
    if len(digits) == _HEX_DIGITS // 2:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) != _HEX_DIGITS:
        raise ValueError(f"“{text}” is not a colour. Write it as #0f6b70.")
    try:
        red, green, blue = (_linear(int(digits[place : place + 2], 16) / 255) for place in (0, 2, 4))
    except ValueError:
        raise ValueError(f"“{text}” is not a colour. Write it as #0f6b70.") from None
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Oklch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def in_gamut(colour: Oklch) -> Oklch:
    """Return the colour with as much of its chroma as a screen can show."""
    low, high = 0.0, colour.chroma
    if _shows(colour):
        return colour
    for _ in range(20):
        middle = (low + high) / 2
        if _shows(replace(colour, chroma=middle)):
            low = middle
        else:
            high = middle
    return replace(colour, chroma=low)


def contrast(one: Oklch, other: Oklch) -> float:
    """Return the WCAG 2 contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + _LIFT) / (darker + _LIFT)


def hex_of(colour: Oklch) -> str:
    """Return the colour as "#0f6b70", for where OKLCH is not understood (e-mails, PDFs)."""
    return "#" + "".join(f"{round(_gamma(channel) * 255):02x}" for channel in _clipped(colour))


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _gamma(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _channels(colour: Oklch) -> tuple[float, float, float]:
    a = colour.chroma * math.cos(math.radians(colour.hue))
    b = colour.chroma * math.sin(math.radians(colour.hue))
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _clipped(colour: Oklch) -> tuple[float, ...]:
    return tuple(min(1.0, max(0.0, channel)) for channel in _channels(colour))


def _shows(colour: Oklch) -> bool:
    return all(-1e-4 <= channel <= 1 + 1e-4 for channel in _channels(colour))


def _luminance(colour: Oklch) -> float:
    red, green, blue = _clipped(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
