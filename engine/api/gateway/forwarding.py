"""What proxies say of those for whom they ask: `Forwarded` (RFC 7239), or the `X-Forwarded-` headers before it."""

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from starlette.types import Scope

from engine.api.gateway.asgi import header

#: No chain of proxies is longer; what is, was made up.
MOST_PROXIES = 20


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks. scheme: what they used, empty where no proxy said so."""

    address: str
    scheme: str = ""


def client_behind(scope: Scope, peer: str, trusts: Callable[[str], bool]) -> Client:
    """Return the nearest address that no trusted proxy vouches for; the peer itself where it is none of ours.

    Each proxy adds whom it was asked by at the end, so all before the first address that is not ours may be made up.
    """
    if not trusts(peer):
        return Client(peer)
    hops = [*_hops(scope)][-MOST_PROXIES:]
    scheme = ""
    for hop in reversed(hops):
        scheme = hop.scheme or scheme
        if not _is_address(hop.address):
            return Client(peer, scheme)
        if not trusts(hop.address):
            return Client(hop.address, scheme)
    return Client(peer, scheme)


def _hops(scope: Scope) -> Iterator[Client]:
    """Yield whom each proxy was asked by, the farthest first."""
    if forwarded := header(scope, b"forwarded"):
        for element in forwarded.split(","):
            pairs = dict(_pair(part) for part in element.split(";"))
            yield Client(_bare(pairs.get("for", "")), _scheme(pairs.get("proto", "")))
        return
    schemes = [_scheme(part) for part in header(scope, b"x-forwarded-proto").split(",")]
    addresses = [part.strip() for part in header(scope, b"x-forwarded-for").split(",")]
    for number, address in enumerate(addresses):
        is_last = number == len(addresses) - 1
        yield Client(_bare(address), schemes[-1] if is_last else "")


def _pair(text: str) -> tuple[str, str]:
    name, _equals, value = text.partition("=")
    return name.strip().lower(), value.strip().strip('"')


def _bare(node: str) -> str:
    """Return an address without its port: `[2001:db8::1]:47011` and `192.0.2.43:47011`."""
    if node.startswith("["):
        return node[1:].partition("]")[0]
    return node.partition(":")[0] if node.count(":") == 1 else node


def _scheme(text: str) -> str:
    found = text.strip().lower()
    return found if found in ("http", "https") else ""


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
