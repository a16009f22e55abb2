"""Keeps what the network knows of this server true: its name, its addresses, its certificate.

Looks every ten seconds, and at once when the settings change. What fails is told on the page, and stops nothing. Of
several processes one speaks to the network; all of them serve https and show what that one said.
"""

import asyncio
import logging
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace

from anyio import to_thread

from app.network.crewing import Alone, Crew, Told
from app.network.securing import SecureDoor
from engine.api.ports import Ports
from engine.api.serving import Serving
from engine.core.ending import end
from engine.core.errors import AgoraError, Unavailable
from engine.core.facts import RecordedFact
from engine.core.i18n import Message
from engine.core.settings import SettingsUpdated
from engine.core.site import Reach, SurfaceName
from engine.operations.network.ports import Announcement, Announcer, Authority, Holder

log = logging.getLogger("agora.network")
LOOK_SECONDS = 10.0
#: How often a process listens for what the one that leads says.
HEAR_SECONDS = 2.0
#: Nobody looks for these by a name.
_UNSEEN = (SurfaceName.METRICS,)


@dataclass(frozen=True, slots=True)
class Tools:
    """What the keeper works with.

    addresses: this machine's, read anew; bind: a socket for https, on a free port; join: one on the port that another
    process has. crew: the processes of this server.
    """

    announcer: Announcer
    authority: Authority
    addresses: Callable[[], Sequence[str]]
    bind: Callable[[], socket.socket]
    join: Callable[[int], socket.socket]
    crew: Crew = field(default_factory=Alone)


class NetworkKeeper:
    """One process's. tell: takes what the process knows of itself, each time that it changed."""

    def __init__(self, ports: Ports, serving: Serving, tools: Tools, tell: Callable[[Serving], None]) -> None:
        self._ports, self._serving, self._tools, self._tell = ports, serving, tools, tell
        self._door: SecureDoor | None = None
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._told: Announcement | None = None
        #: Hears each line for a person at a terminal.
        self.say: Callable[[str], None] = lambda _line: None

    def start(self, door: SecureDoor) -> None:
        """Begin to look. door: where https is opened."""
        self._door = door
        self._ports.bus.subscribe(self._hear)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Tell the network that the name is gone, and look no more."""
        if self._task is not None:
            await end(self._task)
        await self._tools.announcer.withdraw()
        self._tools.crew.leave()

    async def _hear(self, recorded: RecordedFact) -> None:
        if isinstance(recorded.fact, SettingsUpdated):
            self._wake.set()

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("the network could not be looked at; trying again")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._patience)
            self._wake.clear()

    @property
    def _patience(self) -> float:
        return LOOK_SECONDS if self._tools.crew.leads() else HEAR_SECONDS

    async def look(self) -> None:
        """Bring name, addresses and https to what the settings and the machine say now, or the process that leads."""
        if self._tools.crew.leads():
            found = await self._led()
            self._tools.crew.tell(Told.of(found))
        else:
            found = await self._followed()
        self._ports.network.own = frozenset(found.addresses)
        if found != self._serving:
            if self._told is not None and found.network_urls != self._serving.network_urls:
                for url in filter(None, (found.named_url, *found.network_urls[:2])):
                    self.say(f"  On your network     {url}")
            self._serving = found
            self._tell(found)

    async def _led(self) -> Serving:
        wanted = self._ports.site.system.network
        found = replace(self._serving, addresses=await self._addresses())
        bound, found = self._bound(found) if wanted.https else (None, await self._unsecured(found))
        try:
            found = await self._named(found)
            if wanted.https and found.secure_port:
                found = await self._secured(found, bound)
                bound = None if self._door is not None and self._door.is_open else bound
        finally:
            if bound is not None:
                bound.close()
        return found

    async def _followed(self) -> Serving:
        """Return what the process that leads says, and serve https where it does."""
        said = self._tools.crew.hear()
        found = replace(self._serving, **{name: getattr(said, name) for name in asdict(said)})
        if not (found.secure_port and self._ports.site.system.network.https):
            if self._door is not None and self._door.is_open:
                await self._door.close()
            return found
        bound = None
        if self._door is not None and not self._door.is_open:
            bound = self._tools.join(found.secure_port)
        try:
            return await self._secured(found, bound)
        finally:
            if bound is not None and self._door is not None and not self._door.is_open:
                bound.close()

    async def _addresses(self) -> tuple[str, ...]:
        if self._serving.is_for_this_machine_only:
            return ()
        if not self._serving.is_everywhere:
            return (self._serving.host,)
        return tuple(await to_thread.run_sync(self._tools.addresses))

    @property
    def _is_shared(self) -> bool:
        """Whether somebody on the network may come in anywhere."""
        surfaces = self._ports.site.system.surfaces
        return any(getattr(surfaces, name) is not Reach.THIS_MACHINE for name in SurfaceName if name not in _UNSEEN)

    def _bound(self, found: Serving) -> tuple[socket.socket | None, Serving]:
        """Return a socket for https where none is open yet, and its port."""
        if self._door is None or self._door.is_open:
            return None, found
        try:
            bound = self._tools.bind()
        except AgoraError as error:
            return None, replace(found, secure_port=0, secure_trouble=error.message)
        return bound, replace(found, secure_port=bound.getsockname()[1], secure_trouble="")

    async def _secured(self, found: Serving, bound: socket.socket | None) -> Serving:
        """Have the certificate be for the names and addresses of now, and https listen."""
        site, name = self._ports.site, f"{self._ports.site.system.network.name}.local"
        names = tuple(dict.fromkeys(one for one in (found.name, name, f"{_own_name()}.local") if one))
        holder = Holder(site.general.site_name, names, found.addresses)
        try:
            context = await to_thread.run_sync(self._tools.authority.context, holder)
        except Unavailable as error:
            log.warning("https on the local network: %s", error)
            return replace(found, secure_port=0 if bound else found.secure_port, secure_trouble=error.message)
        if bound is not None and self._door is not None:
            await self._door.open(bound, context)
            log.info("https is served on port %s", found.secure_port)
        return replace(found, secure_trouble="")

    async def _unsecured(self, found: Serving) -> Serving:
        if self._door is not None and self._door.is_open:
            await self._door.close()
        return replace(found, secure_port=0, secure_trouble="")

    async def _named(self, found: Serving) -> Serving:
        """Have the network know the name while the site is shared there, and not otherwise."""
        network, announcer = self._ports.site.system.network, self._tools.announcer
        if not (network.announced and self._is_shared and found.addresses):
            if self._told is not None or found.name_trouble:
                self._told = None
                await announcer.withdraw()
            return replace(found, name="", name_trouble="")
        title = self._ports.site.general.site_name
        wanted = Announcement(title, network.name, found.port, found.addresses, found.secure_port)
        if wanted == self._told and not await announcer.has_rival():
            return found
        trouble: Message | str = ""
        name = ""
        try:
            name = await announcer.announce(wanted)
            self._told = wanted
        except Unavailable as error:
            self._told, trouble = None, error.message
            if trouble != found.name_trouble:
                log.warning("%s", error)
        return replace(found, name=name, name_trouble=trouble)


def _own_name() -> str:
    """Return this machine's name as one label, where it is one that certificates take."""
    label = socket.gethostname().split(".")[0].lower()
    return label if label.isascii() and label.replace("-", "").isalnum() else "localhost"
