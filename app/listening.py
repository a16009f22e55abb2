"""The sockets that a server listens on."""

import errno
import logging
import socket

from engine.core.errors import Invalid

log = logging.getLogger("agora")
PORTS_TRIED = 20
#: Every address of this machine, IPv6 and IPv4 by one socket; IPv4 alone where there is nothing else.
EVERYWHERE = "::"
_IPV4_ONLY = "0.0.0.0"  # noqa: S104 - surfaces decide who may come in, and start as this machine only
_NO_IPV6 = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL}


def bind(host: str, port: int, *, is_exact: bool, is_shared: bool = False) -> socket.socket:
    """Return a bound socket; unless the port was asked for, the next free one will do, and it is said.

    is_shared: others of our own processes may `join` it.
    """
    for candidate in range(port, port + (1 if is_exact else PORTS_TRIED)):
        try:
            found = _bound(host, candidate)
            if is_shared:
                found.close()  # nobody has it: whoever shares a port would not hear that another one does
                found = _bound(host, candidate, is_shared=True)
        except OSError as error:
            reason = error.strerror
            continue
        if candidate != port:
            log.warning("port %s is taken; serving on %s", port, candidate)
        return found
    raise Invalid(f"Port {port} on {host} cannot be used ({reason}). Choose another with --port.")


def join(host: str, port: int) -> socket.socket:
    """Return a socket on a port that another of our own processes shares. Raises Invalid."""
    try:
        return _bound(host, port, is_shared=True)
    except OSError as error:
        raise Invalid(f"Port {port} on {host} cannot be shared ({error.strerror}).") from error


def _bound(host: str, port: int, *, is_shared: bool = False) -> socket.socket:
    try:
        return _opened(host, port, is_shared=is_shared)
    except OSError as error:
        if host != EVERYWHERE or error.errno not in _NO_IPV6:
            raise
        return _opened(_IPV4_ONLY, port, is_shared=is_shared)


def _opened(host: str, port: int, *, is_shared: bool) -> socket.socket:
    # Named as TCP: asyncio sends answers at once (TCP_NODELAY) only on what calls itself so; else an answer's body
    # waits 40 ms for the client to acknowledge its head.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_shared:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if host == EVERYWHERE:
            found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        found.bind((host, port))
    except BaseException:
        found.close()
        raise
    return found
