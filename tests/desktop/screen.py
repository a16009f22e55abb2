"""A virtual screen (Xvfb) and what a person does on it: look, close a window, put another in front."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Self, TypeVar

from PIL import Image
from Xlib import X, display
from Xlib.error import BadWindow
from Xlib.protocol import event

PATIENCE = 90.0
T = TypeVar("T")


def until(ask: Callable[[], T], what: str) -> T:
    """Return the first true answer; a window, a server or a page needs its time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := ask():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen in {PATIENCE:.0f} s")


class Screen:
    """An Xvfb of one's own, on the first number that is free."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        program = shutil.which("Xvfb")
        assert program
        command = [program, "-displayfd", str(writing), "-screen", "0", "1440x960x24", "-nolisten", "tcp"]
        self._process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as told:
            self.name = f":{told.readline().strip()}"
        self._display = display.Display(self.name)
        self._root = self._display.screen().root

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._display.close()
        self._process.terminate()
        self._process.wait(10)

    def window(self, title: str) -> Any:
        """Return the window with this title, once it is shown."""
        return until(lambda: next((w for w, name in self._shown() if name == title), None), f"the window “{title}”")

    def titles(self) -> list[str]:
        """Return the titles of what is shown, the lowest first."""
        return [name for _window, name in self._shown()]

    def _shown(self) -> Iterator[tuple[Any, str]]:
        for window in self._root.query_tree().children:
            with suppress(BadWindow):  # it was closed while we looked
                name = window.get_wm_name()
                if name and window.get_attributes().map_state == X.IsViewable:
                    yield window, str(name)

    def close(self, window: Any) -> None:
        """Do what the cross in a window's corner does."""
        protocols, delete = self._display.intern_atom("WM_PROTOCOLS"), self._display.intern_atom("WM_DELETE_WINDOW")
        data = (32, [delete, X.CurrentTime, 0, 0, 0])
        window.send_event(event.ClientMessage(window=window, client_type=protocols, data=data))
        self._display.sync()

    def cover(self) -> None:
        """Put another program's window over everything."""
        over = self._root.create_window(0, 0, 1440, 960, 0, X.CopyFromParent)
        over.set_wm_name("another program")
        over.map()
        self._display.sync()

    def picture(self) -> Image.Image:
        """Return what is on the screen."""
        size = self._root.get_geometry()
        found = self._root.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xFFFFFFFF)
        return Image.frombytes("RGB", (size.width, size.height), found.data, "raw", "BGRX")
