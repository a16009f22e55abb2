"""What pages and commands know of the network: the authority's certificate, the firewall, and who came by."""

import asyncio
import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from anyio import to_thread

from engine.core.i18n import _
from engine.core.ports import Clock
from engine.operations.network.ports import Check, Firewall, FirewallView, Verdict
from engine.operations.network.roots import Root, root_in

CONNECT_SECONDS = 2.0
#: Who stays is told of once in this time.
NEWS_AFTER = timedelta(seconds=2)
ARRIVAL = ".arrival"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who came from another machine of the network."""

    address: str
    at: datetime

    def is_news_after(self, other: "Arrival | None") -> bool:
        """Return whether it is worth telling, where the other one was told."""
        return other is None or other.address != self.address or self.at - other.at >= NEWS_AFTER


@dataclass(slots=True)
class Network:
    """The house's view of it. own: this machine's addresses; shared: where several processes tell who came by."""

    data_dir: Path
    firewall: Firewall
    clock: Clock
    shared: Path | None = None
    own: frozenset[str] = field(default_factory=frozenset)
    _last: Arrival | None = None
    _written: Arrival | None = None

    def root(self) -> Root | None:
        """Return what devices are to trust; None until https is switched on for the first time."""
        return root_in(self.data_dir)

    def arrived(self, address: str) -> None:
        """Remember that somebody came from the local network, unless it is this machine by another address."""
        if address in self.own:
            return
        self._last = Arrival(address, self.clock.now())
        if self.shared is not None and self._last.is_news_after(self._written):
            self.shared.mkdir(mode=0o700, exist_ok=True)
            (self.shared / f"{os.getpid()}{ARRIVAL}").write_text(f"{address} {self._last.at.isoformat()}")
            self._written = self._last

    @property
    def newest(self) -> Arrival | None:
        """Who came last, to whichever process of this server."""
        told = [] if self.shared is None else [_read(path) for path in self.shared.glob(f"*{ARRIVAL}")]
        known = [one for one in (self._last, *told) if one is not None]
        return max(known, key=lambda one: one.at, default=None)

    async def checks(self, addresses: Sequence[str], ports: Sequence[int]) -> list[Check]:
        """Return what stands in the way of others. addresses: of this machine; ports: where it listens, http first."""
        reached = [await _reaches(address, ports[0]) for address in addresses]
        views = await to_thread.run_sync(self.firewall.look, tuple(ports))
        return [*_own(addresses, ports[0], reached), *(_told(view) for view in views)]


def _read(path: Path) -> Arrival | None:
    try:
        address, at = path.read_text().split()
        return Arrival(address, datetime.fromisoformat(at))
    except (OSError, ValueError):
        return None  # it is being written, or its process ended


def _own(addresses: Sequence[str], port: int, reached: Sequence[bool]) -> list[Check]:
    if not addresses:
        return [Check(Verdict.CLOSED, _("This machine is on no network. Connect it to one."))]
    found = []
    for address, is_reached in zip(addresses, reached, strict=True):
        place = f"[{address}]:{port}" if ipaddress.ip_address(address).version == 6 else f"{address}:{port}"
        if is_reached:
            found.append(Check(Verdict.OPEN, _("Agora answers at {place}.").having(place=place)))
        else:
            text = _("Agora does not answer at {place}, not even from this machine.").having(place=place)
            found.append(Check(Verdict.CLOSED, text))
    return found


def _told(view: FirewallView) -> Check:
    texts = {
        Verdict.OPEN: _("{name} lets others in."),
        Verdict.CLOSED: _("{name} keeps others out. Open it:"),
        Verdict.UNKNOWN: _("{name} is on, and only an administrator may read its rules. If others do not get in:"),
    }
    return Check(view.verdict, texts[view.verdict].having(name=view.name), view.command)


async def _reaches(address: str, port: int) -> bool:
    """Return whether somebody answers there: our own connection takes the way of others, but for the cable."""
    try:
        _reader, writer = await asyncio.wait_for(asyncio.open_connection(address, port), CONNECT_SECONDS)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True
