"""The demo organisation: what domains add to it, which things are its own, and taking all of them away again."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, String, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.actor import Actor, Role
from engine.core.addresses import Address
from engine.core.audit import FORGET_ACTORS, AuditEntry
from engine.core.database import Database
from engine.core.errors import Conflict
from engine.core.facts import Fact, FactRow, ProcessedEvent
from engine.core.i18n import _
from engine.core.ids import new_id
from engine.core.ports import BlobStore
from engine.core.records.tables import BinnedRecord
from engine.core.secrets import Secrets
from engine.core.settings import SettingsStore
from engine.core.tables import Base, HasId, Json
from engine.core.transaction import Tx

DAYS = 90
GOODS = 60
BATCH = 200
#: The kind of the first and the last mark: between the two the demo is being made.
BEGUN, COMPLETE = "begun", "complete"
DEMO = Actor.system("Agora demo")


class DemoItem(HasId, Base):
    """One thing that belongs to the demo. thing: its id; detail: what its removal must know beyond that."""

    __tablename__ = "demo_items"

    kind: Mapped[str] = mapped_column(String(40), index=True)
    thing: Mapped[UUID] = mapped_column(index=True)
    detail: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_at: Mapped[datetime]


@dataclass(frozen=True)
class DemoChanged(Fact, name="demo.changed"):
    """The demo organisation was made, or taken away."""

    demo_id: UUID


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who buys. actor: a stranger where they have no account."""

    actor: Actor
    name: str
    email: str
    address: Address
    since: datetime


@dataclass(frozen=True, slots=True)
class Credential:
    """How somebody of the demo signs in."""

    email: str
    role: Role
    password: str


@dataclass(slots=True)
class Making:
    """The demo while it is made. Everything that happens in it is decided by `roll` and `dice`, but for the passwords.

    is_first: nobody owns the installation yet, so the demo gives it its name, its settings and its owner.
    password: what all its people sign in with, where that was asked for. days and goods: how long the story is, and how
    many products it is told of.
    """

    db: Database
    blobs: BlobStore
    settings: SettingsStore
    secrets: Secrets
    hash_password: Callable[[str], Awaitable[str]]
    is_first: bool
    seed: int = 1
    days: int = DAYS
    goods: int = GOODS
    password: str | None = None
    now: datetime = field(init=False)
    roll: random.Random = field(init=False)
    staff: dict[Role, Actor] = field(default_factory=dict)
    people: list[DemoPerson] = field(default_factory=list)
    credentials: list[Credential] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now = self.db.clock.now()
        self.roll = random.Random(self.seed)  # noqa: S311 - the same seed tells the same story

    def dice(self, what: str) -> random.Random:
        """Return dice for one thing alone: what others roll before it does not change it."""
        return random.Random(f"{self.seed}:{what}")  # noqa: S311 - the same seed tells the same story

    @property
    def start(self) -> datetime:
        """When the story begins."""
        return self.now - timedelta(days=self.days)

    @asynccontextmanager
    async def past(self, moment: datetime) -> AsyncIterator[Tx]:
        """A transaction at this moment of the past, from which nothing follows; `tx.past` moves it on."""
        async with self.db.write() as tx:
            await tx.past(moment)
            yield tx


@dataclass(frozen=True, slots=True)
class Removing:
    """The demo while it is taken away. things: ids by kind, in the order they were made."""

    db: Database
    blobs: BlobStore
    settings: SettingsStore
    things: dict[str, list[UUID]]
    details: Mapping[UUID, Mapping[str, Any]]

    def of(self, kind: str) -> Sequence[UUID]:
        """Return the ids of one kind."""
        return self.things.get(kind, ())

    async def keep(self, kind: str, things: Sequence[UUID]) -> None:
        """Let these things stay: somebody real uses them."""
        self.things[kind] = [thing for thing in self.of(kind) if thing not in set(things)]
        async with self.db.write() as tx:
            await tx.execute(delete(DemoItem).where(DemoItem.thing.in_(list(things))))


@dataclass(frozen=True, slots=True)
class DemoPart:
    """What a domain adds. `make` runs from low domains to high ones, then each `finish`; `remove` from high to low."""

    make: Callable[[Making], Awaitable[None]] | None = None
    finish: Callable[[Making], Awaitable[None]] | None = None
    remove: Callable[[Removing], Awaitable[None]] | None = None


