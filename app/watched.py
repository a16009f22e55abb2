"""What watches over the house, joined of what its domains offer: numbers, personal data, and the log's level."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from app.logs import LogLevel
from engine.accounts import identity
from engine.core import scheduled
from engine.core.domain import Domain
from engine.core.gauges import Gauge
from engine.core.i18n import _
from engine.core.jobgauges import GAUGES
from engine.core.ports import Clock
from engine.core.running import JobRunner
from engine.core.secrets import Secrets
from engine.core.settings import SettingsStore
from engine.operations.backups.backups import Backups
from engine.operations.privacy.held import PERSONAL, RETENTIONS
from engine.operations.privacy.register import Register

LOOK_EVERY = timedelta(minutes=1)


def concerns_of(
    backups: Backups, runner: JobRunner, clock: Clock
) -> Callable[[Connection, datetime], Mapping[str, str]]:  # fmt: skip
    """Return what says what is not as it should be, by the rule of the alert. An unclaimed house worries nobody.

    What the disk says of the backups is asked once a minute.
    """
    kinds = [kind.name for kind in runner.kinds.values() if kind.every is not None]
    kept: dict[str, str] = {}
    looked_at: list[datetime] = []

    def read(connection: Connection, now: datetime) -> Mapping[str, str]:
        if not identity.has_owner(connection):
            return {}
        if not looked_at or not timedelta(0) <= now - looked_at[0] < LOOK_EVERY:
            looked_at[:] = [now]
            kept.clear()
            if (worry := backups.worry(clock.now())) is not None:
                kept["backups"] = str(worry)
            if backups.lacks_second_place:
                kept["one_place"] = str(_("If that disk dies, the site and its backups are gone together."))
        failing = scheduled.failing(connection, kinds)
        return {**kept, **({"upkeep": ", ".join(failing)} if failing else {})}

    return read


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
