"""The name that the network is told, on loopback only: said, found, given way to, and taken back."""

import pytest
from zeroconf import AddressResolver, IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from adapters.network.mdns import HTTP, Mdns
from engine.core.errors import Unavailable
from engine.core.ids import new_secret
from engine.operations.network.ports import Announcement

LOOPBACK = ("127.0.0.1",)


@pytest.fixture
def name():
    """A name that no other test says at the same time."""
    return "agora-" + "".join(c for c in new_secret().lower() if c.isalnum())[:12]


@pytest.fixture
async def listener():
    listening = AsyncZeroconf(interfaces=list(LOOPBACK), ip_version=IPVersion.V4Only)
    yield listening
    await listening.async_close()


async def addresses(listener, name):
    """Return under which addresses somebody who asks the network finds the name."""
    resolver = AddressResolver(f"{name}.local.")
    await resolver.async_request(listener.zeroconf, 1500)
    return resolver.parsed_addresses()


async def test_the_name_leads_here_until_it_is_withdrawn(listener, name):
    mdns = Mdns()
    title = f"Kiln & Co. {name}"
    assert await mdns.announce(Announcement(title, name, 8000, LOOPBACK, 8443)) == f"{name}.local"
    assert await addresses(listener, name) == ["127.0.0.1"]
    found = AsyncServiceInfo(HTTP, f"{title.replace('.', '')}.{HTTP}")
    assert await found.async_request(listener.zeroconf, 1500)
    assert (found.port, found.server) == (8000, f"{name}.local.")
    await mdns.withdraw()
    fresh = AsyncZeroconf(interfaces=list(LOOPBACK), ip_version=IPVersion.V4Only)
    assert await addresses(fresh, name) == []
    await fresh.async_close()


async def test_a_name_that_somebody_has_is_left_to_them(name):
    first, second = Mdns(), Mdns()
    wanted = Announcement(f"Kiln {name}", name, 8000, LOOPBACK)
    assert await first.announce(wanted) == f"{name}.local"
    assert await second.announce(wanted) == f"{name}-2.local"
    assert not await first.has_rival()
    await first.withdraw()
    await second.withdraw()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the library leaves a socket to Python
async def test_an_address_that_is_not_this_machine_s_is_said():
    with pytest.raises(Unavailable, match="cannot be told a name"):
        await Mdns().announce(Announcement("Kiln", "agora", 8000, ("198.51.100.7",)))
