"""Serving: uvicorn as the main loop (a server) or in a thread (the desktop), on a socket bound beforehand."""

import logging
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import uvicorn
from filelock import FileLock, Timeout

from app.environment import environment, overrides
from app.settings import Settings, is_loopback, prepare_data_dir, unsafe_secrets
from app.web import make_app
from app.wiring import wire
from engine.api.ports import Ports
from engine.core.errors import Conflict, Invalid
from engine.core.i18n import _
from engine.migrations import migrate

log = logging.getLogger("agora")
EVERYWHERE = "0.0.0.0"  # noqa: S104 - surfaces decide who may come in, and start as this machine only
PORTS_TRIED = 20


@dataclass(slots=True)
class Instance:
    """One server on one data folder: its wired house, its socket and its uvicorn."""

    ports: Ports
    settings: Settings
    socket: socket.socket
    server: uvicorn.Server
    lock: FileLock
    thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        port: int = self.socket.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """The address for this machine."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        host: str = self.socket.getsockname()[0]
        return host

    def run(self) -> None:
        """Serve until told to stop: SIGINT and SIGTERM end it cleanly."""
        try:
            self.server.run(sockets=[self.socket])
        finally:
            self.lock.release()

    def start(self) -> None:
        """Serve in a thread, beside a window that needs the main one."""
        self.thread = threading.Thread(target=self.run, name="agora-server", daemon=False)
        self.thread.start()

    def stop(self) -> None:
        """End the server that `start` began, and wait for it."""
        self.server.should_exit = True
        if self.thread is not None:
            self.thread.join(timeout=15)


def open_instance(settings: Settings) -> Instance:
    """Return an instance ready to run: folder made, database migrated, lock held, socket bound.

    Raises Conflict when another Agora serves this data folder, Invalid when the settings must not serve.
    """
    host = settings.host or EVERYWHERE
    check_safe(settings, host)
    prepare_data_dir(settings.data_dir)
    lock = FileLock(settings.data_dir / "agora.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Conflict(
            _("Another Agora is serving {folder}. Close it first, or choose another folder with --data."),
            folder=str(settings.data_dir),
        ) from None
    migrate(settings.database.url)
    ports = wire(settings, overrides(environment()))
    bound = bind(host, settings.port, is_exact=settings.host is not None or "port" in settings.model_fields_set)
    app = make_app(ports, settings, is_alone=ports.db.is_sqlite)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=15,
        h11_max_incomplete_event_size=64 * 1024,
    )
    return Instance(ports, settings, bound, uvicorn.Server(config), lock)


def check_safe(settings: Settings, host: str) -> None:
    """Refuse known or short secrets, and rate limits switched off, where others could reach the server."""
    if is_loopback(host):
        return
    if not settings.rate_limits:
        raise Invalid("AGORA_RATE_LIMITS=off is for load tests on this machine: start with --host 127.0.0.1, or on.")
    if unsafe := unsafe_secrets(settings):
        raise Invalid(" ".join(unsafe))


def bind(host: str, port: int, *, is_exact: bool) -> socket.socket:
    """Return a bound socket; unless the port was asked for, the next free one will do, and it is said."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + (1 if is_exact else PORTS_TRIED)):
        found = socket.socket(family, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, candidate))
        except OSError as error:
            found.close()
            reason = error.strerror
            continue
        if candidate != port:
            log.warning("port %s is taken; serving on %s", port, candidate)
        return found
    raise Invalid(f"Port {port} on {host} cannot be used ({reason}). Choose another with --port.")


def lan_addresses() -> list[str]:
    """Return this machine's addresses on the local network, the likeliest first."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # documentation address (RFC 5737): nothing is sent
        found.append(probe.getsockname()[0])
    with suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return [address for address in dict.fromkeys(found) if not address.startswith("127.")]


def greeting(instance: Instance, *, is_claimed: bool) -> Sequence[str]:
    """Return the lines that a person who starts the server reads."""
    lines = ["", f"  Agora is running at {instance.url}", f"  Admin               {instance.url}/admin"]
    if not is_loopback(instance.host):
        lines += [f"  On your network     http://{address}:{instance.port}" for address in lan_addresses()[:2]]
    if not is_claimed:
        token = instance.ports.front_desk.claim_token.read()
        lines += ["", "  Nobody owns this site yet. Set it up here:", f"  {instance.url}/setup?token={token}"]
        lines += [f"  Claim token: {token}"]
    return [*lines, "", f"  Data folder: {instance.settings.data_dir}", "  Stop with Ctrl-C.", ""]


def configure_logging(level: str) -> None:
    """Write one line an event to standard error, at the chosen level."""
    logging.basicConfig(
        level=level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)-7s %(name)s  %(message)s", force=True
    )
    for noisy in ("alembic", "httpx", "httpcore", "uvicorn.access", "aiosqlite", "multipart", "python_multipart"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    if level != "debug":
        logging.getLogger("agora.web").setLevel(logging.WARNING)
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
