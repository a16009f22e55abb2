"""The window's colours: what the desktop says is read, and what is seen before a page is the page's own ground."""

import re
from types import SimpleNamespace

import pytest

from app.appearance import DARK_GROUND, LIGHT_GROUND, choose_theme, plain
from tests.server import ROOT
from ui.colour import Oklch, hex_of


class TestGround:
    def test_it_is_that_of_the_pages(self):
        tokens = (ROOT / "ui/components/tokens.css").read_text()
        page = re.search(r"--page: light-dark\(var\(--(.+?)\), var\(--(.+?)\)\)", tokens)
        found = [
            hex_of(Oklch(*(float(part) for part in re.findall(rf"--{name}: .*?{nth}", tokens)[0].split())))
            for name, nth in zip(page.groups(), (r"oklch\((.+?)\)", r"oklch.*oklch\((.+?)\)"), strict=True)
        ]
        assert found == [LIGHT_GROUND, DARK_GROUND]


class TestPlain:
    @pytest.mark.parametrize("value", [1, 0, None, "dark"])
    def test_it_is_what_is_inside_however_often_it_is_wrapped(self, value):
        wrapped = value
        for _time in range(3):
            wrapped = SimpleNamespace(variant=lambda inside=wrapped: inside)
            assert plain(wrapped) == value


class TestChooseTheme:
    @pytest.mark.parametrize("desktop", ["GNOME", "ubuntu:GNOME", "KDE", "X-Cinnamon", "XFCE"])
    def test_a_desktop_that_qt_knows_keeps_its_own(self, desktop):
        environ = {"XDG_CURRENT_DESKTOP": desktop}
        choose_theme(environ)
        assert "QT_QPA_PLATFORMTHEME" not in environ

    @pytest.mark.parametrize("desktop", ["sway", "i3", "", "LXQt"])
    def test_another_one_is_given_a_theme_that_takes_wishes(self, desktop):
        environ = {"XDG_CURRENT_DESKTOP": desktop}
        choose_theme(environ)
        assert environ["QT_QPA_PLATFORMTHEME"] == "gnome"

    def test_what_its_owner_chose_stays(self):
        environ = {"QT_QPA_PLATFORMTHEME": "qt6ct"}
        choose_theme(environ)
        assert environ == {"QT_QPA_PLATFORMTHEME": "qt6ct"}
