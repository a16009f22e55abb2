"""Moves the clock of a server that the harness starts: Python reads this file at its start, and its children do.

The variable HARNESS_CLOCK names a file with the seconds by which the clock is wrong. What asks the machine for the time
of day is told another one: Agora's clock, the ids that bear a time, and `time.time`. Nothing waits longer for it. The
library libfaketime does the same, but no Python after 3.10 can sleep under it.
"""

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

FILE = Path(os.environ["HARNESS_CLOCK"])
_time = time.time


def offset() -> float:
    """Return by how many seconds the clock is wrong."""
    try:
        return float(FILE.read_text() or 0)
    except (OSError, ValueError):
        return 0.0


def _move_clock(ports: Any) -> None:
    def now(_clock: object) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=offset())

    ports.SystemClock.now = now


def _move_ids(compat: Any) -> None:
    made = compat.uuid7

    def uuid7() -> Any:
        found = made()
        return type(found)(int=found.int + (int(offset() * 1000) << 80))

    compat.uuid7 = uuid7


MOVED = {"engine.core.ports": _move_clock, "uuid_utils.compat": _move_ids}


class Finder:
    """Finds the modules that know the time, and moves them once they are there."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: ModuleType | None = None) -> Any:
        if name not in MOVED:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.loader is None:
            return spec
        run = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            MOVED[name](module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


time.time = lambda: _time() + offset()
sys.meta_path.insert(0, Finder)  # type: ignore[arg-type]
