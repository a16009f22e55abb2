"""Serving: uvicorn as the main loop (a server) or in a thread (the desktop), on a socket bound beforehand."""

import asyncio
import logging
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from shutil import rmtree
from typing import Literal

import uvicorn
from fastapi import FastAPI
from filelock import FileLock, Timeout

from app import successor
from app.doorbell import Answer, Doorbell
from app.engines import version_of_agora
from app.environment import environment, overrides
from app.listening import EVERYWHERE, bind
from app.logs import kept_in
from app.memory import give_back_what_is_free
from app.network.keeping import NetworkKeeper
from app.network.opening import keeper_of
from app.network.securing import SecureDoor
from app.opening import LOCK, look, open_data
from app.patience import PatientProtocol
from app.settings import Settings, is_loopback, prepare_data_dir, unsafe_secrets
from app.switching import settling
from app.switching.holding import holding
from app.web import make_app
from app.wiring import wire
from engine.accounts import identity
from engine.api.ports import Ports
from engine.api.serving import Serving
from engine.core.errors import Conflict, Invalid, Unavailable
from engine.core.i18n import _
from engine.operations.services.plans import Room
from engine.operations.watch.tallies import FOLDER as TALLIES

log = logging.getLogger("agora")
START_SECONDS = 60.0
STOP_SECONDS = 15.0


class AlreadyRunning(Conflict):
    """Another Agora serves this data folder."""


class Server(uvicorn.Server):
    """uvicorn's server, which first tells those who only listen that it goes: it would wait for them otherwise."""

    def __init__(
        self,
        app: FastAPI,
        config: uvicorn.Config,
        is_up: Callable[[], None],
        keeper: NetworkKeeper,
    ) -> None:
        super().__init__(config)
        self.app = app
        self._is_up = is_up
        self.keeper = keeper
        self.loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take requests, and say so."""
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)
        if self.started:
            self.keeper.start(SecureDoor(self))
            self._is_up()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop taking requests and end."""
        self.app.state.live.close()
        await self.keeper.stop()
        await super().shutdown(sockets)


@dataclass(slots=True)
class Instance:
    """One server on one data folder: its wired house, its socket and its uvicorn.

    kind: what runs here. come_to_front: what a window does at a second start, asked for a page.
    """

    ports: Ports
    settings: Settings
    serving: Serving
    socket: socket.socket
    server: Server
    lock: FileLock
    kind: Literal["window", "server"] = "server"
    come_to_front: Callable[[str], None] = lambda _at: None
    thread: threading.Thread | None = None
    is_restarting: bool = False
    _ended: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """The address for this machine."""
        return self.serving.url

    @property
    def is_claimed(self) -> bool:
        """Whether somebody owns this site."""
        return self.ports.db.query_now(identity.has_owner)

    def run(self) -> None:
        """Serve until told to stop."""
        doorbell = Doorbell(self.settings.data_dir, answer=self._answer, peep=self._peep)
        doorbell.start()
        try:
            with kept_in(self.ports.logs.folder):
                self.server.run(sockets=[self.socket])
        finally:
            doorbell.stop()
            self.lock.release()
            self._ended.set()

    def _answer(self, at: str) -> Answer:
        self.come_to_front(at)
        return self._peep()

    def _peep(self) -> Answer:
        return Answer(self.kind, self.url)

    def start(self) -> None:
        """Serve in a thread, beside a window that needs the main one; return once it answers.

        Raises Unavailable when it does not come up.
        """
        self.thread = threading.Thread(target=self.run, name="agora-server", daemon=False)
        self.thread.start()
        until = time.monotonic() + START_SECONDS
        while not self.server.started and time.monotonic() < until:
            if self._ended.wait(0.02):
                break
        if not self.server.started:
            self.stop()
            raise Unavailable(_("The server did not start. The lines above say why."))

    def wait(self) -> None:
        """Return once the server has ended, by `stop` or by itself."""
        self._ended.wait()

    def restart(self) -> None:
        """End, so that whoever runs this instance opens another one in its place: `again`."""
        self.is_restarting = True
        self.server.should_exit = True

    def again(self) -> "Instance":
        """Return a new instance on the same data and address, after this one ended to be started anew."""
        host, port = self.serving.host, self.serving.port
        made = open_instance(self.settings.model_copy(update={"host": self.settings.host and host, "port": port}))
        made.kind, made.come_to_front = self.kind, self.come_to_front
        return made

    def stop(self) -> None:
        """End the server that `start` began, and wait for it."""
        self.server.should_exit = True
        if self.thread is not None:
            self.thread.join(timeout=STOP_SECONDS)


