"""What being on a network asks of the machine: its addresses, its firewall, a name, and certificates."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from engine.core.i18n import Message


class Verdict(StrEnum):
    """What a firewall does with those who come from the network."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FirewallView:
    """What is known of a firewall. name: what it calls itself; command: what opens it, in a terminal."""

    name: str
    verdict: Verdict
    command: str = ""


class Firewall(Protocol):
    """Reads this machine's firewalls, without changing them; takes up to a few seconds, in a thread."""

    def look(self, ports: Sequence[int]) -> Sequence[FirewallView]: ...


class MemoryFirewall:
    """Firewalls that are as a test says."""

    def __init__(self, *views: FirewallView) -> None:
        self.views = views

    def look(self, ports: Sequence[int]) -> Sequence[FirewallView]:
        """Return what it was given."""
        return self.views


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a network is told. name: one label, without .local; secure_port: of https, 0 where there is none."""

    title: str
    name: str
    port: int
    addresses: tuple[str, ...]
    secure_port: int = 0


class Announcer(Protocol):
    """Tells the network a name, for as long as it is not told to stop."""

    async def announce(self, wanted: Announcement) -> str:
        """Return the name it got, with .local: another one where somebody has it. Raises Unavailable."""
        ...

    async def has_rival(self) -> bool:
        """Return whether somebody else uses the name by now, who is to keep it."""
        ...

    async def withdraw(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a certificate is for: names, and addresses on the local network. title: the site's."""

    title: str
    names: tuple[str, ...]
    addresses: tuple[str, ...]


class Authority(Protocol):
    """Vouches for this installation on its own network."""

    def context(self, holder: Holder) -> ssl.SSLContext:
        """Return what a server speaks TLS by, made or renewed where it must be. Raises Unavailable."""
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. command: what mends it, in a terminal."""

    verdict: Verdict
    text: Message
    command: str = ""
