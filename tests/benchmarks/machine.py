"""What this machine can do at all: bare uvicorn answering 20 kB, and the disk's own fsync."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from tests.server import free_port

ANSWER = b"x" * 20_000
BARE = """
import sys, uvicorn
BODY = b"x" * 20_000
HEADERS = [(b"content-type", b"text/html"), (b"content-length", b"20000")]

async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})

uvicorn.run(app, port=int(sys.argv[1]), lifespan="off", access_log=False, log_level="error")
"""


@contextmanager
def bare_uvicorn() -> Iterator[tuple[int, int]]:
    """A uvicorn that answers 20 kB and does nothing else; its port and its process."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", BARE, str(port)])
    try:
        for _attempt in range(200):
            with suppress(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{port}/", timeout=5)
                break
            time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


def fsyncs_per_second(folder: Path, seconds: float = 1.0) -> float:
    """Return how often a second the disk of the folder takes 4 kB for good."""
    path = folder / "fsync"
    count, until = 0, time.perf_counter() + seconds
    with path.open("wb", buffering=0) as file:
        began = time.perf_counter()
        while time.perf_counter() < until:
            file.write(b"x" * 4096)
            os.fsync(file.fileno())
            count += 1
        took = time.perf_counter() - began
    path.unlink()
    return count / took


def memory_mb(pid: int) -> float:
    """Return a process's own memory in MB: what is resident, on Linux less what it shares with others."""
    smaps = Path(f"/proc/{pid}/smaps_rollup")
    if smaps.exists():
        kilobytes = sum(int(line.split()[1]) for line in smaps.read_text().splitlines() if line.startswith("Private_"))
        return kilobytes / 1024
    said = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(said.stdout) / 1024


def cpu_seconds(pid: int) -> float | None:
    """Return the processor time that a process has used, all threads together; None where it is not told (Linux)."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return None
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


class Spent:
    """A process's time from here on: what a wall clock shows of a busy machine says little."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._before = cpu_seconds(pid)

    def each(self, count: int) -> float | None:
        """Return what one of so many took, in seconds."""
        after = cpu_seconds(self._pid)
        return None if after is None or self._before is None or not count else (after - self._before) / count
