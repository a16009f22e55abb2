"""An installation that people use while it is struck: one server, or several processes, with a clock that can jump."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.harness.place import Place
from tests.postgres import PostgresServer
from tests.programs import Program
from tests.server import ROOT, Server

CLOCK = Path(__file__).parent / "clock"
PATIENCE = 400.0  # a machine that does much else starts a process in a minute
#: How many seconds a process may outlive the server that it belongs to.
OUTLIVES = 30.0


class Installation(Server):
    """`agora serve` on a place, under a clock of its own. postgres, redis: what it stands on, where they are ours."""

    patience = PATIENCE
    is_warm = False  # a process reads the clock that can jump where it begins

    def __init__(
        self,
        place: Place,
        environment: Mapping[str, str],
        *,
        workers: int = 1,
        postgres: PostgresServer | None = None,
        redis: Program | None = None,
    ) -> None:
        self.place = place
        self.workers = workers
        self.postgres = postgres
        self.redis = redis
        self.clock = place.folder.parent / "clock"
        self.clock.write_text("0")
        path = os.pathsep.join([str(CLOCK), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        own = {"PYTHONPATH": path, "HARNESS_CLOCK": str(self.clock), "AGORA_WORKERS": str(workers)}
        super().__init__(place.folder / "data", {**environment, **own})
        self.left: list[str] = []
        self.log = place.folder.parent / "server.log"  # not on the disk that is filled

    @property
    def database_url(self) -> str:
        """Where the data is, for whoever audits it."""
        return self.environment.get("DATABASE_URL") or f"sqlite:///{self.folder / 'agora.sqlite3'}"

    @property
    def offset(self) -> timedelta:
        """By how much the server's clock is wrong."""
        return timedelta(seconds=float(self.clock.read_text() or 0))

    def now(self) -> datetime:
        """Return the time as the server has it."""
        return datetime.now(UTC) + self.offset

    def jump(self, by: timedelta) -> None:
        """Move the server's clock."""
        beside = self.clock.with_suffix(".new")
        beside.write_text(str((self.offset + by).total_seconds()))
        beside.replace(self.clock)

    @property
    def living(self) -> dict[int, str]:
        """Every process of it that runs, whoever its parent is by now, with its command: all of them know its clock."""
        mark, found = f"HARNESS_CLOCK={self.clock}\0".encode(), {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # a process that has just ended, or is somebody else's
                if mark in (folder / "environ").read_bytes():
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:200]
        return found

    def _end(self, how: signal.Signals) -> int:
        """End it, and see that nobody of it is left; who is, is noted and ended."""
        code = super()._end(how)
        until = time.monotonic() + OUTLIVES
        while (living := self.living) and time.monotonic() < until:
            time.sleep(0.05)
        for pid, command in living.items():
            self.left.append(f"left behind after {how.name}: {command}")
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return code

    @property
    def traces(self) -> Counter[str]:
        """What was raised that nobody expected, by its last two lines in the log."""
        found: Counter[str] = Counter()
        for trace in self.log.read_text(errors="replace").split("Traceback (most recent call last):")[1:]:
            lines = trace.splitlines()
            last = next((at for at, line in enumerate(lines[1:], 1) if line[:1].strip()), len(lines) - 1)
            place = next((line.strip() for line in reversed(lines[:last]) if line.startswith("  File ")), "")
            found[f"{lines[last][:200]} ({place})"] += 1
        return found

    def limit_files(self, size: int) -> None:
        """Let none of its processes write beyond so many bytes of a file; -1: as far as they like."""
        for pid in {self.pid, *(self.children if self.workers > 1 else ())}:
            hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))

    def run_command(self, *words: str, data: Path | None = None) -> "subprocess.CompletedProcess[str]":
        """Run an `agora` command on its data, or on other data."""
        command = [sys.executable, "-m", "app", *words, "--data", str(data or self.folder)]
        around = {**os.environ, **self.environment}
        return subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True, check=False, timeout=400)
