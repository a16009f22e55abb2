"""What all processes on one data folder count: each writes its own counts into a file, and reads those of the others.

The file of a process that ended stays until the next start, so that no counter falls meanwhile.
"""

import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.core.ids import new_secret
from engine.core.measures import Measures
from engine.operations.ports import MachineState

FOLDER = "measures"
#: A process that wrote nothing for so long is not there any more.
GONE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Load:
    """What one process takes: its connections (in use, at most), and its share of the machine."""

    connections: tuple[int, int] = (0, 0)
    cpu_seconds: float = 0.0
    memory_bytes: int = 0

    @classmethod
    def of(cls, connections: tuple[int, int], machine: MachineState) -> "Load":
        return cls(connections, machine.process_cpu_seconds, machine.process_memory_bytes)


class Tallies:
    """The counts of this process, and of those beside it. folder: shared by all of one installation on a machine."""

    def __init__(self, folder: Path, own: Measures) -> None:
        self._path = folder / f"{os.getpid()}-{new_secret()[:8]}.json"
        self._own = own

    def write(self, load: Load) -> None:
        """Tell the others what was counted here. Call it in a thread."""
        told = {
            "counts": self._own.counts(),
            "load": [*load.connections, load.cpu_seconds, load.memory_bytes],
        }
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        scratch = self._path.with_suffix(".new")
        scratch.write_text(json.dumps(told))
        scratch.replace(self._path)

    def read(self, load: Load) -> tuple[Measures, Sequence[Load]]:
        """Return what all counted together, and the load of those that live; this one's first. Call it in a thread."""
        together = Measures()
        together.add(self._own.counts())
        loads = [load]
        for told, is_there in self._others():
            try:
                theirs = Measures()
                theirs.add(told["counts"])
                used, most, cpu_seconds, memory_bytes = told["load"]
            except (KeyError, TypeError, ValueError):  # of another version
                continue
            together.add(theirs.counts())
            if is_there:
                loads.append(Load((used, most), cpu_seconds, memory_bytes))
        return together, loads

    def _others(self) -> Iterator[tuple[Any, bool]]:
        for path in self._path.parent.glob("*.json"):
            if path == self._path:
                continue
            try:
                is_there = time.time() - path.stat().st_mtime < GONE_SECONDS
                yield json.loads(path.read_text()), is_there
            except (OSError, ValueError):
                continue
