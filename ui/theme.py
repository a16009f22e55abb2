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

#: The pictures of products in lists, and what is around them.
RATIOS: dict[str, str] = {"portrait": "4 / 5", "square": "1", "landscape": "4 / 3"}
CARDS: dict[str, dict[str, str]] = {
    "plain": {},
    "framed": {"--card-line": "var(--line)", "--card-inset": "0.75rem", "--card-ground": "var(--surface)"},
    "centered": {"--card-align": "center"},
}
#: Grounds of pages: the neutrals' lightness is the tokens' own, only their hue and strength change.
GROUNDS = ("warm", "white", "cool", "tinted")
NORMAL_SIZE = 17
_NEUTRAL_LIGHT = (0.993, 0.979, 0.958, 0.936, 0.913, 0.886, 0.845, 0.77, 0.62, 0.56, 0.475, 0.235)
_NEUTRAL_DARK = (0.187, 0.222, 0.254, 0.282, 0.31, 0.343, 0.394, 0.475, 0.58, 0.64, 0.745, 0.945)
_NEUTRAL_CHROMA = (0.003, 0.004, 0.005, 0.006, 0.007, 0.008, 0.009, 0.01, 0.011, 0.011, 0.011, 0.008)

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
    ground: Literal["warm", "white", "cool", "tinted"] = "warm"
    card_ratio: Literal["portrait", "square", "landscape"] = "portrait"
    card_style: Literal["plain", "framed", "centered"] = "plain"
    text_size: int = NORMAL_SIZE


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
        "--card-ratio": _choice(RATIOS, choices.card_ratio, "card_ratio"),
        **_choice(CARDS, choices.card_style, "card_style"),
        **_neutrals(choices.ground, accent),
    }
    if choices.buttons == "outline":
        properties |= {
            "--button-primary-fill": "transparent",
            "--button-primary-fill-hover": "var(--accent-3)",
            "--button-primary-text": "var(--accent-11)",
            "--button-primary-line": "var(--accent-11)",
        }
    lines = "".join(f"  {name}: {value};\n" for name, value in properties.items())
    return f":root {{\n{lines}}}\n{_of_storefront(choices, accent)}"


def colours(choices: ThemeChoices, *, is_dark: bool) -> dict[str, Oklch]:
    """Return what the theme's names stand for on the public pages, by day or at night."""
    accent = from_hex(choices.accent)
    ramp = dark_ramp(accent) if is_dark else light_ramp(accent)
    hue, strength = _tone_of_ground(choices.ground, accent)
    steps = zip(_NEUTRAL_DARK if is_dark else _NEUTRAL_LIGHT, _NEUTRAL_CHROMA, strict=True)
    neutral = [in_gamut(Oklch(lightness, chroma * strength, hue)) for lightness, chroma in steps]
    found = {f"neutral-{step}": one for step, one in enumerate(neutral, start=1)}
    found |= {f"accent-{step}": one for step, one in enumerate(ramp.steps, start=1)}
    paper = neutral[0] if is_dark else _papers(accent).get(choices.ground, neutral[1])
    found |= {"on-accent": ramp.on_solid, "page": paper, "text": neutral[11], "text-quiet": neutral[10]}
    is_outline = choices.buttons == "outline"
    return found | {"link": ramp.steps[10], "button": ramp.steps[10] if is_outline else ramp.on_solid}


def _papers(accent: Oklch) -> dict[str, Oklch]:
    return {"white": Oklch(1, 0, 0), "cool": Oklch(0.985, 0.004, 250), "tinted": _tone_of(0.98, 0.014, accent)}


def _tone_of_ground(ground: str, accent: Oklch) -> tuple[float, float]:
    """Return the hue of a ground's neutrals and how strong it is."""
    hue, strength = {"warm": (75.0, 1.0), "white": (0.0, 0.0), "cool": (250.0, 1.0), "tinted": (accent.hue, 1.6)}[
        ground
    ]
    return hue, strength if ground != "tinted" else min(strength, accent.chroma * 20)


def _of_storefront(choices: ThemeChoices, accent: Oklch) -> str:
    """Return what changes in the shop only: the page's own ground, and the size of its text."""
    paper = _papers(accent)
    sheet = ""
    if choices.ground in paper:
        sheet += f".storefront {{\n  --page: light-dark({paper[choices.ground]}, var(--neutral-1));\n}}\n"
    if choices.text_size != NORMAL_SIZE:
        percent = f"{choices.text_size / NORMAL_SIZE * 100:.2f}%"
        sheet += f":root:has(> .storefront) {{\n  font-size: {percent};\n}}\n"
    return sheet


def _neutrals(ground: str, accent: Oklch) -> dict[str, str]:
    """Return --neutral-1 to --neutral-12 in the tone of a ground; none for the tokens' own."""
    _choice({name: name for name in GROUNDS}, ground, "ground")
    if ground == "warm":
        return {}
    hue, strength = _tone_of_ground(ground, accent)
    steps = zip(_NEUTRAL_LIGHT, _NEUTRAL_DARK, _NEUTRAL_CHROMA, strict=True)
    return {
        f"--neutral-{step}": f"light-dark({in_gamut(Oklch(day, chroma * strength, hue))}, "
        f"{in_gamut(Oklch(night, chroma * strength, hue))})"
        for step, (day, night, chroma) in enumerate(steps, start=1)
    }


def _tone_of(lightness: float, chroma: float, accent: Oklch) -> Oklch:
    return in_gamut(Oklch(lightness, min(chroma, accent.chroma), accent.hue))


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
