"""Which addresses this machine has on the local network: those of real interfaces that are up."""

import ipaddress
import socket
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


def local_addresses() -> tuple[str, ...]:
    """Return IPv4 addresses that the local network knows this machine by, the one it goes out by first."""
    found: list[str] = []
    states = psutil.net_if_stats()
    for name, addresses in psutil.net_if_addrs().items():
        is_up = name in states and states[name].isup
        if not is_up or name.lower().startswith(_NOT_LOCAL):
            continue
        found += [one.address for one in addresses if one.family == socket.AF_INET and _is_local(one.address)]
    out = _way_out()
    return tuple(sorted(dict.fromkeys(found), key=lambda address: address != out))


def _is_local(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    return not (parsed.is_loopback or parsed.is_unspecified)


def _way_out() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # documentation address (RFC 5737): nothing is sent
        address: str = probe.getsockname()[0]
        return address
    return ""
