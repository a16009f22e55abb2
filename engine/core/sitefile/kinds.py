"""What a site file holds: kinds of things, each declared by its domain over the tables that keep it.

A thing is a row with the rows that belong to it. How each column is written follows from its type; what else is true of
a kind (what cannot be believed, what stands where, what follows from it) are its hooks.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Connection
from sqlalchemy.orm import InstrumentedAttribute

from engine.core.actor import Actor
from engine.core.blocks.declaring import Book
from engine.core.database import Database
from engine.core.facts import Fact
from engine.core.i18n import Message
from engine.core.ports import BlobStore
from engine.core.tables import Base
from engine.core.transaction import Tx

#: A row by the names of its columns, as Python values.
Row = dict[str, Any]


@dataclass(slots=True)
class Thing:
    """One thing: its row, and by name the rows that belong to it. said: what staff should know of how it came in."""

    row: Row
    parts: dict[str, list[Row]] = field(default_factory=dict)
    said: list[Message] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        found: UUID = self.row["id"]
        return found


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a hook may look at while it decides where a thing stands. is_new: it is not here yet."""

    connection: Connection
    is_new: bool


@dataclass(frozen=True, eq=False, kw_only=True)
class Part:
    """Rows that belong to a thing. owner: the column that names it; skip: columns that stay behind.

    added: rows are only ever added, never changed or taken away. kept: columns that stay as they are in rows that are
    here already.
    """

    name: str
    owner: InstrumentedAttribute[Any]
    skip: frozenset[str] = frozenset()
    added: bool = False
    kept: frozenset[str] = frozenset()
    where: Callable[[], ColumnElement[bool]] | None = None

    @property
    def model(self) -> type[Base]:
        model = self.owner.class_
        assert isinstance(model, type)  # noqa: S101 - no part belongs to an alias
        assert issubclass(model, Base)  # noqa: S101 - nothing else is mapped
        return model


@dataclass(frozen=True, eq=False)
class Bytes:
    """The file of a thing. key: where the blob store has it, by its row; is_there: whether it has one at all.

    keep: `(db, blobs, row, data)` puts it in its place before the row is made, and returns what else the row says.
    """

    key: Callable[[Row], str]
    keep: Callable[[Database, BlobStore, Row, bytes], Awaitable[Row]]
    is_there: Callable[[Row], bool] = lambda _row: True


@dataclass(frozen=True, eq=False, kw_only=True)
class SiteKind:
    """A kind of thing. name: its file in the archive; noun: its word in the audit log.

    skip: columns that are no part of a site: who wrote, counters, what others work out. where: the rows that go along.
    above: the column that names the thing of the same kind it stands below. same: columns by which a thing that is here
    under another id is the same one, where `is_same` says that they tell. kept: columns that a thing which is here
    keeps. is_blank: a row that every Agora has from the start and nobody wrote in: the archive's takes its place. says:
    what holds of everything that comes in, whatever it was here. untimed: its time of change means nothing. asked: it
    goes along only where somebody asked for it.

    clean: checks and cleans what came, raising Invalid. fit: finds it a place among what is here, be it
    under another id. facts: what happened.
    settle: what follows from it, in the same transaction; `before` is its row as it was, None for a new one.
    """

    name: str
    label: Message
    noun: str
    model: type[Base]
    title: Callable[[Row], str]
    skip: frozenset[str] = frozenset()
    parts: tuple[Part, ...] = ()
    bytes: Bytes | None = None
    where: Callable[[], ColumnElement[bool]] | None = None
    above: InstrumentedAttribute[Any] | None = None
    same: tuple[InstrumentedAttribute[Any], ...] = ()
    kept: frozenset[str] = frozenset()
    says: Mapping[str, Any] = field(default_factory=dict)
    untimed: bool = False
    asked: Literal["", "entries"] = ""
    clean: Callable[[Book, Thing], None] | None = None
    is_same: Callable[[Row], bool] = lambda _row: True
    is_blank: Callable[[Row], bool] = lambda _row: False
    fit: Callable[[Outlook, Thing], None] | None = None
    settle: Callable[[Tx, Actor, Thing, Row | None], Awaitable[None]] | None = None
    facts: Callable[[Row, bool], Sequence[Fact]] = lambda _row, _is_new: ()


TIMES = frozenset({"created_at", "updated_at"})
Kinds = Sequence[SiteKind]


def by_table(kinds: Kinds) -> Mapping[str, SiteKind | Part]:
    """Return what holds the rows of each table."""
    found: dict[str, SiteKind | Part] = {}
    for kind in kinds:
        found[kind.model.__tablename__] = kind
        found.update((part.model.__tablename__, part) for part in kind.parts)
    return found
