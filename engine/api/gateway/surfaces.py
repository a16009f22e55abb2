"""Which surface a request is on, and how far away whoever asks is."""

import ipaddress
from functools import lru_cache

from engine.core.distance import Distance
from engine.core.site import SurfaceName

#: By the first word of a path; every other one is the storefront's.
_BY_WORD = {
    "api": SurfaceName.API,
    "admin": SurfaceName.ADMIN,
    "account": SurfaceName.ACCOUNT,
    "kiosk": SurfaceName.KIOSK,
    "metrics": SurfaceName.METRICS,
}
#: Served to whoever reaches any surface: they hold nothing of anybody's. Pictures have addresses nobody guesses.
OPEN_PREFIXES = ("/health", "/assets/", "/theme/", "/media/", "/icons/", "/trust/")
_OPEN = frozenset(prefix.rstrip("/") for prefix in OPEN_PREFIXES)
_FORWARDING = frozenset(
    {b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip", b"via"}
)


def surface_of(path: str) -> SurfaceName | None:
    """Return the surface that a path belongs to; None for what every surface needs (assets, health)."""
    if path.startswith(OPEN_PREFIXES) or path in _OPEN:
        return None
    word = path.split("/", 2)[1] if path.startswith("/") else ""
    return _BY_WORD.get(word, SurfaceName.STOREFRONT)


@lru_cache(maxsize=1024)
def distance_of(client: str, *, is_forwarded: bool) -> Distance:
    """Return how far the client is. One that came through a proxy is never this machine.

    Whether a proxy's word for the address counts was asked before.
    """
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return Distance.AWAY
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback:
        return Distance.AWAY if is_forwarded else Distance.THIS_MACHINE
    if address.is_private or address.is_link_local:
        return Distance.LOCAL_NETWORK
    return Distance.AWAY


def is_forwarded(names: set[bytes]) -> bool:
    """Return whether a request carries headers that a proxy adds."""
    return not _FORWARDING.isdisjoint(names)
