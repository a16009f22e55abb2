"""The window over a toolkit that is not there: what holds whatever the toolkit does."""

import os
import signal
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Self

from app.desktop import Window
from app.doorbell import FILE
from app.serve import open_instance
from app.settings import load_settings
from engine.core.programsettings import ProgramSettings
from engine.core.settings import Site
from tests.server import free_port


class Event:
    """An event of the toolkit, and who hears of it."""

    def __init__(self) -> None:
        self.heard_by: list[Callable[..., object]] = []

    def __iadd__(self, hear: Callable[..., object]) -> Self:
        self.heard_by.append(hear)
        return self


class SlowToolkit:
    """Still loads its page when the process is told to end, and dies with its window.

    Like Qt's it takes SIGINT for itself, and would leave its loop with the page still there.
    """

    def __init__(self, folder) -> None:
        self.folder = folder
        self.left_behind: bool | None = None
        self.menu = SimpleNamespace(MenuAction=_nothing, MenuSeparator=_nothing, Menu=_nothing)
        names = ("closing", "maximized", "restored", "shown", "before_show")
        self.events = SimpleNamespace(**{name: Event() for name in names})
        self.run_js = _nothing
        self.title = ""
        self.quits_at_once = False
        self._is_gone = threading.Event()

    def create_window(self, *_said, **_more):
        return self

    def start(self, **_said) -> None:
        signal.signal(signal.SIGINT, self._quit)
        for hear in self.events.before_show.heard_by:
            hear()
        os.kill(os.getpid(), signal.SIGINT)
        assert self._is_gone.wait(60)

    def _quit(self, *_signal: object) -> None:
        self.quits_at_once = True

    def destroy(self) -> None:
        self.left_behind = (self.folder / FILE).exists()
        self._is_gone.set()


def _nothing(*_said):
    return None


class TestWindow:
    def test_told_to_end_while_its_page_loads_it_leaves_nothing_behind(self, tmp_path):
        instance = open_instance(load_settings(data_dir=tmp_path, host="127.0.0.1", port=free_port()))
        toolkit = SlowToolkit(tmp_path)
        instance.start()
        try:
            assert (tmp_path / FILE).exists()
            Window(instance, lambda _line: None)._show(toolkit)
        finally:
            instance.stop()
        assert toolkit.left_behind is False
        assert not toolkit.quits_at_once
        assert not (tmp_path / FILE).exists()


class TestClosing:
    def made(self, *, keeps_serving):
        """Return a window over a house that is set so, and what is done to it."""
        done = []
        site = Site(program=ProgramSettings(keeps_serving=keeps_serving))
        ports = SimpleNamespace(site=site, settings=SimpleNamespace(heard=[]))
        window = Window(SimpleNamespace(ports=ports), lambda _line: None)
        window._window = SimpleNamespace(hide=lambda: done.append("hidden"), destroy=lambda: done.append("gone"))
        return window, done

    def test_it_ends_the_server_unless_its_owner_wants_it_to_go_on(self):
        window, done = self.made(keeps_serving=False)
        assert window._closing() is None
        assert done == []

    def test_it_only_hides_where_the_shop_goes_on_and_the_menu_ends_it(self):
        window, done = self.made(keeps_serving=True)
        assert window._closing() is False
        assert done == ["hidden"]
        window._quit()
        assert window._closing() is None
        assert done == ["hidden", "gone"]