def open_instance(settings: Settings) -> Instance:
    """Return an instance ready to run: folder made, database migrated, lock held, socket bound.

    Raises AlreadyRunning when another Agora serves this data folder, Invalid when the settings must not serve.
    """
    lock, bound, settings = take_place(settings)
    try:
        ports = wire(settings, overrides(environment()))
        serving, server = made_server(ports, settings, bound, is_up=lambda: successor.settle(version_of_agora()))
    except BaseException:
        bound.close()
        lock.release()
        raise
    instance = Instance(ports, settings, serving, bound, server, lock)
    server.app.state.restart = instance.restart
    return instance


def take_place(settings: Settings) -> tuple[FileLock, socket.socket, Settings]:
    """Return the lock on the data folder, the socket to listen on, and the settings; the database is migrated.

    The settings are others than before where a service is changed by this start. Raises as above.
    """
    host = settings.host or EVERYWHERE
    check_safe(settings, host)
    prepare_data_dir(settings.data_dir)
    lock = FileLock(settings.data_dir / LOCK, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise AlreadyRunning(
            _("Another Agora is serving {folder}. Close it first, or choose another folder with --data."),
            folder=str(settings.data_dir),
        ) from None
    try:
        rmtree(settings.data_dir / TALLIES, ignore_errors=True)
        is_exact = settings.host is not None or "port" in settings.model_fields_set
        bound = bind(host, settings.port, is_exact=is_exact)
        try:
            return lock, bound, made_ready(settings, bound)
        except BaseException:
            bound.close()
            raise
    except BaseException:
        lock.release()
        raise


def made_ready(settings: Settings, bound: socket.socket) -> Settings:
    """Open the data, and end a change of a service that waits for this; return the settings that hold from then on."""
    if not settling.waits(settings):
        settings = settling.settle(settings, look)
        open_data(settings)
        return settings
    open_data(settings)  # what moves is of this version
    with holding(bound, Room(settings.data_dir)):
        changed = settling.settle(settings, look)
    if changed is not settings:
        open_data(changed)
    return changed


def made_server(
    ports: Ports,
    settings: Settings,
    bound: socket.socket,
    *,
    is_second: bool = False,
    is_up: Callable[[], None] = lambda: None,
) -> tuple[Serving, Server]:
    """Return what serves on a bound socket. is_second: another process on the data folder runs the jobs."""
    give_back_what_is_free()
    listening, port = bound.getsockname()[:2]
    serving = Serving(
        listening,
        port,
        has_rate_limits=settings.rate_limits,
        cookie_domain=settings.cookie_domain or "",
        wanted_port=settings.port if settings.port != port else None,
    )
    if not settings.rate_limits:
        log.warning("rate limits are off (AGORA_RATE_LIMITS): for load tests on this machine only")
    app = make_app(ports, settings, is_alone=ports.db.is_sqlite, is_second=is_second)
    app.state.serving = serving
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=15,
    )
    return serving, Server(app, config, is_up, keeper_of(ports, settings, app, listening))


def check_safe(settings: Settings, host: str) -> None:
    """Refuse known or short secrets, and rate limits switched off, where others could reach the server."""
    if is_loopback(host):
        return
    if not settings.rate_limits:
        raise Invalid("AGORA_RATE_LIMITS=off is for load tests on this machine: start with --host 127.0.0.1, or on.")
    if unsafe := unsafe_secrets(settings):
        raise Invalid(" ".join(unsafe))


def greeting(instance: Instance, *, is_window: bool = False) -> Sequence[str]:
    """Return the lines that a person who starts the server, or the window over it, reads in the terminal."""
    end = "Close the window to stop." if is_window else "Stop with Ctrl-C."
    return greeting_of(instance.ports, instance.serving, instance.settings, end)


def greeting_of(ports: Ports, serving: Serving, settings: Settings, end: str = "Stop with Ctrl-C.") -> Sequence[str]:
    """Return those lines for what serves here."""
    lines = ["", f"  Agora is running at {serving.url}", f"  Admin               {serving.url}/admin"]
    if not ports.db.query_now(identity.has_owner):
        token = ports.front_desk.claim_token.read()
        lines += [
            "",
            "  Nobody owns this site yet. Set it up here:",
            f"  {settings.frontend_url or serving.url}/setup?token={token}",
        ]
        lines += [f"  Claim token: {token}"]
    return [*lines, "", f"  Data folder: {settings.data_dir}", f"  {end}", ""]


def run_server(instance: Instance, say: Callable[[str], None]) -> None:
    """Say where it is, and serve until stopped: SIGINT and SIGTERM end it cleanly."""
    for line in greeting(instance):
        say(line)
    sys.stdout.flush()
    instance.server.keeper.say = say

    is_stopped = threading.Event()

    def stop(*_signal: object) -> None:
        is_stopped.set()
        instance.server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)  # uvicorn stops at them by itself, and then sends them once more
    instance.run()
    while instance.is_restarting and not is_stopped.is_set():
        successor.follow(version_of_agora())
        instance = instance.again()
        instance.run()
