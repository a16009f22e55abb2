"""What is read of firewalls, by what each of them prints. It knows no database."""

import pytest

from adapters.network.firewall import LocalFirewall
from engine.operations.network.ports import Verdict

UFW = """Status: active

To                         Action      From
--                         ------      ----
8000/tcp                   ALLOW       Anywhere
8000/tcp (v6)              ALLOW       Anywhere (v6)
"""
NFT = """table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		tcp dport { 22, 8000 } accept
	}
}
"""


def machine(tmp_path, platform="linux", **answers):
    """A machine whose programs print this, by their name; no other program is there."""

    def ask(command):
        found = answers.get(command[0].rpartition("/")[2].replace("-", "_"))
        return found(command) if callable(found) else found

    return LocalFirewall(platform, ask, tmp_path)


@pytest.mark.parametrize(("ports", "verdict"), [([8000], Verdict.OPEN), ([8000, 8443], Verdict.CLOSED)])
def test_ufw_s_rules_are_read_by_an_administrator(tmp_path, ports, verdict):
    (found,) = machine(tmp_path, ufw=(0, UFW)).look(ports)
    assert (found.name, found.verdict) == ("ufw", verdict)
    assert ("sudo ufw allow 8443/tcp" in found.command) is (verdict is Verdict.CLOSED)


def test_ufw_that_may_not_be_read_is_said_to_be_on(tmp_path):
    (tmp_path / "ufw").mkdir()
    (tmp_path / "ufw" / "ufw.conf").write_text("# ufw\nENABLED=yes\n")
    (found,) = machine(tmp_path, ufw=(1, "ERROR: You need to be root")).look([8000])
    assert (found.verdict, found.command) == (Verdict.UNKNOWN, "sudo ufw allow 8000/tcp")
    (tmp_path / "ufw" / "ufw.conf").write_text("ENABLED=no\n")
    assert machine(tmp_path, ufw=(1, "ERROR: You need to be root")).look([8000]) == []


@pytest.mark.parametrize(("listed", "verdict"), [("7000-8100/tcp", Verdict.OPEN), ("8000/udp 22/tcp", Verdict.CLOSED)])
def test_firewalld(tmp_path, listed, verdict):
    def answers(command):
        return (0, "running\n") if "--state" in command else (0, listed)

    (found,) = machine(tmp_path, firewall_cmd=answers).look([8000])
    assert found.verdict is verdict


@pytest.mark.parametrize(("port", "verdict"), [(8000, Verdict.OPEN), (8001, Verdict.CLOSED), (800, Verdict.CLOSED)])
def test_nftables_that_drops_what_it_does_not_name(tmp_path, port, verdict):
    (found,) = machine(tmp_path, nft=(0, NFT)).look([port])
    assert found.verdict is verdict
    assert machine(tmp_path, nft=(0, NFT.replace("drop", "accept"))).look([port]) == []


def test_windows_and_macos(tmp_path):
    def netsh(command):
        return (0, "State                                 ON\n") if "state" in command else (1, "No rules match.")

    (windows,) = machine(tmp_path, "win32", netsh=netsh).look([8000, 8443])
    assert (windows.verdict, "localport=8000,8443" in windows.command) == (Verdict.UNKNOWN, True)
    on = machine(tmp_path, "darwin", socketfilterfw=(0, "Firewall is enabled. (State = 1)"))
    assert [found.verdict for found in on.look([8000])] == [Verdict.UNKNOWN]
    off = machine(tmp_path, "darwin", socketfilterfw=(0, "Firewall is disabled. (State = 0)"))
    assert off.look([8000]) == []


def test_a_machine_without_a_firewall_says_nothing(tmp_path):
    assert machine(tmp_path).look([8000]) == []
