"""Who may be answered with a kept page: what a request says of itself decides, before anything else is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from starlette.types import Scope

from engine.api.gateway.cookienames import PREFIX
from engine.api.gateway.door import DoorRules, found_at, host_name, is_ip, is_one_host
from engine.api.gateway.homes import Homes
from engine.core.distance import Distance
from engine.core.opening import Openness

#: Cookies with which a page of the site is the same for everybody. All others of ours are somebody's own.
ALIKE = frozenset((b"agora_consent", b"agora-scheme", b"agora-sidebar"))
#: With these a kept page is the same too, but none is kept of what was drawn for their holder.
HOLDERS = frozenset((b"agora_cart", b"agora_mine"))
HARMLESS = ALIKE | HOLDERS
OURS = b"agora"
#: Headers with which an answer may be another one, or that ask for another.
PASSING = frozenset(
    (
        b"authorization",
        b"x-cart-id",
        b"x-part",
        b"if-modified-since",
        b"if-unmodified-since",
        b"if-match",
        b"upgrade",
        b"transfer-encoding",
        b"content-length",
        b"expect",
    )
)
FORWARDING = frozenset(
    (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip", b"via")
)
#: All that a page that will be kept may be drawn of, beside its host; nothing else of the request reaches it.
PASSED_ON = FORWARDING | {
    b"accept",
    b"accept-encoding",
    b"user-agent",
    b"referer",
    b"sec-fetch-dest",
    b"sec-fetch-mode",
    b"sec-fetch-site",
    b"hx-request",
    b"x-request-id",
    b"connection",
}
MOST_KNOWN = 4_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request came in. origin: scheme and host. is_here: the client is this machine.

    neighbour: its address, where it came from the local network.
    """

    origin: str
    is_here: bool
    neighbour: str


def cookies_of(header: bytes) -> set[bytes]:
    """Return the names of our own cookies in a `Cookie` header."""
    if OURS not in header:
        return set()
    names = (part.partition(b"=")[0].strip().removeprefix(PREFIX) for part in header.split(b";"))
    return {name for name in names if name.startswith(OURS)}


class Visitors:
    """Knows which requests come in by the front door, with the rules of `Door`, `SurfaceHomes` and `Opening`.

    A verdict that lets in holds until the settings change: it is remembered by host, client and what proxies said.
    """

    def __init__(
        self,
        rules: DoorRules,
        *,
        homes: Callable[[], Homes],
        now: Callable[[], datetime],
    ) -> None:
        self._rules = rules
        self._homes = homes
        self._now = now
        self.arrived = rules.arrived
        self._known: dict[tuple[object, ...], Place] = {}

    def forget(self) -> None:
        """Judge everybody anew: the settings are others."""
        self._known.clear()

    def place_of(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Place | None:
        """Return where a request for a page of the site came in; None where it is for others to judge."""
        key: tuple[object, ...] = (headers.get(b"host"), scope["client"], scope["server"], scope["scheme"])
        if scope["client"]:
            key = (key[0], scope["client"][0], scope["server"], scope["scheme"])
        if not FORWARDING.isdisjoint(headers):
            key += tuple(headers.get(name) for name in FORWARDING)
        try:
            return self._known[key]
        except KeyError:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
        if self._rules.site().site_status.at(self._now()) is not Openness.LIVE:
            return None  # not remembered: it may open by itself
        found = self._judged(scope)
        if found is not None:  # names of this machine come and go on a network
            self._known[key] = found
        return found

    def _judged(self, scope: Scope) -> Place | None:
        header = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1").lower()
        host = host_name(header)
        if not is_one_host(scope) or not self._is_ours(header, host, scope["server"]):
            return None
        found = found_at(scope, self._rules)
        if not self._rules.site().system.surfaces.storefront.admits(found.distance):
            return None
        neighbour = found.address if found.distance is Distance.LOCAL_NETWORK else ""
        origin = f"{found.scheme or scope['scheme']}://{header}"
        return Place(origin, found.distance is Distance.THIS_MACHINE, neighbour)

    def _is_ours(self, header: str, host: str, server: tuple[str, int | None] | None) -> bool:
        """Return whether pages are kept for a host: made-up addresses and ports would each be another site."""
        homes = self._homes()
        if host in {_host(url) for url in (homes.admin, homes.builder, homes.api) if url} - {_host(homes.site)}:
            return False
        if header in {urlsplit(url).netloc for url in homes.origins}:
            return True
        address, number = server or ("", None)
        if header.rpartition("]")[2].partition(":")[2] not in ("", str(number)):
            return False
        return host == address if is_ip(host) else host in self._rules.hosts()


def _host(url: str) -> str | None:
    return urlsplit(url).hostname if url else None
