"""Programs that start at once: forked from a process that has read the whole of Agora and waits, one a test run.

Reading the program costs each start more than all else that it does, and a run starts about a hundred servers. What is
forked is otherwise as `python -m app` is: environment, arguments, output, signals and exit code are its own; but a
rehearsal went before, and passwords are hashed at the least cost, each else taking as long as twenty pages. Starting
itself, from nothing, is what tests/app/test_starting.py, tests/desktop and tests/harness look at.
"""

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from threading import Lock
from typing import IO

from app import late
from app.__main__ import main

ROOT = Path(__file__).parents[1]
PATIENCE = 120.0
CAN_FORK = sys.platform == "linux"
#: Agora as it is started from its source.
AGORA = (sys.executable, "-m", "app")
_one_at_a_time = Lock()


def started(
    words: Sequence[str], environment: Mapping[str, str], output: IO[bytes]
) -> "Forked | subprocess.Popen[bytes]":
    """Start `agora` with these words; what it says goes to a file."""
    return (Forked if CAN_FORK else cold)(words, environment, output)


def said(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run `agora` with these words to its end, which must be a good one; return what it says."""
    with tempfile.TemporaryFile() as output:
        code = started(words, environment, output).wait(PATIENCE)
        output.seek(0)
        text = output.read().decode()
    assert code == 0, text
    return text


def cold(
    words: Sequence[str], environment: Mapping[str, str], output: IO[bytes], program: Sequence[str] = AGORA
) -> "subprocess.Popen[bytes]":
    """Start it so that it is read anew."""
    return subprocess.Popen([*program, *words], cwd=ROOT, env=environment, stdout=output, stderr=output)


class Forked:
    """A process as `subprocess.Popen` has it, whose parent is the one that waits."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], output: IO[bytes]) -> None:
        self.returncode: int | None = None
        self._line = socket.socket(socket.AF_UNIX)
        with _one_at_a_time:
            self._line.connect(_waiting())
        asked = json.dumps([list(words), dict(environment)]).encode()
        socket.send_fds(self._line, [len(asked).to_bytes(4)], [output.fileno()])
        self._line.sendall(asked)
        self.pid = int.from_bytes(self._line.recv(4))

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code, less than nothing for a signal. Raises TimeoutExpired after so many seconds."""
        if self.returncode is None:
            self._line.settimeout(timeout)
            try:
                told = self._line.recv(4)
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired("agora", timeout or 0) from None
            assert told, "the process that servers are forked from has ended"
            self.returncode = int.from_bytes(told, signed=True)
            self._line.close()
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send_signal(signal.SIGKILL)


@cache
def _waiting() -> str:
    """Start the process that waits; return its address. It ends with this one."""
    address = f"{tempfile.mkdtemp(prefix='agora-warm-')}/socket"
    command = [sys.executable, "-m", "tests.warm", address]
    around = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, cwd=ROOT, env=around, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline(), "the process that servers are forked from did not start"

    def end() -> None:
        process.communicate()
        Path(address).parent.rmdir()

    atexit.register(end)
    return address


def wait(address: str) -> list[str]:
    """Fork for whoever asks, until nobody may ask any more. Returns in what is forked: its words."""
    lines: dict[int, socket.socket] = {}
    ended, wakes = socket.socketpair()
    for end in (ended, wakes):
        end.setblocking(False)
    with DefaultSelector() as ready, socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen(64)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_signal: None)
        signal.set_wakeup_fd(wakes.fileno())
        for source in (door, ended, sys.stdin):
            ready.register(source, EVENT_READ)
        sys.stdout.write("waits\n")
        while True:
            sources = [key.fileobj for key, _events in ready.select()]
            if sys.stdin in sources:
                Path(address).unlink()
                raise SystemExit
            if ended in sources:
                ended.recv(4096)
                _tell(lines)
            if door in sources:
                line = door.accept()[0]
                words, environment, output = _asked(line)
                if pid := os.fork():
                    os.close(output)
                    lines[pid] = line
                    line.sendall(pid.to_bytes(4))
                    continue
                break
    for other in (line, ended, wakes, *lines.values()):
        other.close()
    _become(environment, output)
    return words


def _asked(line: socket.socket) -> tuple[list[str], dict[str, str], int]:
    size, (output, *_none), _flags, _address = socket.recv_fds(line, 4, 1)
    asked = line.recv(int.from_bytes(size), socket.MSG_WAITALL)
    words, environment = json.loads(asked)
    return words, environment, output


def _tell(lines: dict[int, socket.socket]) -> None:
    """Tell of each process that ended what it ended with."""
    for pid in list(lines):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            with lines.pop(pid) as line, suppress(OSError):
                line.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, signed=True))


def _become(environment: dict[str, str], output: int) -> None:
    """Take the place of a process that was just started."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for one, place in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(one, place)
    for one in (nothing, output):
        os.close(one)


def _begin() -> None:
    late.read("app.commands.serve")
    late.read("tests.rehearsal").rehearse()
    assert threading.active_count() == 1, "a thread is not forked"
    gc.collect()
    gc.freeze()  # what is never looked at is never copied
    sys.argv = ["agora", *wait(sys.argv[1])]
    main()


if __name__ == "__main__":
    _begin()
