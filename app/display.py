"""Whether a window can be shown here, and if not, what to install: asked before Qt, which ends the process instead."""

import ctypes
import importlib
import importlib.util
import os
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from app.successor import is_built

X_SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - where X servers listen
X_PORT = 6000
TOOLKIT = "pip install 'agora[desktop]'"
DEBIAN = "apt install"
GTK = "python3-gi gir1.2-webkit2-4.1"


def obstacle(environ: Mapping[str, str] | None = None) -> str | None:
    """Return why no window can be shown, as a sentence with the remedy; empty without a display, None if one can.

    Where there is no display nobody expects a window, so there is nothing to say.
    """
    environ = os.environ if environ is None else environ
    if sys.platform == "linux" and not has_display(environ):
        return ""
    if importlib.util.find_spec("webview") is None:
        if is_built():
            return "This build of Agora has no window of its own, so it opens in your browser."
        return f"There is no window, because the library pywebview is missing. Install it: {TOOLKIT}"
    return _linux_obstacle(environ) if sys.platform == "linux" else None


def has_display(environ: Mapping[str, str]) -> bool:
    """Return whether the X or Wayland server that the environment names answers."""
    if wayland := environ.get("WAYLAND_DISPLAY"):
        path = Path(environ.get("XDG_RUNTIME_DIR", "/")) / wayland
        if _answers(socket.AF_UNIX, str(path)):
            return True
    host, _colon, number = environ.get("DISPLAY", "").rpartition(":")
    screen = number.split(".")[0]
    if not screen.isdecimal():
        return False
    if host in {"", "unix"}:
        path = X_SOCKETS / f"X{screen}"
        return _answers(socket.AF_UNIX, str(path)) or _answers(socket.AF_UNIX, f"\0{path}")
    return _answers(socket.AF_INET, (host, X_PORT + int(screen)))


def _answers(family: int, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        with suppress(OSError, ValueError):
            probe.connect(address)
            return True
    return False


def toolkit() -> str | None:
    """Return the web view to ask for; None where the system has but one."""
    if sys.platform != "linux":
        return None
    return "gtk" if _has_gtk() else "qt"


def _linux_obstacle(environ: Mapping[str, str]) -> str | None:
    """Return what keeps both web views of Linux, GTK's and Qt's, from being used."""
    if toolkit() == "gtk":
        return None
    if not all(_is_installed(name) for name in ("qtpy", "PySide6", "PySide6.QtWebEngineWidgets")):
        return f"There is no window, because no web view is installed. Install one: {TOOLKIT} (or {DEBIAN} {GTK})"
    missing = _missing_library(environ)
    if missing:
        package = debian_package(missing)
        return f"There is no window, because {missing} is missing. Install it: {DEBIAN} {package}"
    return None


def _is_installed(name: str) -> bool:
    with suppress(ModuleNotFoundError):
        return importlib.util.find_spec(name) is not None
    return False


def _has_gtk() -> bool:
    """Return whether GTK's web view is there: pywebview prefers it."""
    if is_built() or importlib.util.find_spec("gi") is None:
        return False
    gi = importlib.import_module("gi")
    for version in ("4.1", "4.0"):
        with suppress(ValueError, AttributeError):
            gi.require_version("Gtk", "3.0")
            gi.require_version("WebKit2", version)
            return True
    return False


def _missing_library(environ: Mapping[str, str]) -> str | None:
    """Return the system library without which Qt would not load, or would end the process."""
    try:
        found = importlib.import_module("PySide6.QtWebEngineWidgets")
        if environ.get("DISPLAY") and not environ.get("QT_QPA_PLATFORM"):
            plugin = Path(str(found.__file__)).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
            if plugin.exists():
                ctypes.CDLL(str(plugin))
    except (ImportError, OSError) as error:
        return str(error).split(":", maxsplit=1)[0]
    return None


def debian_package(library: str) -> str:
    """Return the Debian package of a library by the rule for their names: libxcb-cursor.so.0 is in libxcb-cursor0.

    Source: Debian Policy Manual, section 8.1, with a hyphen where the name ends in a digit.
    """
    name, _so, version = library.lower().partition(".so")
    version = version.strip(".").split(".")[0]
    return f"{name}-{version}" if version and name[-1].isdigit() else name + version
