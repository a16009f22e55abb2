"""The desktop: one window on the admin over the server in this process. Its page may call nothing of ours.

Where no window can be shown, the browser is opened, or where there is no screen at all, Agora just serves.
"""

import importlib
import logging
import os
import sys
import threading
import webbrowser
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import ModuleType
from typing import Any

import ui
from app import autostart, successor
from app.appearance import LIGHT_GROUND, Appearance
from app.browser import in_browser
from app.display import has_display, obstacle, toolkit
from app.doorbell import ring
from app.engines import version_of_agora
from app.menu import HOME, Handles, bar
from app.second import SHOWN
from app.serve import AlreadyRunning, Instance, greeting, open_instance, run_server
from app.settings import Settings
from app.shell import Shell, ask
from app.signals import on_termination, take_back
from engine.core.errors import AgoraError
from engine.core.i18n import Message, _, format_message
from engine.core.settings import Site

log = logging.getLogger("agora.desktop")
WIDTH, HEIGHT, LEAST = 1280, 860, (390, 560)
RINGS = 10
ACT_SECONDS = 30
ICON = Path(ui.__file__).parent / "components" / "mark.svg"

Say = Callable[[str], None]


def run(settings: Settings, say: Say, at: str = HOME) -> int:
    """Open the window, or serve where none can be shown; return the exit code. at: the page of the admin.

    Where another Agora runs on the data folder its window comes to the front, or its address is opened.
    """
    try:
        instance = open_instance(settings)
    except AlreadyRunning:
        return show_running(settings, say, at)
    reason = obstacle()
    if reason is None and not instance.serving.is_on_loopback:
        reason = f"There is no window, because Agora listens on {instance.serving.host} alone. Remove AGORA_HOST."
    if reason is None:
        return Window(instance, say, at).run()
    if not reason:
        run_server(instance, say)
        return 0
    say(reason)
    with in_browser(instance, first_page(instance, at)):
        run_server(instance, say)
    return 0


def first_page(instance: Instance, at: str = HOME) -> str:
    """Return the address to open: the claim while nobody owns the site, else the admin, signed in."""
    desk = instance.ports.front_desk
    if not instance.is_claimed:
        return f"{instance.url}/setup?token={desk.claim_token.read()}"
    return f"{instance.url}/desktop/sign-in?token={desk.desktop.issue()}&next={at}"


def show_running(settings: Settings, say: Say, at: str = HOME) -> int:
    """Bring the window that is open on this data folder to the front, or lead to the server that runs on it."""
    for _attempt in range(RINGS):
        answer = ring(settings.data_dir, "" if at == HOME else at)
        if answer is not None:
            break
        threading.Event().wait(0.5)  # it may be starting, or ending
    else:
        raise AlreadyRunning(
            _("Another Agora holds {folder} and does not answer. Close it, or choose another folder with --data."),
            folder=str(settings.data_dir),
        )
    if answer.kind == "window":
        say(SHOWN)
        return 0
    say(f"Agora is running already: {answer.url}{at}")
    if sys.platform != "linux" or has_display(os.environ):
        webbrowser.open(f"{answer.url}{at}")
    return 0


