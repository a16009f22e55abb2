"""Text can be read on what lies under it: the tokens' pairs, in light and dark, and under any accent."""

import random
import re
from pathlib import Path

import pytest

from ui.colour import Oklch, contrast, from_hex, hex_of
from ui.theme import DEFAULT_ACCENT, ThemeChoices, accent_properties, theme_css

TOKENS = Path("ui/components/tokens.css").read_text(encoding="utf-8")
DECLARATION = re.compile(r"(--[\w-]+):\s*([^;]+);")
OKLCH = re.compile(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)")

TEXT_ON_GROUND = [
    *((text, ground) for text in ("text", "text-quiet", "link") for ground in ("page", "surface", "surface-raised")),
    *((text, ground) for text in ("text", "text-quiet") for ground in ("surface-sunken", "surface-hover")),
    ("text", "surface-pressed"),
    ("text-quiet", "surface-pressed"),
    ("text", "selected"),
    ("text-quiet", "selected"),
    ("accent-11", "accent-3"),
    ("accent-11", "accent-4"),
    ("accent-12", "accent-5"),
    ("neutral-1", "neutral-12"),
    ("on-accent", "accent-9"),
    ("on-accent", "accent-10"),
    ("button-primary-text", "button-primary-fill"),
    ("button-primary-text", "button-primary-fill-hover"),
    *((f"{kind}-text", f"{kind}-soft") for kind in ("success", "warning", "danger", "info")),
    *((f"{kind}-text", "surface") for kind in ("success", "warning", "danger", "info")),
    *((f"{kind}-text", "page") for kind in ("success", "warning", "danger", "info")),
    *((f"on-{kind}", f"{kind}-solid") for kind in ("success", "warning", "danger", "info")),
    *((f"on-{kind}", f"{kind}-solid-hover") for kind in ("success", "warning", "danger", "info")),
    *(("text", f"{kind}-soft") for kind in ("success", "warning", "danger", "info")),
]
MARKS_ON_GROUND = [("focus", "page"), ("focus", "surface"), ("focus", "accent-3"), ("neutral-9", "surface")]


def colour_of(name: str, mode: str, overrides: dict[str, str]) -> Oklch:
    """Follow a token through light-dark() and var() to the colour it is."""
    declared = dict(DECLARATION.findall(TOKENS)) | overrides
    value = declared[f"--{name}"]
    while not (found := OKLCH.fullmatch(value)):
        if value.startswith("light-dark("):
            light, dark = re.split(r",\s*(?![^(]*\))", value[len("light-dark(") : -1])
            value = light if mode == "light" else dark
        else:
            value = declared[value.removeprefix("var(").removesuffix(")")]
    return Oklch(*(float(part) for part in found.groups()))


def ratio(one: str, other: str, mode: str, overrides: dict[str, str] | None = None) -> float:
    return contrast(colour_of(one, mode, overrides or {}), colour_of(other, mode, overrides or {}))


def random_accents(count: int) -> list[str]:
    source = random.Random(7)
    return [f"#{source.randrange(0x1000000):06x}" for _ in range(count)]


@pytest.mark.parametrize("mode", ["light", "dark"])
class TestTokens:
    @pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
    def test_text_is_readable_on_its_ground(self, mode, text, ground):
        assert ratio(text, ground, mode) >= 4.5

    @pytest.mark.parametrize(("mark", "ground"), MARKS_ON_GROUND)
    def test_marks_without_words_stand_out(self, mode, mark, ground):
        assert ratio(mark, ground, mode) >= 3

    @pytest.mark.parametrize("accent", [*random_accents(30), "#ffffff", "#000000", "#ffff00", "#0000ff", "#777777"])
    def test_any_accent_keeps_text_readable(self, mode, accent):
        overrides = dict(DECLARATION.findall(theme_css(ThemeChoices(accent=accent))))
        for text, ground in TEXT_ON_GROUND:
            assert ratio(text, ground, mode, overrides) >= 4.5, (text, ground)


class TestTheme:
    def test_the_tokens_accent_is_the_default_themes(self):
        declared = dict(DECLARATION.findall(TOKENS))
        expected = accent_properties(from_hex(DEFAULT_ACCENT))
        assert {name: declared[name] for name in expected} == expected

    def test_the_button_has_the_colour_that_was_chosen(self):
        css = theme_css(ThemeChoices(accent="#c2185b"))
        light = dict(DECLARATION.findall(css))["--accent-9"]
        assert light.startswith(f"light-dark({from_hex('#c2185b')}")

    def test_a_colour_survives_the_way_there_and_back(self):
        for accent in random_accents(30):
            assert hex_of(from_hex(accent)) == accent

    @pytest.mark.parametrize("wrong", ["teal", "#12", "#12345g", "#1234567", ""])
    def test_what_is_no_colour_is_refused_by_name(self, wrong):
        with pytest.raises(ValueError, match="is not a colour"):
            theme_css(ThemeChoices(accent=wrong))

    def test_a_choice_that_does_not_exist_lists_those_that_do(self):
        with pytest.raises(ValueError, match="square, soft, round"):
            theme_css(ThemeChoices(corners="</style>"))
