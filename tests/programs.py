"""Other people's servers, run by the tests on free ports of this machine."""

import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

START_SECONDS = 20.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def found(program: str, package: str) -> str:
    """Return where a program is; skip the test, by name, where it is not."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed ({package})")
    return path


class Program:
    """A server that a test can stop and start again on its port."""

    def __init__(self, command: Sequence[str], port: int, folder: Path) -> None:
        self.command = command
        self.port = port
        self.folder = folder
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        with (self.folder / "log").open("ab") as log:
            self._running = subprocess.Popen(self.command, stdout=log, stderr=log, cwd=self.folder)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._running.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError(f"{self.command[0]} did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def stop(self) -> None:
        """Kill it, as a power cut would."""
        if self._running is not None:
            self._running.kill()
            self._running.wait()
            self._running = None
