"""How the house was at one moment, and over the last minutes: pure arithmetic on what was counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.core.measures import quantile
from engine.operations.ports import MachineState
from engine.operations.watch.checks import ServiceState

WINDOW = timedelta(minutes=5)
#: Fewer requests say nothing about how quick the house is.
FEWEST_REQUESTS = 20
#: Fewer errors are an accident; in a quiet shop one is more than 1 % of all.
FEWEST_ERRORS = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """One look. answered, failed and latencies count since the process began.

    bus_lag: how many facts another system has not taken over yet; none where facts travel by the database.
    concerns: what is not as it should be, in a sentence, by the rule that tells of it.
    """

    at: datetime
    machine: MachineState
    services: tuple[ServiceState, ...]
    answered: int
    failed: int
    latencies: Sequence[int]
    connections: tuple[int, int]
    lockouts: int
    bus_lag: int = 0
    concerns: Mapping[str, str] = field(default_factory=dict)

    @property
    def down(self) -> list[ServiceState]:
        """What does not answer."""
        return [service for service in self.services if not service.is_up]

    @property
    def connections_percent(self) -> float:
        """How much of the database's connections is in use."""
        used, most = self.connections
        return 100.0 * used / most if most else 0.0


def window_before(samples: Sequence[Sample], last: Sample) -> Sample | None:
    """Return the sample that the last five minutes are counted from; None while there is but one."""
    earlier = [sample for sample in samples if sample.at < last.at]
    within = [sample for sample in earlier if last.at - sample.at <= WINDOW]
    return within[0] if within else (earlier[-1] if earlier else None)


def slowest_seconds(first: Sample | None, last: Sample) -> float:
    """Return the time within which 95 of 100 answers between two samples began; 0 where there were too few."""
    if first is None or not last.latencies:
        return 0.0
    before = first.latencies or [0] * len(last.latencies)
    counts = [now - then for now, then in zip(last.latencies, before, strict=True)]
    return quantile(counts, 0.95) if sum(counts) >= FEWEST_REQUESTS else 0.0


def error_percent(first: Sample | None, last: Sample) -> float:
    """Return how many of 100 requests between two samples ended in an error of ours; 0 where there were few."""
    if first is None:
        return 0.0
    answered, failed = last.answered - first.answered, last.failed - first.failed
    return 100.0 * failed / answered if answered and failed >= FEWEST_ERRORS else 0.0
