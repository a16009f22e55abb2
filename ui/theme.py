"""A theme's few choices turned into a stylesheet that overrides the tokens, with readable text in light and dark."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from ui.colour import Oklch, contrast, from_hex, in_gamut

READABLE = 4.5
VISIBLE = 3.0
DEFAULT_ACCENT = "#0d5c63"

Value = TypeVar("Value")
Font = Literal["inter", "system", "serif", "rounded", "mono"]

FONTS: dict[str, str] = {
    "inter": '"Inter", "Inter fallback", system-ui, sans-serif',
    "system": 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
    "serif": '"Iowan Old Style", "Palatino Linotype", Palatino, "Source Serif 4", "Noto Serif", Georgia, serif',
    "rounded": 'ui-rounded, "SF Pro Rounded", "Nunito", "Quicksand", system-ui, sans-serif',
    "mono": 'ui-monospace, "SF Mono", "Cascadia Code", "DejaVu Sans Mono", monospace',
}
CORNERS: dict[str, tuple[str, str]] = {"square": ("0", "0"), "soft": ("6px", "10px"), "round": ("999px", "16px")}
WIDTHS: dict[str, str] = {"narrow": "64rem", "normal": "80rem", "wide": "96rem"}

LIGHT_STEPS = (0.993, 0.979, 0.958, 0.936, 0.913, 0.886, 0.845, 0.77)
DARK_STEPS = (0.187, 0.222, 0.254, 0.282, 0.31, 0.343, 0.394, 0.475)
_LIGHT_CHROMA = (0.04, 0.09, 0.2, 0.3, 0.38, 0.46, 0.56, 0.72)
_DARK_CHROMA = (0.12, 0.18, 0.32, 0.4, 0.46, 0.52, 0.6, 0.72)
WHITE = Oklch(1, 0, 0)
INK = Oklch(0.17, 0.006, 75)


@dataclass(frozen=True)
class ThemeChoices:
    """What an organisation decides about its look; everything else follows from it."""

    accent: str = DEFAULT_ACCENT
    body_font: Font = "inter"
    heading_font: Font = "inter"
    corners: Literal["square", "soft", "round"] = "soft"
    buttons: Literal["solid", "outline"] = "solid"
    width: Literal["narrow", "normal", "wide"] = "normal"


@dataclass(frozen=True)
class Ramp:
    """Twelve steps of one hue (grounds 1-5, lines 6-8, solid 9-10, text 11-12), and the text on 9 and 10."""

    steps: tuple[Oklch, ...]
    on_solid: Oklch


def theme_css(choices: ThemeChoices) -> str:
    """Return the stylesheet of a theme: custom properties only, to be linked after the bundle."""
    accent = from_hex(choices.accent)
    control, card = _choice(CORNERS, choices.corners, "corners")
    properties = {
        **accent_properties(accent),
        "--font-body": _choice(FONTS, choices.body_font, "body_font"),
        "--font-heading": _choice(FONTS, choices.heading_font, "heading_font"),
        "--radius-button": control,
        "--radius-control": "0" if choices.corners == "square" else "6px",
        "--radius-card": card,
        "--content-width": _choice(WIDTHS, choices.width, "width"),
    }
    if choices.buttons == "outline":
        properties |= {
            "--button-primary-fill": "transparent",
            "--button-primary-fill-hover": "var(--accent-3)",
            "--button-primary-text": "var(--accent-11)",
            "--button-primary-line": "var(--accent-11)",
        }
    lines = "".join(f"  {name}: {value};\n" for name, value in properties.items())
    return f":root {{\n{lines}}}\n"


def accent_properties(accent: Oklch) -> dict[str, str]:
    """Return --accent-1 to --accent-12 and --on-accent, each with its light and its dark value."""
    light, dark = light_ramp(accent), dark_ramp(accent)
    pairs = {
        f"--accent-{step}": (day, night)
        for step, (day, night) in enumerate(zip(light.steps, dark.steps, strict=True), start=1)
    }
    pairs["--on-accent"] = (light.on_solid, dark.on_solid)
    return {name: f"light-dark({day}, {night})" for name, (day, night) in pairs.items()}


def light_ramp(accent: Oklch) -> Ramp:
    """Return the twelve steps for a light page; the ninth is the accent as given, if text can lie on it."""
    pale = _tints(accent, LIGHT_STEPS, _LIGHT_CHROMA)
    solid = _bearing_text(accent)
    on_solid = _text_on(solid)
    text = _shifted_until(accent, pale[3], READABLE + 0.2, step=-0.005)
    return Ramp((*pale, solid, _pressed(solid, on_solid), text, _tone(accent, 0.3, 0.6)), on_solid)


def dark_ramp(accent: Oklch) -> Ramp:
    """Return the twelve steps for a dark page; the ninth is lifted where it would sink into the page."""
    deep = _tints(accent, DARK_STEPS, _DARK_CHROMA)
    solid = _bearing_text(_shifted_until(accent, deep[2], VISIBLE, step=0.005))
    on_solid = _text_on(solid)
    text = _shifted_until(replace(accent, lightness=max(accent.lightness, 0.74)), deep[3], READABLE + 0.2, step=0.005)
    return Ramp((*deep, solid, _pressed(solid, on_solid), text, _tone(accent, 0.93, 0.35)), on_solid)


def _tints(accent: Oklch, steps: tuple[float, ...], strength: tuple[float, ...]) -> tuple[Oklch, ...]:
    chroma = min(accent.chroma, 0.15)
    return tuple(in_gamut(Oklch(light, chroma * part, accent.hue)) for light, part in zip(steps, strength, strict=True))


def _tone(accent: Oklch, lightness: float, strength: float) -> Oklch:
    return in_gamut(Oklch(lightness, min(accent.chroma, 0.15) * strength, accent.hue))


def _bearing_text(solid: Oklch) -> Oklch:
    """Return the colour, or one a touch darker where neither white nor ink could be read on it."""
    return solid if contrast(INK, solid) >= READABLE else _shifted_until(solid, WHITE, READABLE, step=-0.005)


def _text_on(solid: Oklch) -> Oklch:
    return WHITE if contrast(WHITE, solid) >= READABLE else INK


def _pressed(solid: Oklch, on_solid: Oklch) -> Oklch:
    """Move away from the text that lies on the colour, so that hovering never makes it harder to read."""
    change = -0.05 if on_solid is WHITE else 0.04
    return in_gamut(replace(solid, lightness=min(0.99, max(0.08, solid.lightness + change))))


def _shifted_until(colour: Oklch, ground: Oklch, ratio: float, *, step: float) -> Oklch:
    """Change the lightness, as little as it takes, until the colour stands out from the ground."""
    candidate = in_gamut(colour)
    while contrast(candidate, ground) < ratio and 0 < candidate.lightness + step < 1:
        candidate = in_gamut(replace(colour, lightness=candidate.lightness + step))
    return candidate


def _choice(choices: Mapping[str, Value], name: str, field: str) -> Value:
    if name not in choices:
        raise ValueError(f"“{name}” is not a choice for {field}. Choose one of {', '.join(choices)}.")
    return choices[name]
