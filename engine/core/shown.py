"""What a page showed while it was drawn: recorded, so that what is kept of it can be let go when that changes.

A page's reads are noticed by themselves: each table that a query names leaves the mark of its group (the package that
declares it: `catalog`, `reviews`). Where a query is about known things, `narrow` leaves marks of these alone:
`catalog:0197…`. So a query that nobody thought of makes pages go too early, never too late.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Engine, event

from engine.core.tables import Base

_WORD = re.compile(r"\w+")


@dataclass(slots=True, eq=False)
class Recording:
    """What one page showed. until: the first moment at which it is another by itself.

    lasts_seconds: how long it may be late at most. is_personal: it holds something made for whoever asked.
    changed: marks of what changed while it was drawn; all_changed: everything may have.
    """

    marks: set[str] = field(default_factory=set)
    until: datetime | None = None
    lasts_seconds: float | None = None
    is_personal: bool = False
    changed: set[str] = field(default_factory=set)
    all_changed: bool = False

    @property
    def is_outdated(self) -> bool:
        """Whether something that it showed changed before it was done."""
        return self.all_changed or not self.marks.isdisjoint(self.changed)


_recording: ContextVar[Recording | None] = ContextVar("recording", default=None)
_narrowed: ContextVar["Narrow | None"] = ContextVar("narrowed", default=None)


def is_recorded() -> bool:
    """Return whether what is read now is recorded."""
    return _recording.get() is not None


@contextmanager
def recording(into: Recording | None) -> Iterator[None]:
    """Record what is read meanwhile; None: nothing of it belongs to the page that is drawn, such as shared memory."""
    token = _recording.set(into)
    try:
        yield
    finally:
        _recording.reset(token)


def note(*marks: str) -> None:
    """Say what the page shows, where no query of its own tells."""
    if (found := _recording.get()) is not None:
        found.marks.update(marks)


def until(moment: datetime | None) -> None:
    """Say that the page is another from a moment on."""
    found = _recording.get()
    if found is not None and moment is not None:
        found.until = min(found.until or moment, moment)


def lasts(seconds: float) -> None:
    """Say how late the page may be, where what it shows changes without a fact."""
    if (found := _recording.get()) is not None:
        found.lasts_seconds = min(found.lasts_seconds or seconds, seconds)


def personal() -> None:
    """Say that the page holds something made for whoever asks, such as a form's ticket: it is not kept."""
    if (found := _recording.get()) is not None:
        found.is_personal = True


@dataclass(slots=True)
class Narrow:
    """Groups whose tables are read for known things only."""

    groups: frozenset[str]
    read: set[str] = field(default_factory=set)
    is_told: bool = False

    def to(self, ids: Iterable[Any]) -> None:
        """Say which things were read."""
        self.is_told = True
        if (found := _recording.get()) is not None:
            for group in self.groups:
                found.marks.add(every(group))
                found.marks.update(f"{group}:{one}" for one in ids)


@contextmanager
def narrow(*groups: str) -> Iterator[Narrow]:
    """Read tables of these groups for things that `to` names; else the whole groups are marked after all."""
    made = Narrow(frozenset(groups))
    token = _narrowed.set(made)
    try:
        yield made
    finally:
        _narrowed.reset(token)
        if not made.is_told:
            note(*made.read)


def every(group: str) -> str:
    """Return the mark of each page that shows known things of a group, whichever they are."""
    return f"{group}:any"


@cache
def _groups() -> dict[str, str]:
    """Return the group of each table: the package of the module that declares it."""
    return {
        one.local_table.name: one.class_.__module__.split(".")[-2]  # type: ignore[attr-defined]
        for one in Base.registry.mappers
    }


def group_of(table: str) -> str:
    """Return the group that a table belongs to."""
    return _groups().get(table, table)


@lru_cache(maxsize=4_000)
def groups_in(statement: str) -> frozenset[str]:
    """Return the groups whose tables a statement names."""
    known = _groups()
    return frozenset(known[word] for word in set(_WORD.findall(statement)) if word in known)


def noticed(statement: str) -> None:
    """Leave the marks of what a statement reads."""
    found = _recording.get()
    if found is None:
        return
    groups = groups_in(statement)
    narrowed = _narrowed.get()
    if narrowed is not None:
        narrowed.read.update(groups & narrowed.groups)
        groups -= narrowed.groups
    found.marks.update(groups)


def listen(engine: Engine) -> None:
    """Have what is read over an engine's connections recorded."""

    @event.listens_for(engine, "before_cursor_execute")
    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        noticed(statement)
