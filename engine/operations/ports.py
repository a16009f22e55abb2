"""What operations asks of the world: how the machine is."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MachineState:
    """The machine and this process on it. Percentages are 0 to 100; cpu_percent is since the reading before."""

    cpu_percent: float = 0.0
    memory_percent: float = 0.0
    disk_percent: float = 0.0
    disk_free_bytes: int = 0
    process_cpu_seconds: float = 0.0
    process_memory_bytes: int = 0


class Machine(Protocol):
    """Reads the machine; `read` takes a few milliseconds and is called in a thread."""

    def read(self) -> MachineState: ...


class MemoryMachine:
    """A machine that is as a test says."""

    def __init__(self, state: MachineState | None = None) -> None:
        self.state = state or MachineState()

    def read(self) -> MachineState:
        """Return what it was given."""
        return self.state
