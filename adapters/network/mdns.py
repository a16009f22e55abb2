"""A name on the local network by multicast DNS and DNS-SD, by zeroconf. Source: RFC 6762 and RFC 6763."""

import ipaddress
import logging
from collections.abc import Iterable
from contextlib import suppress

from zeroconf import AddressResolver, Error, IPVersion, NonUniqueNameException  # type: ignore[attr-defined]
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from engine.core.errors import Unavailable
from engine.core.i18n import _
from engine.operations.network.ports import Announcement

log = logging.getLogger("agora.network")
#: It warns, with a trace, of an address that went; whoever follows the addresses announces anew by then.
logging.getLogger("zeroconf").setLevel(logging.ERROR)
HTTP, HTTPS = "_http._tcp.local.", "_https._tcp.local."
MOST_NAMES = 20
#: Of a record: an address, of the internet's class. Source: RFC 1035, section 3.2, and RFC 3596.
TYPE_A, TYPE_AAAA, CLASS_IN = 1, 28, 1
ASK_MS = 900
LONGEST_TITLE = 63


class Mdns:
    """One name, on the interfaces that have these addresses and on no other."""

    def __init__(self) -> None:
        self._told: AsyncZeroconf | None = None
        self._server = ""
        self._own: frozenset[str] = frozenset()

    async def announce(self, wanted: Announcement) -> str:
        """Tell the network the name, or the next one that is free: agora-2.local; return it. Raises Unavailable."""
        await self.withdraw()
        self._own = frozenset(wanted.addresses)
        try:
            self._told = AsyncZeroconf(interfaces=list(wanted.addresses), ip_version=_spoken(wanted.addresses))
            label = await self._free(wanted.name)
            self._server = f"{label}.local."
            for kind, port in ((HTTP, wanted.port), (HTTPS, wanted.secure_port)):
                if port:
                    await self._register(kind, port, wanted)
        except (OSError, Error) as error:
            await self.withdraw()
            raise Unavailable(_("The network cannot be told a name: {reason}."), reason=str(error)) from error
        return f"{label}.local"

    async def has_rival(self) -> bool:
        """Return whether another machine answers to the name too; of two, the one with the greater address yields."""
        if self._told is None:
            return False
        others = _known(self._told, self._server) - self._own
        return bool(others) and _least(self._own) > _least(others)

    async def withdraw(self) -> None:
        """Tell the network that the name is gone."""
        told, self._told = self._told, None
        if told is not None:
            with suppress(OSError, Error):
                await told.async_unregister_all_services()
            await told.async_close()

    async def _free(self, name: str) -> str:
        for number in range(1, MOST_NAMES):
            label = name if number == 1 else f"{name}-{number}"
            if not await self._is_taken(f"{label}.local."):
                return label
        raise Unavailable(_("The network knows {name} and the next names after it already."), name=f"{name}.local")

    async def _is_taken(self, server: str) -> bool:
        """Return whether anybody answers to the name. A machine of that name itself, by its own responder, may."""
        if self._told is None:
            return False
        resolver = AddressResolver(server)
        if not await resolver.async_request(self._told.zeroconf, ASK_MS):
            return False
        log.info("%s is taken by %s", server, ", ".join(resolver.parsed_addresses()))
        return True

    async def _register(self, kind: str, port: int, wanted: Announcement) -> None:
        if self._told is None:
            return
        info = AsyncServiceInfo(
            kind,
            f"{_instance(wanted.title)}.{kind}",
            port=port,
            server=self._server,
            addresses=[ipaddress.ip_address(address).packed for address in wanted.addresses],
            properties={"path": "/"},
        )
        try:
            await (await self._told.async_register_service(info, allow_name_change=True))
        except NonUniqueNameException as error:
            raise Unavailable(_("The network knows too many sites of this name.")) from error


def _instance(title: str) -> str:
    """Return a title as the name of a service: without dots, at most 63 bytes."""
    clean = " ".join(title.replace(".", " ").split()) or "Agora"
    while len(clean.encode()) > LONGEST_TITLE - 4:
        clean = clean[:-1]
    return clean


def _spoken(addresses: Iterable[str]) -> IPVersion:
    """Return by which protocols a machine with these addresses is told of."""
    versions = {ipaddress.ip_address(address).version for address in addresses}
    return IPVersion.All if len(versions) > 1 else IPVersion.V6Only if 6 in versions else IPVersion.V4Only


def _known(told: AsyncZeroconf, server: str) -> frozenset[str]:
    """Return the addresses under which the name was heard."""
    cache = told.zeroconf.cache
    records = [one for kind in (TYPE_A, TYPE_AAAA) for one in cache.get_all_by_details(server, kind, CLASS_IN)]
    packed = [getattr(one, "address", b"") for one in records]
    return frozenset(str(ipaddress.ip_address(address)) for address in packed if address)


def _least(addresses: Iterable[str]) -> int:
    return min((int(ipaddress.ip_address(address)) for address in addresses), default=0)
