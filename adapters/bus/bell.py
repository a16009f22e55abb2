"""How processes of one machine tell each other that something was committed: a byte over loopback, no more.

Each listens on a port of its own, whose number is the name of a file in a folder that they share. Whoever rings without
cause makes them read the facts table once.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

LOOPBACK = "127.0.0.1"


class Bell:
    """Rings those who share the folder, and is rung by them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket: socket.socket | None = None
        self._file: Path | None = None

    def start(self, rung: Callable[[], None]) -> None:
        """Listen: `rung()` is called in this event loop."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listening.bind((LOOPBACK, 0))
        listening.setblocking(False)

        def heard() -> None:
            with suppress(BlockingIOError, ConnectionError):
                while listening.recv(16):
                    pass
            rung()

        asyncio.get_running_loop().add_reader(listening, heard)
        self._socket = listening
        self._file = self._folder / str(listening.getsockname()[1])
        self._file.touch()

    def ring(self) -> None:
        """Tell the others."""
        if self._socket is None:
            return
        for file in self._folder.iterdir():
            if file != self._file and file.name.isdecimal():
                with suppress(OSError):
                    self._socket.sendto(b"!", (LOOPBACK, int(file.name)))

    def stop(self) -> None:
        """Listen no more."""
        if self._socket is not None and self._file is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._file.unlink(missing_ok=True)
            self._socket.close()
            self._socket = None
