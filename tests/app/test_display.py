"""Whether a window can be shown: each thing that may be missing is named, with what to install."""

import sys

import pytest

from app import display

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what may be missing is Linux's")
HERE = {"DISPLAY": ":0"}


@pytest.fixture(autouse=True)
def _has_display(monkeypatch):
    monkeypatch.setattr(display, "has_display", lambda environ: "DISPLAY" in environ)
    monkeypatch.setattr(display, "toolkit", lambda: "qt")


@pytest.fixture
def lacking(monkeypatch):
    """`lacking(*names)`: modules that are not installed."""

    def lack(*names):
        found = display.importlib.util.find_spec
        monkeypatch.setattr(
            display.importlib.util, "find_spec", lambda name, *more: None if name in names else found(name, *more)
        )

    return lack


class TestObstacle:
    def test_without_a_display_nobody_expects_a_window(self):
        assert display.obstacle({}) == ""

    def test_the_library_that_is_missing_is_named(self, lacking):
        lacking("webview")
        assert "pip install 'agora[desktop]'" in display.obstacle(HERE)

    def test_a_build_without_a_window_opens_the_browser(self, lacking, monkeypatch):
        lacking("webview")
        monkeypatch.setattr(sys, "frozen", True, raising=False)
        assert "opens in your browser" in display.obstacle(HERE)

    def test_a_system_library_that_is_missing_is_named_with_its_package(self, monkeypatch):
        monkeypatch.setattr(display, "_is_installed", lambda _name: True)
        monkeypatch.setattr(display.importlib.util, "find_spec", lambda _name: True)
        monkeypatch.setattr(display, "_missing_library", lambda _environ: "libxcb-cursor.so.0")
        assert "apt install libxcb-cursor0" in display.obstacle(HERE)

    @pytest.mark.parametrize(
        ("library", "package"),
        [("libnss3.so", "libnss3"), ("libEGL.so.1", "libegl1"), ("libasound.so.2", "libasound2"),
         ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"), ("libX11.so.6", "libx11-6")],
    )  # fmt: skip
    def test_packages_are_named_as_debian_names_them(self, library, package):
        assert display.debian_package(library) == package
