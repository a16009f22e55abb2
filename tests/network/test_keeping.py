"""What a process tells its network: while it is shared, under the addresses of now. On SQLite: it knows no database."""

import socket

import pytest

from app.network.crewing import Alone, Shared
from app.network.keeping import NetworkKeeper, Tools
from engine.api.serving import Serving
from engine.core.errors import Unavailable
from engine.core.i18n import _
from engine.core.site import System
from engine.operations.network.network import Arrival, Network
from engine.operations.network.ports import Announcement, MemoryFirewall

EVERYWHERE = Serving("0.0.0.0", 8001, ("192.168.1.20",))  # noqa: S104 - what a server listens on


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


class Announcer:
    """Remembers what it was told. taken: names that somebody else has; is_broken: whether it fails."""

    def __init__(self):
        self.told, self.taken, self.is_broken, self.rival = None, set(), False, False
        self.times = 0

    async def announce(self, wanted):
        if self.is_broken:
            raise Unavailable(_("The network cannot be told a name: {reason}."), reason="no route")
        self.told, self.times = wanted, self.times + 1
        return f"{wanted.name}-2.local" if wanted.name in self.taken else f"{wanted.name}.local"

    async def has_rival(self):
        return self.rival

    async def withdraw(self):
        self.told = None


class NoAuthority:
    def context(self, holder):
        raise AssertionError("https is off")


@pytest.fixture
def keep(house):
    """`keeper, announcer, machine, said = keep()`; machine.addresses are this machine's."""

    class Machine:
        addresses = ("192.168.1.20",)

    def made(serving=EVERYWHERE, crew=None):
        announcer, machine, said = Announcer(), Machine(), [serving]
        joins = [socket.socket, lambda _port: socket.socket()]
        tools = Tools(announcer, NoAuthority(), lambda: machine.addresses, *joins, crew or Alone())
        return NetworkKeeper(house, serving, tools, said.append), announcer, machine, said

    return made


@pytest.fixture
def set_system(house, owner):
    async def setting(**sent):
        async with house.db.write() as tx:
            await house.settings.update(tx, owner, System.key, sent)
        await house.settings.refresh()

    return setting


OPEN = {"storefront": "local-network"}


async def test_nothing_is_told_while_nothing_is_open(keep):
    keeper, announcer, _machine, said = keep()
    await keeper.look()
    assert (announcer.told, said[-1].name) == (None, "")


async def test_the_name_is_told_once_while_something_is_open_and_taken_back_after(keep, set_system):
    keeper, announcer, _machine, said = keep()
    await set_system(surfaces=OPEN)
    await keeper.look()
    await keeper.look()
    assert announcer.told == Announcement("Agora", "agora", 8001, ("192.168.1.20",))
    assert (announcer.times, said[-1].named_url) == (1, "http://agora.local:8001")
    await set_system(surfaces={"storefront": "this-machine"})
    await keeper.look()
    assert (announcer.told, said[-1].name) == (None, "")


async def test_metrics_alone_are_nothing_to_look_for(keep, set_system):
    keeper, announcer, _machine, _said = keep()
    await set_system(surfaces={"metrics": "everyone"})
    await keeper.look()
    assert announcer.told is None


async def test_a_process_for_this_machine_only_tells_nothing(keep, set_system):
    keeper, announcer, _machine, _said = keep(Serving("127.0.0.1", 8001))
    await set_system(surfaces=OPEN)
    await keeper.look()
    assert announcer.told is None


async def test_it_follows_the_address_and_the_name(keep, set_system, house):
    keeper, announcer, machine, said = keep()
    await set_system(surfaces=OPEN)
    await keeper.look()
    machine.addresses = ("10.0.0.9",)
    await keeper.look()
    assert announcer.told.addresses == said[-1].addresses == ("10.0.0.9",)
    assert house.network.own == {"10.0.0.9"}
    await set_system(network={"name": "kiln"})
    await keeper.look()
    assert said[-1].name == "kiln.local"
    machine.addresses = ()
    await keeper.look()
    assert (announcer.told, said[-1].network_urls) == (None, ())


async def test_another_name_is_told_where_somebody_has_it_and_a_rival_is_given_way(keep, set_system):
    keeper, announcer, _machine, said = keep()
    announcer.taken.add("agora")
    await set_system(surfaces=OPEN)
    await keeper.look()
    assert said[-1].name == "agora-2.local"
    announcer.rival = True
    await keeper.look()
    assert announcer.times == 2


async def test_a_network_that_cannot_be_told_is_said_and_stops_nothing(keep, set_system):
    keeper, announcer, _machine, said = keep()
    announcer.is_broken = True
    await set_system(surfaces=OPEN)
    await keeper.look()
    assert (said[-1].name, "no route" in str(said[-1].name_trouble)) == ("", True)
    announcer.is_broken = False
    await keeper.look()
    assert (said[-1].name, said[-1].name_trouble) == ("agora.local", "")


async def test_of_several_processes_one_tells_the_network_and_the_next_one_when_it_ends(keep, set_system, tmp_path):
    await set_system(surfaces=OPEN)
    first, told, _machine, _said = keep(crew=Shared(tmp_path))
    second, silent, machine, said = keep(crew=Shared(tmp_path))
    machine.addresses = ("10.9.9.9",)
    told.taken.add("agora")
    await first.look()
    await second.look()
    assert (told.times, silent.times) == (1, 0)
    assert (said[-1].name, said[-1].addresses) == ("agora-2.local", ("192.168.1.20",))
    told.is_broken, told.rival = True, True
    await first.look()
    await second.look()
    assert "no route" in str(said[-1].name_trouble)
    await first.stop()
    await second.look()
    assert (silent.told.addresses, said[-1].name, said[-1].name_trouble) == (("10.9.9.9",), "agora.local", "")
    await second.stop()


async def test_who_came_by_is_known_to_every_process(tmp_path, clock):
    one, other = (Network(tmp_path, MemoryFirewall(), clock, tmp_path / "crew") for _process in range(2))
    assert other.newest is None
    one.arrived("192.168.1.30")
    assert other.newest == Arrival("192.168.1.30", clock.now())
    clock.move(seconds=1)
    one.arrived("192.168.1.30")
    assert (one.newest.at - other.newest.at).seconds == 1  # a page that is drawn in pieces is told of once
    clock.move(seconds=5)
    other.arrived("192.168.1.31")
    assert one.newest == Arrival("192.168.1.31", clock.now())
