"""A real Agora in a process of its own: started, asked, killed and started again."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.warm import AGORA, Forked, cold, started

ROOT = Path(__file__).parents[1]
PATIENCE = 120.0
PASSWORD = "a long enough passphrase"


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int, path: str) -> bool:
    """Return whether a server here answers well. Made for asking often: httpx would read all certificates each time."""
    asking = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asking.request("GET", path)
        return asking.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        asking.close()


def _is_share(pid: str) -> bool:
    try:
        return b"serve-share" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


class Server:
    """`agora serve` on a data folder. `with Server(folder) as server: server.claim()`."""

    #: What is started, such as a built program in the place of the source.
    program: Sequence[str] = AGORA
    #: Whether it is forked from a process that has read the program, as under pytest; anew: as everywhere else.
    is_warm = False
    #: How many seconds it may take to be ready.
    patience = PATIENCE

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.environment = {"AGORA_RATE_LIMITS": "off", **(environment or {})}
        self.process: subprocess.Popen[bytes] | Forked | None = None
        self.log = folder.parent / f"{folder.name}.log"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process, while it runs."""
        assert self.process is not None
        return self.process.pid

    @property
    def children(self) -> set[int]:
        """The processes that serve, where there are several."""
        found = set()
        for listed in Path(f"/proc/{self.pid}/task").glob("*/children"):
            with suppress(OSError):  # a thread or a process that has just ended
                found |= {int(pid) for pid in listed.read_text().split() if _is_share(pid)}
        return found

    @property
    def claim_token(self) -> str:
        """The token as the program printed it."""
        found = re.search(r"Claim token: (\S+)", self.log.read_text())
        assert found, self.log.read_text()
        return found[1]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        words = ["serve", "--host", "127.0.0.1", "--port", str(self.port), "--data", str(self.folder)]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", **self.environment}
        with self.log.open("ab") as log:
            self.process = (
                started(words, environment, log) if self.is_warm else cold(words, environment, log, self.program)
            )
        until = time.monotonic() + self.patience
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log.read_text()
            if answers(self.port, "/health/ready"):
                return
            time.sleep(0.05)
        self.kill()  # nobody else would
        raise AssertionError(f"not ready after {self.patience} s: {self.log.read_text()}")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End it as its owner would; return its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        process = self.process
        if process is None:
            return 0
        process.send_signal(how)
        try:
            code = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait(PATIENCE)
        self.process = None
        return code

    def claim(self, **general: str) -> None:
        """Claim it for owner@example.org, over the wire."""
        organization = {
            "name": "Kiln & Co",
            "language": "en",
            "timezone": "Europe/London",
            "currency": "GBP",
            **general,
        }
        owner = {"name": "Olive Owner", "email": "owner@example.org", "password": PASSWORD}
        sent = {"token": self.claim_token, "organization": organization, "owner": owner}
        answer = httpx.post(f"{self.url}/api/v1/setup", json=sent, timeout=30)
        assert answer.status_code == 201, answer.text

    @contextmanager
    def client(self, email: str | None = None, password: str = PASSWORD) -> Iterator[httpx.Client]:
        """A client of the API, signed in where an e-mail is given."""
        with httpx.Client(base_url=f"{self.url}/api/v1", timeout=30) as client:
            if email:
                answer = client.post("/auth/login", json={"email": email, "password": password})
                assert answer.status_code == 200, answer.text
                client.headers["authorization"] = f"Bearer {answer.json()['accessToken']}"
            yield client
