"""Text on the grounds of a page's blocks: read well by any theme, and told by how much."""

import random

import pytest

from engine.content.pages.checking import Level
from engine.core.blocks import tree
from engine.core.site import Theme
from tests.factories.pages import block
from tests.ui.blockdrawing import BOOK
from tests.ui.test_contrast import TEXT_ON_GROUND, colour_of
from ui.builder.contrast import Ground, least, readings, remarks, summary
from ui.colour import Oklch, contrast
from ui.theme import ThemeChoices, colours

GROUNDS = ("", "subtle", "soft", "accent", "inverse")


def themes(count: int) -> list[Theme]:
    source = random.Random(11)
    accents = [f"#{source.randrange(0x1000000):06x}" for _ in range(count)]
    return [
        Theme(accent_color=accent, background=background, button_fill=fill)
        for accent in [*accents, "#ffff00", "#000000", "#ffffff"]
        for background in ("warm", "white", "cool", "tinted")
        for fill in ("solid", "outline")
    ]


class TestReadings:
    def test_every_ground_in_every_other_is_read_under_any_theme(self):
        for theme in themes(12):
            for outer in GROUNDS:
                for inner in GROUNDS:
                    ground = Ground().under(outer).under(inner)
                    worst = least(theme, ground)
                    assert worst.ratio >= 4.5, (theme, outer, inner, worst)

    @pytest.mark.parametrize("is_dark", [False, True])
    def test_the_names_stand_for_what_the_stylesheet_says(self, is_dark: bool):
        found = colours(ThemeChoices(), is_dark=is_dark)
        names = {name for pair in TEXT_ON_GROUND for name in pair} & set(found) - {"page"}
        for name in names:
            declared = colour_of(name, "dark" if is_dark else "light", {})
            assert abs(contrast(declared, Oklch(1, 0, 0)) - contrast(found[name], Oklch(1, 0, 0))) < 0.05, name

    @pytest.mark.parametrize(("scheme", "nights"), [("light", {False}), ("dark", {True}), ("auto", {False, True})])
    def test_only_the_schemes_that_visitors_can_have_are_looked_at(self, scheme: str, nights: set[bool]):
        theme = Theme(color_scheme=scheme)
        assert {one.is_dark for one in readings(theme, Ground())} == nights
        assert {one.is_dark for one in readings(theme, Ground().under("inverse"))} == {True}

    def test_a_ratio_is_never_shown_better_than_it_is(self):
        theme = Theme()
        for one in readings(theme, Ground()):
            assert float(one.shown) <= one.ratio


class TestRemarks:
    def read(self, *blocks: dict[str, object]) -> tree.Tree:
        return tree.read(list(blocks), BOOK)

    def test_words_on_a_picture_are_for_a_person_to_judge(self):
        picture = "01a1b2c3-0000-7000-8000-000000000000"
        found = remarks(self.read(block("hero", id="h", layout="behind", image=picture)), BOOK, Theme())
        assert [(one.level, one.block_id, one.setting) for one in found] == [(Level.INFO, "h", "image")]
        assert remarks(self.read(block("hero", id="h", layout="behind")), BOOK, Theme()) == []

    def test_what_cannot_be_read_names_the_block_the_ratio_and_the_remedy(self):
        made = {**colours(ThemeChoices(), is_dark=False), "on-accent": Oklch(0.7, 0, 0), "accent-9": Oklch(0.6, 0, 0)}
        nodes = self.read({**block("text", id="t"), "look": {"background": "accent"}}, block("text", id="u"))
        found = remarks(nodes, BOOK, Theme(color_scheme="light"), lambda _theme, _is_dark: made)
        (own,) = [one for one in found if one.block_id]
        assert (own.level, own.block_id, own.setting) == (Level.WARNING, "t", "look.background")
        assert "4.5 : 1 is needed" in str(own.message)
        assert "Choose another background" in str(own.message)

    def test_a_page_is_told_its_least_ratio_hidden_blocks_do_not_count(self):
        hidden = {**block("text", id="t"), "look": {"background": "accent"}, "hidden": True}
        assert str(summary(self.read(hidden), BOOK, Theme())) == str(summary((), BOOK, Theme()))
        assert " : 1 or better" in str(summary((), BOOK, Theme()))
