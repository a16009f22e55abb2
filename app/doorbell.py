"""How a second start on a data folder finds the first: over loopback, by a secret that only its owner can read."""

import hmac
import json
import os
import re
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

FILE = "instance.json"
LOOPBACK = "127.0.0.1"
PATIENCE_SECONDS = 5.0
LONGEST = 4096
#: What a window may be asked to show.
PAGE = re.compile(r"/admin(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the running instance is: a window, which came to the front, or a server at an address."""

    kind: Literal["window", "server"]
    url: str


class Doorbell:
    """Listens in a thread of its own while this instance runs; answers who knows the secret."""

    def __init__(self, folder: Path, answer: Callable[[str], Answer], peep: Callable[[], Answer]) -> None:
        """answer: called for each ring with the page that is asked for; it may bring a window to the front.

        peep: says who is there, and no more.
        """
        self._path = folder / FILE
        self._answer, self._peep = answer, peep
        self._secret = secrets.token_urlsafe(32)
        self._socket = socket.create_server((LOOPBACK, 0))
        self._is_over = False
        self._thread = threading.Thread(target=self._listen, name="agora-doorbell", daemon=True)

    def start(self) -> None:
        """Listen, and write down where."""
        self._thread.start()
        scratch = self._path.with_suffix(f".{os.getpid()}.new")
        scratch.unlink(missing_ok=True)
        scratch.touch(mode=0o600)
        scratch.write_text(json.dumps({"port": self._port, "secret": self._secret}))
        scratch.replace(self._path)

    def stop(self) -> None:
        """Stop listening."""
        self._is_over = True
        self._path.unlink(missing_ok=True)
        with suppress(OSError), socket.create_connection((LOOPBACK, self._port), timeout=1):
            pass  # wakes the thread
        self._thread.join(timeout=PATIENCE_SECONDS)
        self._socket.close()

    @property
    def _port(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    def _listen(self) -> None:
        while not self._is_over:
            with suppress(OSError):
                caller, _address = self._socket.accept()
                with caller:
                    caller.settimeout(PATIENCE_SECONDS)
                    self._attend(caller)

    def _attend(self, caller: socket.socket) -> None:
        secret, _space, said = _line(caller).decode(errors="replace").partition(" ")
        name, _space, at = said.partition(" ")
        if name in ("ring", "peep") and hmac.compare_digest(secret.encode(), self._secret.encode()):
            answer = self._answer(at if PAGE.fullmatch(at) else "") if name == "ring" else self._peep()
            caller.sendall(json.dumps(asdict(answer)).encode() + b"\n")


def ring(folder: Path, at: str = "") -> Answer | None:
    """Return what the instance that runs on this folder answers, its window in front; None where none does.

    at: the page of the admin that the window is to show; empty for what it shows now.
    """
    return _ask(folder, f"ring {at}".strip())


def peep(folder: Path) -> Answer | None:
    """Return who runs on this folder, and leave it alone."""
    return _ask(folder, "peep")


def _ask(folder: Path, act: str) -> Answer | None:
    try:
        kept = json.loads((folder / FILE).read_text())
        with socket.create_connection((LOOPBACK, kept["port"]), timeout=PATIENCE_SECONDS) as caller:
            caller.settimeout(2 * PATIENCE_SECONDS)
            caller.sendall(f"{kept['secret']} {act}\n".encode())
            return Answer(**json.loads(_line(caller)))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _line(caller: socket.socket) -> bytes:
    """Return what the other side says, up to the end of its line."""
    said = b""
    while not said.endswith(b"\n") and len(said) < LONGEST:
        part = caller.recv(LONGEST)
        if not part:
            break
        said += part
    return said.rstrip(b"\n")
