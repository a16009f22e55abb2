"""What operations asks of the world: how the machine is, to tell another system something, and to fetch programs."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from anyio import to_thread

from engine.core.errors import Invalid
from engine.core.i18n import _


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


class Downloads(Protocol):
    """Fetches over HTTPS from the public internet only. Raises Invalid for what may not be had, Unavailable.

    `save` writes to a file, tells how many bytes are there, and returns the SHA-256 of them in hex.
    """

    async def fetch(self, address: str, limit_bytes: int) -> bytes: ...

    async def save(
        self, address: str, target: Path, limit_bytes: int, told: Callable[[int], Awaitable[None]]
    ) -> str: ...


class MemoryDownloads:
    """Hands out what a test put there."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.files = dict(files or {})

    async def fetch(self, address: str, limit_bytes: int) -> bytes:
        """Return it."""
        if address not in self.files:
            raise Invalid(_("“{address}” is not there (HTTP {status})."), address=address, status=404)
        if len(self.files[address]) > limit_bytes:
            raise Invalid(_("“{address}” is larger than {limit} MB."), address=address, limit=limit_bytes // 1_000_000)
        return self.files[address]

    async def save(self, address: str, target: Path, limit_bytes: int, told: Callable[[int], Awaitable[None]]) -> str:
        """Write it."""
        body = await self.fetch(address, limit_bytes)
        await to_thread.run_sync(target.write_bytes, body)
        await told(len(body))
        return sha256(body).hexdigest()
