"""The guide's table of alerts, as rules over samples: pure.

Source: administration guide, section 15, "Alerting Recommendations".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from engine.core.alertsettings import AlertSettings
from engine.core.i18n import Message, _
from engine.operations.alerting.models import Severity
from engine.operations.watch.samples import Sample, error_percent, slowest_seconds, window_before

#: For so long all must be well before an alert is over, so that what swings about a limit is told once.
CALM = timedelta(minutes=2)
#: Looks are seldom exactly as far apart as they should be.
SLACK = timedelta(seconds=20)


class Standing(StrEnum):
    """How a rule stands: beyond its limit for long enough, well for long enough, or neither."""

    HIGH = "high"
    CALM = "calm"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One line of the guide's table. value: what is measured; limit: the threshold's name in the settings.

    minutes: for how long it must be beyond the limit; none: as soon as it is. unit: written behind the number. One
    without a limit is about a concern of its name.
    """

    key: str
    title: Message
    severity: Severity
    value: Callable[[Sample | None, Sample], float]
    limit: str = ""
    minutes: int = 0
    unit: str = ""
    says: Message = _("{value} measured, {limit} allowed.")

    def allowed(self, settings: AlertSettings) -> float:
        """Return what the value may be."""
        return 0.0 if self.limit in ("", "down_minutes") else float(settings.limit(self.limit))

    def lasts(self, settings: AlertSettings) -> timedelta:
        """Return for how long it must be beyond that."""
        return timedelta(minutes=settings.down_minutes if self.limit == "down_minutes" else self.minutes)


def _concern(name: str) -> Callable[[Sample | None, Sample], float]:
    """Return what says whether a look found something of this name."""
    return lambda _first, last: float(name in last.concerns)


RULES = (
    AlertRule(
        "service_down", _("Service down"), Severity.CRITICAL, lambda _first, last: float(len(last.down)),
        "down_minutes", says=_("It does not answer."),
    ),
    AlertRule(
        "high_cpu", _("High processor use"), Severity.WARNING, lambda _first, last: last.machine.cpu_percent,
        "cpu_percent", minutes=5, unit="%",
    ),
    AlertRule(
        "high_memory", _("High memory use"), Severity.WARNING, lambda _first, last: last.machine.memory_percent,
        "memory_percent", minutes=5, unit="%",
    ),
    AlertRule(
        "disk_space", _("Little room on the disk"), Severity.CRITICAL, lambda _first, last: last.machine.disk_percent,
        "disk_percent", unit="%",
    ),
    AlertRule("slow_response", _("Slow answers"), Severity.WARNING, slowest_seconds, "slow_seconds", unit="s"),
    AlertRule("error_rate", _("Many errors"), Severity.CRITICAL, error_percent, "error_percent", unit="%"),
    AlertRule(
        "database_connections", _("Database connections nearly used up"), Severity.WARNING,
        lambda _first, last: last.connections_percent, "connections_percent", minutes=1, unit="%",
    ),
    AlertRule(
        "bus_lag", _("Facts wait to be carried"), Severity.WARNING, lambda _first, last: float(last.bus_lag), "bus_lag"
    ),
    AlertRule(
        "account_lockouts", _("Many locked accounts"), Severity.WARNING, lambda _first, last: float(last.lockouts),
        "lockouts_per_hour",
    ),
    AlertRule("backups", _("Backups need somebody"), Severity.CRITICAL, _concern("backups"), minutes=10),
    AlertRule(
        "one_place", _("Backups lie on the disk of the data"), Severity.WARNING, _concern("one_place"), minutes=60
    ),
    AlertRule("upkeep", _("Upkeep fails"), Severity.WARNING, _concern("upkeep")),
)  # fmt: skip
BY_KEY = {rule.key: rule for rule in RULES}


def standing(rule: AlertRule, samples: Sequence[Sample], settings: AlertSettings) -> Standing:
    """Return how a rule stands after these samples, of which the last is now."""
    last = samples[-1]
    allowed, lasts = rule.allowed(settings), rule.lasts(settings)

    def is_high(sample: Sample) -> bool:
        return rule.value(window_before(samples, sample), sample) > allowed

    if is_high(last):
        since = last.at
        for sample in reversed(samples):
            if not is_high(sample):
                break
            since = sample.at
        return Standing.HIGH if last.at - since >= lasts - (SLACK if lasts else timedelta()) else Standing.UNSURE
    recent = [sample for sample in samples if last.at - sample.at <= CALM]
    is_known = last.at - samples[0].at >= CALM - SLACK
    return Standing.CALM if is_known and not any(map(is_high, recent)) else Standing.UNSURE
