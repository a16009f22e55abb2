"""Which addresses this machine is known by on its network, and the sockets that take both kinds."""

import socket
from typing import NamedTuple

import psutil
import pytest

from adapters.network import interfaces
from app.listening import EVERYWHERE, bind, join
from app.patience import plain
from engine.api.serving import Serving
from engine.core.errors import Invalid


class Address(NamedTuple):
    family: int
    address: str


class Stats(NamedTuple):
    isup: bool


@pytest.fixture
def machine(monkeypatch):
    """A machine with these interfaces: `machine(eth0=["192.168.1.2"])`."""

    def made(**of):
        found = {
            name: [Address(socket.AF_INET6 if ":" in one else socket.AF_INET, one) for one in addresses]
            for name, addresses in of.items()
        }
        monkeypatch.setattr(psutil, "net_if_addrs", lambda: found)
        monkeypatch.setattr(psutil, "net_if_stats", lambda: {name: Stats(name != "down0") for name in found})
        return interfaces.local_addresses()

    return made


class TestLocalAddresses:
    def test_are_those_of_the_room_with_ipv4_first(self, machine):
        assert machine(
            lo=["127.0.0.1", "::1"],
            docker0=["172.17.0.1"],
            down0=["192.168.7.7"],
            eth0=["fd00::2", "2001:db8:1::2", "fe80::1%eth0", "192.168.1.2"],
        ) == ("192.168.1.2", "fd00::2")

    def test_are_those_of_the_link_where_there_is_nothing_else(self, machine):
        found = machine(eth0=["fe80::1%eth0", "2600:1f18::2"])
        assert found == ("fe80::1",)
        assert Serving(EVERYWHERE, 8000, found, name="agora.local").network_urls == ()

    def test_ipv4_is_what_people_are_shown_where_there_is_both(self, machine):
        serving = Serving(EVERYWHERE, 8000, machine(eth0=["fd00::2", "192.168.1.2"]))
        assert serving.network_urls == ("http://192.168.1.2:8000",)

    def test_a_network_of_ipv6_alone_is_written_in_brackets(self, machine):
        serving = Serving(EVERYWHERE, 8000, machine(eth0=["fd00::2", "fe80::1%eth0"]), secure_port=8443)
        assert serving.network_urls == ("http://[fd00::2]:8000",)
        assert serving.secure_urls == ("https://[fd00::2]:8443",)
        assert serving.url == "http://127.0.0.1:8000"


class TestBind:
    def test_everywhere_takes_both_kinds(self):
        with bind(EVERYWHERE, 0, is_exact=True) as listening:
            listening.listen()
            port = listening.getsockname()[1]
            socket.create_connection(("127.0.0.1", port)).close()
            socket.create_connection(("::1", port)).close()
            with pytest.raises(Invalid, match=str(port)):
                bind("0.0.0.0", port, is_exact=True)  # noqa: S104 - the other way to say everywhere

    def test_a_shared_port_is_joined_by_those_who_ask_and_is_taken_for_the_others(self):
        with bind("127.0.0.1", 0, is_exact=True) as alone:
            alone.listen()
            with pytest.raises(Invalid, match="cannot be shared"):
                join("127.0.0.1", alone.getsockname()[1])
            port = alone.getsockname()[1]
        with bind("127.0.0.1", port, is_exact=True, is_shared=True) as first:
            first.listen()
            with join("127.0.0.1", port) as second:
                assert second.getsockname() == first.getsockname()
            with pytest.raises(Invalid, match=str(port)):
                bind("127.0.0.1", port, is_exact=True, is_shared=True)


def test_who_comes_by_ipv4_is_called_as_ever():
    assert plain(("::ffff:192.168.1.4", 4711)) == ("192.168.1.4", 4711)
    assert plain(("fd00::4", 4711)) == ("fd00::4", 4711)
    assert plain(("::ffff:0:0", 4711)) == ("::ffff:0:0", 4711)
    assert plain(None) is None
