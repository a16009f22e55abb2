"""A change of a service on disk: what is to be, how far it is, how the last one ended, and what was before.

It is kept in small files that only the owner of the data folder reads, for they hold passwords, and not in the
database, which may be what changes.
"""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from engine.operations.backups.shelf import read_json, settle_folder, write_json

ROOM = "services"
_PLAN, _PROGRESS, _OUTCOME, _FORMER = "plan.json", "progress.json", "last.json", "former.json"
TOLD_SECONDS = 0.3


class Phase(StrEnum):
    """How far a change is."""

    TRIED = "tried"
    PREPARING = "preparing"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Plan:
    """A change of one service. values: what agora.toml will say; counts: what moves; is_return: back to the former."""

    role: str
    before: str
    after: str
    address: str
    values: Mapping[str, str | None]
    made_at: str
    phase: Phase = Phase.TRIED
    counts: Mapping[str, int] = field(default_factory=dict)
    milliseconds: float = 0.0
    is_return: bool = False
    address_before: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a change ended. problem: why everything is as before; empty where it is done. note: what is to be known."""

    role: str
    before: str
    after: str
    at: datetime
    problem: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Former:
    """What served before the last change of a service."""

    choice: str
    address: str
    values: Mapping[str, str | None]


class Room:
    """The folder of a change."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / ROOM
        self._told_at = 0.0

    def plan(self) -> Plan | None:
        """Return the change that is tried or under way."""
        kept = read_json(self.folder / _PLAN)
        if not kept:
            return None
        try:
            return Plan(**{**kept, "phase": Phase(kept["phase"])})
        except (KeyError, TypeError, ValueError):
            return None  # an older or a newer Agora wrote it

    def keep(self, plan: Plan) -> Plan:
        """Write a change down."""
        self._open()
        write_json(self.folder / _PLAN, asdict(plan))
        settle_folder(self.folder)
        return plan

    def on(self, plan: Plan, phase: Phase) -> Plan:
        """Write down how far it is."""
        return self.keep(replace(plan, phase=phase))

    def forget(self) -> None:
        """Let go of a change."""
        for name in (_PLAN, _PROGRESS):
            (self.folder / name).unlink(missing_ok=True)

    def tell(self, done: int, of: int) -> None:
        """Write down how many of how many are done, now and then."""
        if done < of and time.monotonic() - self._told_at < TOLD_SECONDS:
            return
        self._told_at = time.monotonic()
        self._open()
        write_json(self.folder / _PROGRESS, {"done": done, "of": of})

    def progress(self) -> tuple[int, int]:
        """Return how many of how many are done."""
        kept = read_json(self.folder / _PROGRESS)
        return int(kept.get("done", 0)), int(kept.get("of", 0))

    def end(self, outcome: Outcome) -> None:
        """Write down how a change ended, and let go of it."""
        self._open()
        write_json(self.folder / _OUTCOME, {**asdict(outcome), "at": outcome.at.isoformat()})
        self.forget()

    def outcome(self) -> Outcome | None:
        """Return how the last change ended."""
        kept: dict[str, Any] = read_json(self.folder / _OUTCOME)
        return Outcome(**{**kept, "at": datetime.fromisoformat(kept["at"])}) if kept else None

    def former(self, role: str) -> Former | None:
        """Return what served before the last change of a service."""
        kept = read_json(self.folder / _FORMER).get(role)
        return Former(**kept) if kept else None

    def keep_former(self, role: str, former: Former | None) -> None:
        """Remember what served before; None forgets it."""
        self._open()
        kept = {**read_json(self.folder / _FORMER), role: asdict(former) if former else None}
        write_json(self.folder / _FORMER, kept)

    def _open(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
