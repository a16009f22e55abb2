"""Starting with the login of whoever uses this machine: one file, or one value of Windows' registry.

Sources: freedesktop.org, "Desktop Application Autostart Specification"; Microsoft, "Run and RunOnce Registry Keys";
Apple, "Creating Launch Daemons and Agents".
"""

import importlib
import os
import plistlib
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

NAME = "Agora"
LABEL = "org.agora.Agora"
RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
DESKTOP_ENTRY = """[Desktop Entry]
Type=Application
Name={name}
Comment=Website, shop, events and courses in one program
Exec={command}
Icon=agora
Terminal=false
X-GNOME-Autostart-enabled=true
"""
#: What has a meaning of its own inside a quoted argument. Source: Desktop Entry Specification, "The Exec key".
ESCAPED = {"\\": "\\\\\\\\", '"': '\\\\"', "`": "\\\\`", "$": "\\\\$", "%": "%%"}


def own_command(folder: Path) -> list[str]:
    """Return the command that starts this program on a data folder."""
    start = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "app"]
    return [*start, "--data", str(folder)]


def desktop_entry(command: Sequence[str]) -> str:
    """Return the text of the file for Linux."""
    quoted = ['"' + "".join(ESCAPED.get(one, one) for one in part) + '"' for part in command]
    return DESKTOP_ENTRY.format(name=NAME, command=" ".join(quoted))


def launch_agent(command: Sequence[str]) -> bytes:
    """Return the file for macOS."""
    said = {"Label": LABEL, "ProgramArguments": list(command), "RunAtLoad": True, "ProcessType": "Interactive"}
    return plistlib.dumps(said)


def run_value(command: Sequence[str]) -> str:
    """Return the value for Windows' registry."""
    return subprocess.list2cmdline(command)


def place(platform: str = sys.platform, environ: "os._Environ[str] | dict[str, str]" = os.environ) -> Path:
    """Return where the file lies, on Linux and macOS."""
    if platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"
    return Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "autostart" / "agora.desktop"


def set_up(folder: Path, *, is_on: bool) -> None:
    """Start with the login from now on, or not any more. Raises OSError where it cannot be written."""
    command = own_command(folder)
    if sys.platform == "win32":
        _set_up_windows(command, is_on=is_on)
        return
    file = place()
    said = launch_agent(command) if sys.platform == "darwin" else desktop_entry(command).encode()
    if is_on:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(said)
    elif file.is_file() and file.read_bytes() == said:  # another data folder's stays
        file.unlink()


def _set_up_windows(command: Sequence[str], *, is_on: bool) -> None:
    registry = importlib.import_module("winreg")
    with registry.CreateKey(registry.HKEY_CURRENT_USER, RUN_KEY) as key:
        if is_on:
            registry.SetValueEx(key, NAME, 0, registry.REG_SZ, run_value(command))
            return
        with suppress(FileNotFoundError):
            if registry.QueryValueEx(key, NAME)[0] == run_value(command):
                registry.DeleteValue(key, NAME)
