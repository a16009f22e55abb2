"""What watches the house: the machine, other systems that are told, and the register of personal data."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from app.logs import LogLevel
from engine.core.domain import Domain
from engine.core.gauges import Gauge
from engine.core.jobgauges import GAUGES
from engine.core.secrets import Secrets
from engine.core.settings import SettingsStore
from engine.operations.ports import Machine, MachineState
from engine.operations.privacy.held import PERSONAL, RETENTIONS
from engine.operations.privacy.register import Register


def follow_level(settings: SettingsStore, started: str) -> None:
    """Have the log keep lines from the level on that the settings choose. started: the one of this process."""
    level = LogLevel(started)
    settings.heard.append(lambda site: level.follow(site.logs))


def gauges_of(domains: Sequence[Domain]) -> list[Gauge]:
    """Return the numbers of every domain, and the queue's."""
    return [*GAUGES, *(gauge for domain in domains for gauge in domain.gauges)]


def register_of(secrets: Secrets, domains: Sequence[Domain]) -> Register:
    """Return the register of what every domain holds of people."""
    personal = [*PERSONAL, *(part for domain in domains for part in domain.personal)]
    retentions = [*RETENTIONS, *(one for domain in domains for one in domain.retentions)]
    return Register(secrets, personal, retentions)


class LateHook:
    """Tells other systems; what speaks HTTP is imported with the first time."""

    async def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the status with which the other side took it."""
        status: int = await import_module("adapters.web.hook").WebHook().post(address, body, headers)
        return status


class LateMachine:
    """Reads this machine; what knows how is imported with the first reading."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._machine: Machine | None = None

    def read(self) -> MachineState:
        """Return how the machine is."""
        if self._machine is None:
            self._machine = import_module("adapters.machine.local").LocalMachine(self._folder)
        return self._machine.read()