class Window:
    """The window and the server under it: closing the window ends the server, a server that ends closes the window.

    Where the owner wants it, closing only hides the window: the menu ends the server then, and a second start shows it.
    """

    def __init__(self, instance: Instance, say: Say, at: str = HOME) -> None:
        """at: the page to begin with."""
        self._instance = instance
        self._say = say
        self._at = at
        self._is_ending = False
        self._starts_at_login: bool | None = None
        self._window: Any = None
        self._is_maximized = False
        self._has_failed = False
        instance.kind = "window"
        instance.come_to_front = self._come_to_front
        instance.ports.settings.heard.append(self._follow)

    def run(self) -> int:
        """Show the window until it is closed or the process is told to end; return the exit code."""
        webview = _web_view()
        try:
            self._instance.start()
            self._show(webview, Appearance() if toolkit() == "qt" else None)
        finally:
            self._window = None
            self._instance.stop()
        return 1 if self._has_failed else 0

    def _show(self, webview: ModuleType, looks: Appearance | None = None) -> None:
        house = self._instance.ports
        language = house.site.general.language

        def text(message: Message) -> str:
            return format_message(message, language)

        self._window = window = webview.create_window(
            house.site.general.site_name,
            first_page(self._instance, self._at),
            background_color=looks.ground if looks else LIGHT_GROUND,
            width=WIDTH,
            height=HEIGHT,
            min_size=LEAST,
            text_select=True,
            zoomable=True,
        )
        window.events.closing += self._closing
        window.events.maximized += lambda: self._maximized(is_so=True)
        window.events.restored += lambda: self._maximized(is_so=False)
        window.events.before_show += take_back
        if looks:
            window.events.before_show += lambda: looks.dress(window.native)
        window.events.shown += lambda: threading.Thread(target=self._close_after_server, daemon=True).start()
        handles = Handles(
            go=self._go,
            act=self._act,
            run=window.run_js,
            browse=lambda: webbrowser.open(self._instance.url),
            quit=self._quit,
        )
        for line in greeting(self._instance, is_window=True):
            self._say(line)
        sys.stdout.flush()
        self._instance.server.keeper.say = self._say
        with on_termination(self._end):
            webview.start(
                gui=toolkit(),
                menu=bar(webview.menu, handles, text),
                icon=str(ICON),
                private_mode=False,
                storage_path=str(self._instance.settings.data_dir / "window"),
            )

    def _go(self, at: str = HOME) -> None:
        """Show a page of the admin, signed in, or the claim."""
        if (window := self._window) is not None:
            window.load_url(first_page(self._instance, at))

    def _act(self, act: Callable[[Shell], Coroutine[Any, Any, str]]) -> None:
        """Do something that the menu was told, and show what became of it."""
        loop, at = self._instance.server.loop, HOME
        if self._instance.is_claimed and loop is not None:
            try:
                at = ask(loop, act(Shell(self._instance.ports))).result(ACT_SECONDS)
            except (AgoraError, TimeoutError) as error:
                log.error("the window’s menu could not do it: %s", error)  # noqa: TRY400 - a sentence says it
        self._go(at)

    def _quit(self) -> None:
        """End, whatever closing the window does."""
        self._is_ending = True
        if (window := self._window) is not None:
            window.destroy()

    def _closing(self) -> bool | None:
        """Hide the window instead of closing it, where the owner wants it so."""
        if self._is_ending or not self._instance.ports.site.program.keeps_serving:
            return None
        if (window := self._window) is not None:
            window.hide()
        return False

    def _follow(self, site: Site) -> None:
        """Do as the settings say: bear the site's name, and start with the login or not any more."""
        if (window := self._window) is not None and window.title != site.general.site_name:
            # It waits for the page, which this thread may be drawing.
            threading.Thread(target=window.set_title, args=[site.general.site_name], daemon=True).start()
        wanted = site.program.starts_at_login
        if wanted == self._starts_at_login:
            return
        self._starts_at_login = wanted
        try:
            autostart.set_up(self._instance.settings.data_dir, is_on=wanted)
        except OSError as error:
            log.warning("starting with the login could not be changed: %s", error)

    def _come_to_front(self, at: str = "") -> None:
        if (window := self._window) is not None:
            if at:
                self._go(at)
            was_maximized = self._is_maximized
            window.show()
            window.restore()
            if was_maximized:
                window.maximize()

    def _end(self) -> None:
        """End because the process was told to: the server first, so that it leaves nothing behind.

        A toolkit whose page still loads may take the whole process down when its window goes.
        """
        self._is_ending = True
        window, self._window = self._window, None
        self._instance.stop()
        if window is not None:
            window.destroy()

    def _maximized(self, *, is_so: bool) -> None:
        self._is_maximized = is_so

    def _close_after_server(self) -> None:
        """Follow a server that starts again, as after a backup was put back; close the window after one that ended."""
        self._instance.wait()
        while self._instance.is_restarting and self._window is not None:
            successor.follow(version_of_agora())
            self._instance = self._instance.again()
            self._instance.ports.settings.heard.append(self._follow)
            self._instance.start()
            self._go()
            self._instance.wait()
        if (window := self._window) is not None:
            self._has_failed = self._is_ending = True
            log.error("the server ended by itself; closing the window")
            window.destroy()


def _web_view() -> ModuleType:
    """Return pywebview, set up for a page that is our own."""
    if sys.platform == "linux":
        flags = [os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", ""), "--log-level=3"]
        if os.geteuid() == 0:
            # Chromium does not start as root with its sandbox, and this window shows no pages but ours.
            flags.append("--no-sandbox")
        os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = " ".join(flags).strip()
        os.environ.setdefault("QT_LOGGING_RULES", "js=false;qt.vulkan=false;qt.webenginecontext=false")
    webview = importlib.import_module("webview")
    webview.settings["ALLOW_DOWNLOADS"] = True
    webview.settings["ALLOW_FILE_URLS"] = False
    logging.getLogger("pywebview").propagate = False  # it writes to standard error by itself
    return webview
