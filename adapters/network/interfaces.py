"""Which addresses this machine has on the local network: those of real interfaces that are up."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import suppress

import psutil

#: Of containers, virtual machines and tunnels: nobody in the room is behind them.
_NOT_LOCAL = (
    "docker",
    "br-",
    "veth",
    "virbr",
    "vboxnet",
    "vmnet",
    "utun",
    "tun",
    "tap",
    "wg",
    "zt",
    "tailscale",
    "cni",
)


_UNIQUE_LOCAL = ipaddress.ip_network("fc00::/7")


def local_addresses() -> tuple[str, ...]:
    """Return the addresses that the local network knows this machine by: IPv4, the one it goes out by first, then IPv6.

    Of IPv6 those that are good on this network alone (RFC 4193): public ones are the world's. Where there is none of
    these, those of the link, by which it is found by name only.
    """
    found = [ipaddress.ip_address(one) for one in _of_interfaces()]
    by_number = sorted(one for one in found if isinstance(one, ipaddress.IPv4Address))
    unique = [one for one in found if isinstance(one, ipaddress.IPv6Address) and one in _UNIQUE_LOCAL]
    out = _way_out()
    by_number.sort(key=lambda address: str(address) != out)
    chosen = [*by_number, *unique] or [one for one in found if one.is_link_local]
    return tuple(dict.fromkeys(str(one) for one in chosen))


def _of_interfaces() -> Iterator[str]:
    states = psutil.net_if_stats()
    for name, addresses in psutil.net_if_addrs().items():
        is_up = name in states and states[name].isup
        if not is_up or name.lower().startswith(_NOT_LOCAL):
            continue
        for one in addresses:
            if one.family in (socket.AF_INET, socket.AF_INET6):
                address = one.address.partition("%")[0]
                if not ipaddress.ip_address(address).is_loopback:
                    yield address


def _way_out() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # documentation address (RFC 5737): nothing is sent
        address: str = probe.getsockname()[0]
        return address
    return ""
