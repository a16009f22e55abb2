"""What a run found, as a table."""

from collections import Counter
from dataclasses import dataclass, field

from tests.harness.journal import KINDS, Journal


@dataclass
class Found:
    """What the audit found. lost, doubled: acknowledged things by kind; wrong: sentences about everything else.

    after_backup: letters, by Message-ID and recipient, that left between a backup and its return: it cannot know them.
    """

    lost: Counter[str] = field(default_factory=Counter)
    doubled: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    after_backup: set[tuple[str, str]] = field(default_factory=set)

    def lose(self, kind: str, what: str) -> None:
        """Note something that was acknowledged and is not there."""
        self.lost[kind] += 1
        self.wrong.append(f"lost: {kind} {what}")

    def double(self, kind: str, what: str) -> None:
        """Note something that was acknowledged once and is there more often."""
        self.doubled[kind] += 1
        self.wrong.append(f"doubled: {kind} {what}")


@dataclass(frozen=True)
class Report:
    """A run and its audit. traces: what was raised in the server, for whoever looks into what is wrong."""

    seed: int
    seconds: float
    disk: str
    strikes: Counter[str]
    journal: Journal
    found: Found
    traces: Counter[str]

    @property
    def wrong(self) -> list[str]:
        """Everything that should not be; an empty list is a house that held."""
        return [*self.journal.strange, *self.found.wrong]

    def __str__(self) -> str:
        told = Counter(line.kind for line in self.journal.lines)
        rows = [f"seed {self.seed} · {self.seconds:.0f} s · data on a {self.disk}", ""]
        rows += [f"{'strike':34}{'times':>8}"]
        rows += [f"{name:34}{times:>8}" for name, times in sorted(self.strikes.items())]
        rows += ["", f"{'acknowledged':34}{'times':>8}{'lost':>8}{'doubled':>8}"]
        rows += [f"{kind:34}{told[kind]:>8}{self.found.lost[kind]:>8}{self.found.doubled[kind]:>8}" for kind in KINDS]
        sums = (sum(told.values()), sum(self.found.lost.values()), sum(self.found.doubled.values()))
        rows += [f"{'together':34}{sums[0]:>8}{sums[1]:>8}{sums[2]:>8}", "", f"{'in the database at the end':34}"]
        rows += [f"{name:34}{number:>8}" for name, number in self.found.counted.items()]
        again = ", ".join(f"{status}: {times}" for status, times in sorted(self.journal.refused.items()))
        rows += ["", f"asked again after {again or 'nothing'}", f"wrong: {len(self.wrong)}", *self.wrong[:40]]
        if self.wrong:
            rows += ["", "raised in the server, each so many times"]
            rows += [f"{times:>6} {trace}" for trace, times in self.traces.most_common(25)]
        return "\n".join(rows)
