"""What changing a service asks of the process, which alone knows the engines and its own settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

#: What goes into agora.toml: a setting's name to its value; None takes it out.
Values = Mapping[str, str | None]
#: Hears (done, of); of is 0 where nobody knows.
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Standing:
    """What serves now. address: where, without any password; fixed_by: the environment variable that decides it."""

    role: str
    choice: str
    address: str = ""
    fixed_by: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found when another engine was tried. counts: what moves, such as `{"rows": 812}`.

    milliseconds: how long it took to answer.
    """

    address: str
    milliseconds: float
    counts: Mapping[str, int] = field(default_factory=dict)


class Workshop(Protocol):
    """The process's own tools."""

    def standing(self, role: str) -> Standing: ...

    def typed(self, role: str, choice: str) -> Mapping[str, str]: ...

    def values(self, role: str, choice: str, typed: Mapping[str, str]) -> Values: ...

    def current(self, role: str) -> Values: ...

    async def try_out(self, role: str, values: Values) -> Trial: ...

    async def prepare(self, role: str, values: Values, tell: Tell) -> None: ...
