"""The processes of one server among each other: one speaks to the network, and the others know what it says."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock, Timeout

from engine.api.serving import Serving
from engine.core.i18n import Message

#: The folder in which they tell each other.
FOLDER = "crew"
LOCK, TOLD = "network.lock", "network.json"


@dataclass(frozen=True, slots=True)
class Told:
    """What the network knows of the server, as `Serving` has it."""

    addresses: tuple[str, ...] = ()
    name: str = ""
    name_trouble: Message | str = ""
    secure_port: int = 0
    secure_trouble: Message | str = ""

    @classmethod
    def of(cls, serving: Serving) -> "Told":
        """Return what one process knows."""
        return cls(serving.addresses, serving.name, serving.name_trouble, serving.secure_port, serving.secure_trouble)


class Crew(Protocol):
    """Of several processes, one leads; where it ends, the next one that asks."""

    @property
    def is_alone(self) -> bool: ...

    def leads(self) -> bool: ...

    def tell(self, told: Told) -> None: ...

    def hear(self) -> Told: ...

    def leave(self) -> None: ...


class Alone:
    """A server of one process."""

    is_alone = True

    def leads(self) -> bool:
        """It does."""
        return True

    def tell(self, told: Told) -> None:
        """Nobody listens."""

    def hear(self) -> Told:
        """Return nothing."""
        return Told()

    def leave(self) -> None:
        """Nobody waits."""


class Shared:
    """Several processes of one machine, by a folder of theirs. Who holds its lock leads."""

    is_alone = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder / LOCK, thread_local=False)
        self._said: Told | None = None

    def leads(self) -> bool:
        """Return whether this process does, from now on if nobody else does."""
        if self._lock.is_locked:
            return True
        self._folder.mkdir(mode=0o700, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        return True

    def tell(self, told: Told) -> None:
        """Let the others know."""
        if told == self._said:
            return
        scratch = self._folder / f"{TOLD}.new"
        scratch.write_text(json.dumps(asdict(told) | {name: _kept(getattr(told, name)) for name in _TROUBLES}))
        scratch.replace(self._folder / TOLD)
        self._said = told

    def hear(self) -> Told:
        """Return what the one that leads said last; nothing until then."""
        try:
            said: dict[str, Any] = json.loads((self._folder / TOLD).read_text())
        except (OSError, ValueError):
            return Told()
        return Told(
            addresses=tuple(said["addresses"]),
            name=said["name"],
            name_trouble=_said(said["name_trouble"]),
            secure_port=said["secure_port"],
            secure_trouble=_said(said["secure_trouble"]),
        )

    def leave(self) -> None:
        """Let another one lead."""
        self._said = None
        self._lock.release()


_TROUBLES = ("name_trouble", "secure_trouble")


def _kept(trouble: Message | str) -> Mapping[str, Any]:
    if isinstance(trouble, Message):
        return {"text": trouble.text, "values": {name: str(value) for name, value in trouble.values.items()}}
    return {"text": trouble}


def _said(kept: Mapping[str, Any]) -> Message | str:
    return Message(kept["text"], kept["values"]) if "values" in kept else str(kept["text"])
