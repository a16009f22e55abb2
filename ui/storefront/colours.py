"""The colours that option values name, so that they can be shown as swatches."""

from collections.abc import Mapping

OPTION_NAMES = frozenset({"color", "colour", "farbe", "couleur", "colore", "kleur", "färg", "farve", "cor"})
COLOURS: Mapping[str, str] = {
    "amber": "#d97e1f", "anthracite": "#3b3f42", "aqua": "#62b8bd", "beige": "#d9c9ae", "black": "#1c1b1a",
    "blue": "#2f5d9b", "bordeaux": "#6b1f2e", "bronze": "#8c6a3f", "brown": "#6b4a33", "burgundy": "#6b1f2e",
    "camel": "#b98b57", "charcoal": "#3f4144", "chocolate": "#4e3226", "copper": "#b06a44", "coral": "#e5735c",
    "cream": "#f1e8d6", "ecru": "#e4dac4", "forest": "#2d4a37", "gold": "#c4a04f", "gray": "#8d8d8b",
    "green": "#3f7a4f", "grey": "#8d8d8b", "indigo": "#34406f", "ivory": "#f4efe2", "khaki": "#9c9468",
    "lavender": "#a99cc4", "lilac": "#b9a5cf", "lime": "#a3bf4b", "magenta": "#b53a7c", "maroon": "#652534",
    "mint": "#a9d3bd", "mustard": "#c69a32", "natural": "#ddd0b8", "navy": "#24324f", "ochre": "#bf8836",
    "off-white": "#f3efe6", "olive": "#6d6c42", "orange": "#dd7a2d", "peach": "#eeb492", "pink": "#e0a0ae",
    "plum": "#643a58", "purple": "#6c4a8c", "red": "#b23a35", "rose": "#cf8a93", "rust": "#a4502f",
    "salmon": "#e59a83", "sand": "#d6c3a0", "silver": "#bfc0c0", "sky": "#9dc3dd", "tan": "#c3a47c",
    "taupe": "#8c7d6f", "teal": "#256f72", "terracotta": "#b8613f", "turquoise": "#4aaea9", "violet": "#7459a6",
    "white": "#fbfaf7", "wine": "#6b1f2e", "yellow": "#e3c14a",
}  # fmt: skip


def swatch(option: str, value: str) -> str | None:
    """Return the colour that a value of an option names, as hexadecimal; None where it is no colour we know."""
    if option.strip().lower() not in OPTION_NAMES:
        return None
    word = value.strip().lower()
    return COLOURS.get(word) or COLOURS.get(word.split()[-1] if word else "")
