"""What operations asks of the world: how the machine is, and to tell another system something."""

from collections.abc import Mapping
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


class Hook(Protocol):
    """Sends bytes to an address that staff chose, on the public internet only; returns the HTTP status.

    Raises Invalid for an address that may not be reached, Unavailable while the other side does not take it.
    """

    async def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> int: ...


class MemoryHook:
    """Keeps what it was told to send."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes, Mapping[str, str]]] = []

    async def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Keep it."""
        self.sent.append((address, body, headers))
        return 200
