"""What watches over the house, joined of what its domains offer: numbers, personal data, and the log's level."""

from collections.abc import Sequence

from app.logs import LogLevel
from engine.core.domain import Domain
from engine.core.gauges import Gauge
from engine.core.jobgauges import GAUGES
from engine.core.secrets import Secrets
from engine.core.settings import SettingsStore
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
