"""Several processes on one port: a parent that holds the data folder and the socket, and children that serve.

A child that ends is replaced. SIGHUP replaces them one after the other, each once the next one serves: no request is
dropped, and the children run the code that is installed by then. The first child runs the jobs of this machine.
SIGUSR1, which a child sends for a restore, ends all of them and starts them on the data as it then is.
"""

import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from shutil import rmtree

from filelock import FileLock

from app.doorbell import Answer, Doorbell
from app.engines import RINGING
from app.environment import environment, overrides
from app.logs import kept_in
from app.network.crewing import FOLDER as TOGETHER
from app.serve import STOP_SECONDS, greeting_of, made_ready, made_server, take_place
from app.settings import Settings
from app.wiring import wire
from engine.core.errors import Invalid, Unavailable
from engine.core.i18n import _

log = logging.getLogger("agora.crew")
LOOK_SECONDS = 0.2
#: How long a child may take to serve: while it does, the others are asked.
START_SECONDS = 180.0
#: A child that ends so soon after its start is not replaced at once.
TOO_SOON_SECONDS = 5.0
CHILD = "serve-share"


@dataclass(slots=True)
class Child:
    """A process that serves. is_ready: whether it does."""

    number: int
    process: subprocess.Popen[bytes]
    ready: int
    is_ready: bool = False

    def await_ready(self) -> None:
        """Wait until it serves. Raises Unavailable where it does not come up."""
        found, _w, _x = select.select([self.ready], [], [], START_SECONDS)
        self.is_ready = bool(found) and os.read(self.ready, 1) == b"1"
        os.close(self.ready)
        if not self.is_ready:
            self.process.kill()
            self.process.wait()
            raise Unavailable(_("A process that serves did not start. The lines above say why."))

    def end(self) -> None:
        """Have it take no more requests, answer those that it has, and end."""
        self.process.send_signal(signal.SIGTERM)

    def wait(self) -> None:
        """Wait for its end; one that does not come to it is killed."""
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Crew:
    """The parent."""

    def __init__(self, settings: Settings, lock: FileLock, bound: socket.socket) -> None:
        self._settings = settings
        self._lock = lock
        self._socket = bound
        self._children: list[Child] = []
        self._is_over = threading.Event()
        self._is_renewing = threading.Event()
        self._is_restarting = threading.Event()
        self._life, self._hold = os.pipe()

    def run(self, say: Callable[[str], None]) -> None:
        """Serve until told to stop."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_signal: self._is_over.set())
        signal.signal(signal.SIGHUP, lambda *_signal: self._is_renewing.set())
        signal.signal(signal.SIGUSR1, lambda *_signal: self._is_restarting.set())
        doorbell = Doorbell(self._settings.data_dir, answer=lambda _at: self._answer(), peep=self._answer)
        doorbell.start()
        try:
            for line in self._greeting():  # first of all, for it makes the secrets that the children read
                say(line)
            sys.stdout.flush()
            self._start_all()
            while not self._is_over.wait(LOOK_SECONDS):
                self._replace_the_dead()
                if self._is_renewing.is_set():
                    self._is_renewing.clear()
                    self._renew()
                if self._is_restarting.is_set():
                    self._is_restarting.clear()
                    self._begin_again()
        finally:
            self._end_all()
            doorbell.stop()
            self._lock.release()

    def _start_all(self) -> None:
        self._children = [self._spawn(number) for number in range(self._settings.workers)]
        for child in self._children:
            child.await_ready()

    def _end_all(self) -> None:
        for child in self._children:
            child.end()
        for child in self._children:
            child.wait()

    def _start(self, number: int) -> Child:
        child = self._spawn(number)
        child.await_ready()
        return child

    def _spawn(self, number: int) -> Child:
        ready, tell = os.pipe()
        shared = (self._socket.fileno(), self._life, tell)
        numbers = [f"--{name}={fd}" for name, fd in zip(("socket", "life", "ready"), shared, strict=True)]
        program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "app"]
        command = [*program, CHILD, *numbers, f"--number={number}", f"--data={self._settings.data_dir}"]
        around = {
            **os.environ,
            "AGORA_WORKERS": str(self._settings.workers),
            "AGORA_PORT": str(self._settings.port),
        }
        process = subprocess.Popen(command, pass_fds=shared, env=around)  # noqa: S603 - our own program
        os.close(tell)
        return Child(number, process, ready)

    def _replace_the_dead(self) -> None:
        for place, child in enumerate(self._children):
            if child.process.poll() is None:
                continue
            log.warning(
                "process %s, which served, ended (%s); starting another", child.process.pid, child.process.returncode
            )
            try:
                self._children[place] = self._start(child.number)
            except Unavailable:
                log.exception("no process could be started in its place; trying again")
                self._is_over.wait(TOO_SOON_SECONDS)

    def _renew(self) -> None:
        """Replace the children one after the other."""
        for place, old in enumerate(self._children):
            try:
                self._children[place] = self._start(old.number)
            except Unavailable:
                log.exception("the processes stay as they are, for a new one does not start")
                return
            old.end()
            old.wait()
        log.warning("every process that serves is a new one")

    def _greeting(self) -> list[str]:
        ports = wire(self._settings, overrides(environment()))
        serving, _server = made_server(ports, self._settings, self._socket, is_second=True)
        return [*greeting_of(ports, serving, self._settings)]

    def _begin_again(self) -> None:
        """End all, put what waits in its place, and start all: what a restore or another service asks for."""
        self._end_all()
        self._settings = made_ready(self._settings, self._socket)
        self._start_all()

    def _answer(self) -> Answer:
        return Answer("server", f"http://127.0.0.1:{self._socket.getsockname()[1]}")


def run_crew(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve by several processes until told to stop. Raises as `open_instance` does."""
    if not hasattr(signal, "SIGHUP"):
        raise Invalid("Several processes on one port are not to be had on Windows; leave out --workers.")
    lock, bound, settings = take_place(settings)
    for folder in (RINGING, TOGETHER):
        rmtree(settings.data_dir / folder, ignore_errors=True)
    Crew(settings, lock, bound).run(say)


def run_share(
    settings: Settings, socket_fd: int, life_fd: int, ready_fd: int, number: int, say: Callable[[str], None]
) -> None:
    """Serve as one of several, on the parent's socket, for as long as the parent lives."""
    bound = socket.socket(fileno=socket_fd)
    ports = wire(settings, overrides(environment()))

    def is_up() -> None:
        os.write(ready_fd, b"1")
        os.close(ready_fd)

    _serving, server = made_server(ports, settings, bound, is_second=number > 0, is_up=is_up)
    server.keeper.say = say
    parent = os.getppid()
    server.app.state.restart = lambda: os.kill(parent, signal.SIGUSR1)

    def watch() -> None:
        os.read(life_fd, 1)
        server.should_exit = True

    def stop(*_signal: object) -> None:
        server.should_exit = True

    threading.Thread(target=watch, name="agora-life", daemon=True).start()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, stop)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with kept_in(ports.logs.folder):
        server.run(sockets=[bound])
