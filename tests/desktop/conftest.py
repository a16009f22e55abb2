"""A virtual screen, and a web view to show on it."""

import importlib.util
import shutil
from collections.abc import Iterator

import pytest

from app.display import obstacle
from tests.desktop.screen import Screen


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    """One virtual screen for all tests here."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed (Debian: xvfb)")
    if importlib.util.find_spec("webview") is None:
        pytest.skip("the window's toolkit is not installed: pip install 'agora[desktop]'")
    with Screen() as made:
        if reason := obstacle({"DISPLAY": made.name}):
            pytest.skip(reason)
        yield made
