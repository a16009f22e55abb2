"""Reactions and listeners: what domains do because of facts."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.core.facts import Fact, RecordedFact
from engine.core.transaction import Tx


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a domain does, once, because of a fact: `handle(tx, facts)` runs in a transaction of its own.

    batched: the facts of one transaction come as one list; otherwise each list holds one fact, in order per thing.
    heeds: whether a fact of these kinds matters at all; for one that does not, no job is written.
    """

    name: str
    on: tuple[type[Fact], ...]
    handle: Callable[[Tx, Sequence[Any]], Awaitable[None]]
    batched: bool = False
    heeds: Callable[[Any], bool] = lambda _fact: True


@dataclass(frozen=True, slots=True)
class Listener:
    """What every process does when it hears of a fact: refresh memory, wake a page. Idempotent, records nothing."""

    on: tuple[type[Fact], ...]
    hear: Callable[[RecordedFact], Awaitable[None]]
