"""The window in the desktop's colours, light or dark, where Qt draws it: Qt by itself follows few desktops.

What the desktop wants is asked of its portal, and heard again when it changes. Source: XDG Desktop Portal, interface
org.freedesktop.portal.Settings, key color-scheme: 0 no wish, 1 dark, 2 light.
"""

import os
import sys
from collections.abc import MutableMapping
from importlib import import_module
from types import ModuleType
from typing import Any

PORTAL = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings")
KEY = ("org.freedesktop.appearance", "color-scheme")
WAIT_MILLISECONDS = 1000
WAKE_MILLISECONDS = 200
WAKING = "document.getAnimations(); requestAnimationFrame(() => {})"
DARK, LIGHT = 1, 2
#: What is seen before the first page is: the ground of every page, `--page` of ui/components/tokens.css.
LIGHT_GROUND, DARK_GROUND = "#faf8f5", "#141311"
#: Desktops for which Qt has a theme of its own, as XDG_CURRENT_DESKTOP names them. Without one it takes no wishes.
THEMED = frozenset({"GNOME", "KDE", "LXDE", "MATE", "PANTHEON", "UNITY", "X-CINNAMON", "XFCE"})


class Appearance:
    """Which colours the desktop wants, and who in this process follows them."""

    def __init__(self, environ: MutableMapping[str, str] = os.environ) -> None:
        """Make Qt's application in the desktop's colours, before a window is."""
        choose_theme(environ)
        import_module("PySide6.QtWebEngineWidgets")  # it wants to be first
        self._gui, self._core = import_module("PySide6.QtGui"), import_module("PySide6.QtCore")
        widgets = import_module("PySide6.QtWidgets").QApplication
        self._application = widgets.instance() or widgets(sys.argv)
        self._views: list[Any] = []
        bus = import_module("PySide6.QtDBus")
        self._receiver = _receiver(self._core, bus.QDBusMessage, self._hear)
        self._listen(bus)
        self._hints.colorSchemeChanged.connect(self._show)

    @property
    def ground(self) -> str:
        """The colour of a window that shows nothing yet."""
        return DARK_GROUND if self._hints.colorScheme() == self._scheme.Dark else LIGHT_GROUND

    def dress(self, window: Any) -> None:
        """Have one of pywebview's windows follow from now on, what it shows before the first page too."""
        window.webview.page().setBackgroundColor(self._gui.QColor(self.ground))
        window.setPalette(self._gui.QPalette())  # without a colour of its own the menu follows too
        self._views.append(window.webview)

    @property
    def _hints(self) -> Any:
        return self._application.styleHints()

    @property
    def _scheme(self) -> Any:
        return self._core.Qt.ColorScheme

    def _listen(self, bus: ModuleType) -> None:
        session = bus.QDBusConnection.sessionBus()
        if not session.isConnected():
            return
        portal = bus.QDBusInterface(*PORTAL, session)
        portal.setTimeout(WAIT_MILLISECONDS)
        answer = portal.call("Read", *KEY).arguments()
        self._wish(plain(answer[0]) if answer else None)
        session.connect(*PORTAL, "SettingChanged", self._receiver, self._core.SLOT("told(QDBusMessage)"))

    def _hear(self, message: Any) -> None:
        said = message.arguments()
        if tuple(said[:2]) == KEY:
            self._wish(plain(said[2]))

    def _wish(self, wish: object) -> None:
        scheme = {DARK: self._scheme.Dark, LIGHT: self._scheme.Light}
        if isinstance(wish, int):
            self._hints.setColorScheme(scheme.get(wish, self._scheme.Unknown))

    def _show(self, _scheme: object) -> None:
        """Have pages asked again which colours are wanted: they are when any of their settings changes."""
        for view in self._views:
            view.page().setBackgroundColor(self._gui.QColor(self.ground))
            settings = view.page().settings()
            touched = settings.WebAttribute.FocusOnNavigationEnabled
            was = settings.testAttribute(touched)
            settings.setAttribute(touched, not was)
            settings.setAttribute(touched, was)
        self._core.QTimer.singleShot(WAKE_MILLISECONDS, self._wake)

    def _wake(self) -> None:
        """Have pages drawn on: what fades into the other colours stands still otherwise, until something moves."""
        for view in self._views:
            view.page().runJavaScript(WAKING)


def choose_theme(environ: MutableMapping[str, str]) -> None:
    """Have Qt take the wishes of a desktop that it does not know."""
    names = environ.get("XDG_CURRENT_DESKTOP", "").upper().split(":")
    if not THEMED.intersection(names):
        environ.setdefault("QT_QPA_PLATFORMTHEME", "gnome")


def plain(value: Any) -> object:
    """Return what is in a value of D-Bus, however often it is wrapped."""
    while hasattr(value, "variant"):
        value = value.variant()
    found: object = value
    return found


def _receiver(core: ModuleType, message: type, hear: Any) -> Any:
    """Return what Qt can tell a message to; Qt is read only where there is a window, so its class is made here."""

    def told(_receiver: object, said: object) -> None:
        hear(said)

    return type("Receiver", (core.QObject,), {"told": core.Slot(message)(told)})()
