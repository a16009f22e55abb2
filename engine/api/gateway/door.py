"""The door: known hosts only, each surface to whom it is open, and nothing but the claim while unclaimed."""

import ipaddress
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from engine.api.gateway.asgi import header, header_names, refuse
from engine.api.gateway.forwarding import client_behind
from engine.api.gateway.surfaces import distance_of, is_forwarded, surface_of
from engine.core.distance import Distance
from engine.core.settings import Site
from engine.core.site import Reach

log = logging.getLogger("agora.door")
_HOST = re.compile(rb"([\w.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")
CLAIM_PATHS = ("/setup", "/api/v1/setup", "/health", "/assets/", "/theme/")


@dataclass(frozen=True, slots=True)
class DoorRules:
    """hosts: names this installation answers to, besides IP addresses. trusted_proxies: whose forwarding counts.

    arrived: hears the address of each who comes from the local network.
    """

    hosts: Callable[[], frozenset[str]]
    site: Callable[[], Site]
    is_claimed: Callable[[], Awaitable[bool]]
    trusted_proxies: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network] = ()
    arrived: Callable[[str], None] = lambda _address: None

    def trusts(self, address: str) -> bool:
        """Return whether the address is one of our own proxies."""
        return is_ip(address) and any(ipaddress.ip_address(address) in network for network in self.trusted_proxies)


class Door:
    """Places each request on its surface before anything else sees it."""

    def __init__(self, app: ASGIApp, rules: DoorRules) -> None:
        self.app = app
        self.rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        host = host_name(header(scope, b"host"))
        if not is_one_host(scope) or not host or not (is_ip(host) or host in self.rules.hosts()):
            detail = f"This server does not answer to “{host[:100]}”. Add the name to AGORA_HOSTS or FRONTEND_URL."
            await refuse(scope, send, 400, "Unknown host", detail)
            return
        if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
            await refuse(scope, send, 400, "Bad address", "This address holds a character that no address of ours has.")
            return
        found = found_at(scope, self.rules)
        distance = found.distance
        state: dict[str, Any] = scope.setdefault("state", {})
        state["ip"] = found.address
        state["distance"] = distance
        if distance is Distance.LOCAL_NETWORK:
            self.rules.arrived(found.address)
        scope["scheme"] = found.scheme or scope["scheme"]
        state["surface"] = surface = surface_of(scope["path"])
        if not await self.rules.is_claimed() and not scope["path"].startswith(CLAIM_PATHS):
            state["is_closed"] = True
            detail = "Nobody has set up this site yet. Open /setup with the claim token that the program printed."
            await refuse(scope, send, 503, "Not set up yet", detail, [(b"retry-after", b"60")])
            return
        is_claim = scope["path"].startswith(CLAIM_PATHS)
        if surface is not None and not is_claim:
            reach: Reach = getattr(self.rules.site().system.surfaces, surface)
            if not reach.admits(distance):
                log.info("refused %s from %s: %s is for %s", scope["path"], state["ip"], surface, reach)
                detail = f"The {surface} of this site is open to {reach.value.replace('-', ' ')} only."
                await refuse(scope, send, 403, "Not open to you", detail)
                return
        await self.app(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Found:
    """Who asks, and how far away they are. scheme: what they used, empty where no proxy said so."""

    address: str
    scheme: str
    distance: Distance


def found_at(scope: Scope, rules: DoorRules) -> Found:
    """Return who asks: behind our own proxies, whom these name."""
    client = scope["client"][0] if scope.get("client") else "127.0.0.1"
    found = client_behind(scope, client, rules.trusts)
    forwarded = is_forwarded(header_names(scope))
    is_known = not forwarded or rules.trusts(client)
    distance = distance_of(found.address, is_forwarded=forwarded) if is_known else Distance.AWAY
    return Found(found.address, found.scheme, distance)


def host_name(value: str) -> str:
    """Return the host of a Host header without its port: `[::1]:8000` gives `::1`."""
    value = value.strip().lower()
    if value.startswith("["):
        return value[1:].split("]", 1)[0]
    return value.split(":", 1)[0].rstrip(".")


def is_one_host(scope: Scope) -> bool:
    """Return whether a request names one host, and nothing about it but a port: others might read another one."""
    named = [value for name, value in scope["headers"] if name == b"host"]
    return len(named) == 1 and bool(_HOST.fullmatch(named[0]))


@lru_cache(maxsize=1024)
def is_ip(host: str) -> bool:
    """Return whether the host is an address itself: a name cannot be rebound to it (DNS rebinding needs a name)."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
