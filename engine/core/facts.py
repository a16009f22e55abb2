"""Facts: what happened, appended in the transaction of the change and delivered at least once.

A *reaction* is a job written with the fact and run once somewhere. A *listener* runs in every process and must bear
hearing a fact twice. Names on the wire are the guide's, section 13.
"""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Connection, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.tables import Base, HasId

_known: dict[str, type["Fact"]] = {}
_adapters: dict[type["Fact"], TypeAdapter[Any]] = {}


class Fact:
    """Base of all facts: frozen dataclasses whose first field is the id of the thing they are about."""

    name: ClassVar[str]

    def __init_subclass__(cls, *, name: str) -> None:
        cls.name = name
        _known[name] = cls

    @property
    def about(self) -> UUID:
        """The id of the thing that the fact is about: facts about one thing are delivered in order."""
        first = dataclasses.fields(self)[0].name  # type: ignore[arg-type]
        about: UUID = getattr(self, first)
        return about

    def payload(self) -> dict[str, Any]:
        """Return the fact's fields as JSON values."""
        values: dict[str, Any] = _adapter(type(self)).dump_python(self, mode="json")
        return values


def _adapter(kind: type[Fact]) -> TypeAdapter[Any]:
    """Return what reads and writes a kind of fact; making one takes a while."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def fact_named(name: str, payload: dict[str, Any]) -> Fact | None:
    """Return the fact that was stored under this name, or None where no installed domain knows it."""
    kind = _known.get(name)
    return _adapter(kind).validate_python(payload) if kind else None


def known_facts() -> dict[str, type[Fact]]:
    """Return every fact that is declared, by name."""
    return dict(_known)


class FactRow(HasId, Base):
    """The facts table: the truth about what happened."""

    __tablename__ = "facts"

    name: Mapped[str] = mapped_column(String(80))
    about: Mapped[UUID]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]

    __table_args__ = (Index(None, "about", "id"), Index(None, "created_at"))


class ProcessedEvent(Base):
    """What was handled already: (fact, reaction), or (a vendor's event id, vendor)."""

    __tablename__ = "processed_events"

    event_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    source: Mapped[str] = mapped_column(String(120), primary_key=True)
    processed_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class RecordedFact:
    """A fact as it was stored."""

    id: UUID
    at: datetime
    fact: Fact


class Subscriber(Protocol):
    """What the queue must know of a reaction (engine/core/reactions.py) to write its job."""

    @property
    def name(self) -> str: ...

    @property
    def on(self) -> tuple[type[Fact], ...]: ...

    @property
    def batched(self) -> bool: ...

    @property
    def heeds(self) -> Callable[[Any], bool]: ...


def subscribers_to(fact: Fact, subscribers: Sequence[Subscriber]) -> list[Subscriber]:
    """Return those that this fact sets off."""
    return [s for s in subscribers if isinstance(fact, s.on) and s.heeds(fact)]


def newest(connection: Connection) -> UUID:
    """Return the greatest id of a fact there is; the least of all ids where there is none."""
    found = connection.scalar(select(FactRow.id).order_by(FactRow.id.desc()).limit(1))
    return found or UUID(int=0)
