"""`agora` without a command, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from app.doorbell import FILE, peep
from tests.desktop.screen import until
from tests.server import ROOT, answers, free_port

AGORA = ("-m", "app")


class Program:
    """A start of `agora` on a data folder. display: "" where there is none."""

    def __init__(self, folder: Path, display: str = "", command: Sequence[str] = AGORA) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder.parent / f"{folder.name}-{self.port}.log"
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "AGORA_PORT": str(self.port), "DISPLAY": display}
        environment["BROWSER"] = "echo %s"  # the address that it would show is said instead
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command, "--data", str(folder)], cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(30)

    @property
    def said(self) -> str:
        """What it wrote so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_serving(self) -> bool:
        """Return whether its server answers."""
        assert self.process.poll() is None, self.said
        return answers(self.port, "/health")

    def ready(self) -> Self:
        """Wait until it answers and can be found."""
        until(lambda: self.is_serving() and peep(self.folder), "a server")
        return self

    def end(self) -> int:
        """Return its exit code, once it has ended and nothing of it is left."""
        code = self.process.wait(60)
        assert not (self.folder / FILE).exists(), f"it ended with {code} and left itself behind: {self.said}"
        return code
