"""The sockets that a server listens on, and this machine's addresses."""

import logging
import socket
from contextlib import suppress

from engine.core.errors import Invalid

log = logging.getLogger("agora")
PORTS_TRIED = 20


def bind(host: str, port: int, *, is_exact: bool) -> socket.socket:
    """Return a bound socket; unless the port was asked for, the next free one will do, and it is said."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, port + (1 if is_exact else PORTS_TRIED)):
        # Named as TCP: asyncio sends answers at once (TCP_NODELAY) only on what calls itself so; else an answer's body
        # waits 40 ms for the client to acknowledge its head.
        found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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
