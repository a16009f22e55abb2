"""The machine's firewalls, as far as whoever runs Agora may read them. Nothing is changed by looking."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from engine.operations.network.ports import FirewallView, Verdict

PATIENCE_SECONDS = 4.0
#: `(command)` -> exit code and what it printed; None where there is no such program, or it does not end.
Run = Callable[[Sequence[str]], tuple[int, str] | None]
_SBIN = "/usr/sbin:/sbin:/usr/local/sbin"


def run(command: Sequence[str]) -> tuple[int, str] | None:
    """Run a program of the system and return what it says."""
    found = shutil.which(command[0]) or shutil.which(command[0], path=_SBIN)
    if found is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command of the system's own
            [found, *command[1:]],
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
            text=True,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.returncode, done.stdout + done.stderr


class LocalFirewall:
    """Reads ufw, firewalld and nftables on Linux, Defender's firewall on Windows, the application firewall on macOS."""

    def __init__(self, platform: str = sys.platform, ask: Run = run, etc: Path = Path("/etc")) -> None:
        self._platform, self._ask, self._etc = platform, ask, etc

    def look(self, ports: Sequence[int]) -> Sequence[FirewallView]:
        """Return the firewalls that are on; none where nothing is."""
        if self._platform == "win32":
            return [*self._windows(ports)]
        if self._platform == "darwin":
            return [*self._macos()]
        managed = [*self._ufw(ports), *self._firewalld(ports)]
        return managed or [*self._nftables(ports)]

    def _ufw(self, ports: Sequence[int]) -> Iterator[FirewallView]:
        command = " && ".join(f"sudo ufw allow {port}/tcp" for port in ports)
        said = self._ask(["ufw", "status"])
        if said is not None and said[0] == 0:
            if "Status: active" in said[1]:
                allowed = all(re.search(rf"^{port}(/tcp)?\s+ALLOW", said[1], re.MULTILINE) for port in ports)
                yield FirewallView("ufw", Verdict.OPEN if allowed else Verdict.CLOSED, "" if allowed else command)
            return
        try:
            written = (self._etc / "ufw" / "ufw.conf").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return
        if re.search(r"^ENABLED\s*=\s*yes", written, re.MULTILINE):
            yield FirewallView("ufw", Verdict.UNKNOWN, command)

    def _firewalld(self, ports: Sequence[int]) -> Iterator[FirewallView]:
        state = self._ask(["firewall-cmd", "--state"])
        if state is None or state[0] != 0:
            return
        adds = " ".join(f"--add-port={port}/tcp" for port in ports)
        command = f"sudo firewall-cmd --permanent {adds} && sudo firewall-cmd --reload"
        listed = self._ask(["firewall-cmd", "--list-ports"])
        if listed is None or listed[0] != 0:
            yield FirewallView("firewalld", Verdict.UNKNOWN, command)
            return
        ranges = [_range(one) for one in listed[1].split() if one.endswith("/tcp")]
        allowed = all(any(low <= port <= high for low, high in ranges) for port in ports)
        yield FirewallView("firewalld", Verdict.OPEN if allowed else Verdict.CLOSED, "" if allowed else command)

    def _nftables(self, ports: Sequence[int]) -> Iterator[FirewallView]:
        said = self._ask(["nft", "list", "ruleset"])
        if said is None or said[0] != 0:
            return
        chains = re.findall(r"chain \S+ \{\n(.*?)\n\s*\}\n", said[1], re.DOTALL)
        shut = [chain for chain in chains if "hook input" in chain and "policy drop" in chain]
        if not shut:
            return
        allowed = all(all(re.search(rf"dport [^\n]*\b{port}\b[^\n]*accept", chain) for chain in shut) for port in ports)
        listed = ", ".join(str(port) for port in ports)
        command = f"sudo nft add rule inet filter input tcp dport {{ {listed} }} accept"
        yield FirewallView("nftables", Verdict.OPEN if allowed else Verdict.CLOSED, "" if allowed else command)

    def _windows(self, ports: Sequence[int]) -> Iterator[FirewallView]:
        state = self._ask(["netsh", "advfirewall", "show", "currentprofile", "state"])
        if state is None or not re.search(r"\bON\b", state[1]):
            return
        listed = ",".join(str(port) for port in ports)
        command = (
            f'netsh advfirewall firewall add rule name="Agora" dir=in action=allow protocol=TCP localport={listed}'
        )
        rule = self._ask(["netsh", "advfirewall", "firewall", "show", "rule", "name=Agora", "dir=in"])
        allowed = rule is not None and rule[0] == 0 and all(str(port) in rule[1] for port in ports)
        yield FirewallView("Windows Defender Firewall", Verdict.OPEN if allowed else Verdict.UNKNOWN,
                           "" if allowed else command)  # fmt: skip

    def _macos(self) -> Iterator[FirewallView]:
        tool = "/usr/libexec/ApplicationFirewall/socketfilterfw"
        state = self._ask([tool, "--getglobalstate"])
        if state is None or "enabled" not in state[1]:
            return
        blocks = self._ask([tool, "--getblockall"])
        program = sys.executable
        if blocks is not None and "DISABLED" not in blocks[1].upper() and "block all" in blocks[1].lower():
            yield FirewallView("The macOS firewall", Verdict.CLOSED, f"sudo {tool} --setblockall off")
            return
        command = f"sudo {tool} --add {program} && sudo {tool} --unblockapp {program}"
        yield FirewallView("The macOS firewall", Verdict.UNKNOWN, command)


def _range(written: str) -> tuple[int, int]:
    low, _dash, high = written.removesuffix("/tcp").partition("-")
    return int(low), int(high or low)