def mark(tx: Tx, kind: str, thing: UUID, detail: Mapping[str, Any] | None = None) -> None:
    """Write down, in the transaction that makes it, that a thing belongs to the demo."""
    tx.add(DemoItem(kind=kind, thing=thing, detail=dict(detail) if detail else None, created_at=tx.now))


async def mark_all(tx: Tx, kind: str, things: Sequence[UUID]) -> None:
    """Write down that these things belong to the demo."""
    rows = [{"id": new_id(), "kind": kind, "thing": thing, "detail": None, "created_at": tx.now} for thing in things]
    if rows:
        await tx.execute(insert(DemoItem), rows)


@dataclass(frozen=True, slots=True)
class DemoCounts:
    """What is there of a demo. is_complete: it was made to its end."""

    products: int
    orders: int
    people: int
    is_complete: bool


def demo_counts(connection: Connection) -> DemoCounts | None:
    """Return what is there of the demo, None where there is none."""
    counted = select(DemoItem.kind, func.count()).group_by(DemoItem.kind)
    found = {row[0]: row[1] for row in connection.execute(counted)}
    if not found:
        return None
    return DemoCounts(found.get("product", 0), found.get("order", 0), found.get("user", 0), COMPLETE in found)


async def make(making: Making, parts: Sequence[DemoPart]) -> None:
    """Make the demo organisation. Raises Conflict where one is there, or the rest of one."""
    found = await making.db.query(demo_counts)
    if found is not None and found.is_complete:
        raise Conflict(_("The demo data is here already. Remove it first: agora demo --remove."))
    if found is not None:
        raise Conflict(_("A demo was begun and not finished. Remove what there is of it: agora demo --remove."))
    begun = new_id()
    async with making.db.write() as tx:
        mark(tx, BEGUN, begun)
    for part in parts:
        if part.make is not None:
            await part.make(making)
    for part in parts:
        if part.finish is not None:
            await part.finish(making)
    async with making.db.write() as tx:
        mark(tx, COMPLETE, begun)
        tx.record(DEMO, "demo.make", resource_type="demo", seed=making.seed)
        tx.publish(DemoChanged(begun))


async def remove(
    db: Database, blobs: BlobStore, settings: SettingsStore, parts: Sequence[DemoPart], actor: Actor = DEMO
) -> DemoCounts:
    """Take the demo away, with what was done to its things since; return what there was of it.

    What real people made meanwhile stays: their orders of demo products keep their lines. It may be repeated after a
    crash. Raises Conflict where there is no demo.
    """
    found = await db.query(demo_counts)
    if found is None:
        raise Conflict(_("There is no demo data here."))
    removing = await db.query(_removing, db, blobs, settings)
    for part in reversed(parts):
        if part.remove is not None:
            await part.remove(removing)
    everything = [thing for things in removing.things.values() for thing in things]
    for batch in batches(everything):
        await _forget(db, batch)
    async with db.write() as tx:
        await tx.execute(delete(DemoItem))
        tx.record(actor, "demo.remove", resource_type="demo", products=found.products, orders=found.orders)
        tx.publish(DemoChanged(new_id()))
    return found


def batches(things: Sequence[UUID]) -> list[list[UUID]]:
    """Return the ids in runs that one short transaction can bear."""
    return [list(things[start : start + BATCH]) for start in range(0, len(things), BATCH)]


def _removing(connection: Connection, db: Database, blobs: BlobStore, settings: SettingsStore) -> Removing:
    things: dict[str, list[UUID]] = {}
    details: dict[UUID, Mapping[str, Any]] = {}
    for item in connection.execute(select(DemoItem.__table__).order_by(DemoItem.id)):
        things.setdefault(item.kind, []).append(item.thing)
        if item.detail:
            details[item.thing] = item.detail
    return Removing(db, blobs, settings, things, details)


async def _forget(db: Database, things: Sequence[UUID]) -> None:
    """Drop what the log, the bin and the facts say of these things; that they are deleted stays to be heard."""
    async with db.write() as tx:
        await tx.execute(delete(AuditEntry).where(AuditEntry.resource_id.in_(things)))
        await tx.execute(FORGET_ACTORS)
        await tx.execute(delete(BinnedRecord).where(BinnedRecord.record_id.in_(things)))
        old = select(FactRow.id).where(FactRow.about.in_(things), ~FactRow.name.endswith(".deleted"))
        handled = [str(one) for one in await tx.scalars(old)]
        await tx.execute(delete(ProcessedEvent).where(ProcessedEvent.event_id.in_(handled)))
        await tx.execute(delete(FactRow).where(FactRow.about.in_(things), ~FactRow.name.endswith(".deleted")))
