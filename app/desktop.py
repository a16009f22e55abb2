"""The desktop: one window on the admin over the server in this process. Its page may call nothing of ours."""

import importlib
import logging
import os
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import ui
from app.display import has_display, obstacle, toolkit
from app.doorbell import ring
from app.serve import AlreadyRunning, Instance, greeting, open_instance, run_server
from app.settings import Settings
from app.signals import on_termination, take_back
from engine.core.i18n import Message, _, format_message

log = logging.getLogger("agora.desktop")
WIDTH, HEIGHT, LEAST = 1280, 860, (390, 560)
RINGS = 10
ICON = Path(ui.__file__).parent / "components" / "mark.svg"

Say = Callable[[str], None]


def run(settings: Settings, say: Say) -> int:
    """Open the window, or serve where none can be shown; return the exit code.

    Where another Agora runs on the data folder its window comes to the front, or its address is opened.
    """
    try:
        instance = open_instance(settings)
    except AlreadyRunning:
        return show_running(settings, say)
    reason = obstacle()
    if reason is None and not instance.serving.is_on_loopback:
        reason = f"There is no window, because Agora listens on {instance.serving.host} alone. Remove AGORA_HOST."
    if reason is None:
        return Window(instance, say).run()
    if reason:
        say(reason)
    run_server(instance, say)
    return 0


def show_running(settings: Settings, say: Say) -> int:
    """Bring the window that is open on this data folder to the front, or lead to the server that runs on it."""
    for _attempt in range(RINGS):
        answer = ring(settings.data_dir)
        if answer is not None:
            break
        threading.Event().wait(0.5)  # it may be starting, or ending
    else:
        raise AlreadyRunning(
            _("Another Agora holds {folder} and does not answer. Close it, or choose another folder with --data."),
            folder=str(settings.data_dir),
        )
    if answer.kind == "window":
        say("Agora is open already: its window is in front now.")
        return 0
    say(f"Agora is running already: {answer.url}/admin")
    if sys.platform != "linux" or has_display(os.environ):
        webbrowser.open(f"{answer.url}/admin")
    return 0


class Window:
    """The window and the server under it: closing the window ends the server, a server that ends closes the window."""

    def __init__(self, instance: Instance, say: Say) -> None:
        self._instance = instance
        self._say = say
        self._window: Any = None
        self._is_maximized = False
        self._has_failed = False
        instance.kind = "window"
        instance.come_to_front = self._come_to_front

    def run(self) -> int:
        """Show the window until it is closed or the process is told to end; return the exit code."""
        webview = _web_view()
        try:
            self._instance.start()
            self._show(webview)
        finally:
            self._window = None
            self._instance.stop()
        return 1 if self._has_failed else 0

    def _show(self, webview: ModuleType) -> None:
        house = self._instance.ports
        language = house.site.general.language

        def text(message: Message) -> str:
            return format_message(message, language)

        self._window = window = webview.create_window(
            house.site.general.site_name,
            self._first_page(),
            width=WIDTH,
            height=HEIGHT,
            min_size=LEAST,
            text_select=True,
            zoomable=True,
        )
        window.events.maximized += lambda: self._maximized(is_so=True)
        window.events.restored += lambda: self._maximized(is_so=False)
        window.events.before_show += take_back
        window.events.shown += lambda: threading.Thread(target=self._close_after_server, daemon=True).start()
        action = webview.menu.MenuAction
        ways = [
            action(text(_("Back")), lambda: window.run_js(_soon("history.back()"))),
            action(text(_("Forward")), lambda: window.run_js(_soon("history.forward()"))),
            action(text(_("Reload")), lambda: window.run_js(_soon("location.reload()"))),
            webview.menu.MenuSeparator(),
            action(text(_("Dashboard")), lambda: window.load_url(f"{self._instance.url}/admin")),
            action(text(_("Open the shop in the browser")), lambda: webbrowser.open(self._instance.url)),
        ]
        for line in greeting(self._instance, is_window=True):
            self._say(line)
        sys.stdout.flush()
        with on_termination(self._end):
            webview.start(
                gui=toolkit(),
                menu=[webview.menu.Menu(text(_("Go")), ways)],
                icon=str(ICON),
                private_mode=False,
                storage_path=str(self._instance.settings.data_dir / "window"),
            )

    def _first_page(self) -> str:
        """Return the address to open: the claim while nobody owns the site, else the admin, signed in."""
        desk = self._instance.ports.front_desk
        if not self._instance.is_claimed:
            return f"{self._instance.url}/setup?token={desk.claim_token.read()}"
        return f"{self._instance.url}/desktop/sign-in?token={desk.desktop.issue()}"

    def _come_to_front(self) -> None:
        if (window := self._window) is not None:
            was_maximized = self._is_maximized
            window.show()
            window.restore()
            if was_maximized:
                window.maximize()

    def _end(self) -> None:
        """End because the process was told to: the server first, so that it leaves nothing behind.

        A toolkit whose page still loads may take the whole process down when its window goes.
        """
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
            self._instance = self._instance.again()
            self._instance.start()
            self._window.load_url(self._first_page())
            self._instance.wait()
        if (window := self._window) is not None:
            self._has_failed = True
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


def _soon(script: str) -> str:
    """Return a script that acts after it has answered: a page that leaves at once would never answer."""
    return f"setTimeout(() => {script}, 0), 0"
