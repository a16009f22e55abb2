"""A site file brought in: in order, a few things a transaction, each whole or not at all.

The same again changes nothing. A killed import leaves whole things only, and goes on where it was when it is begun
again: what is here is as it was.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Protocol

from anyio import to_thread
from sqlalchemy import Connection, delete, insert, update
from sqlalchemy.exc import IntegrityError

from engine.core.actor import Actor
from engine.core.blocks.declaring import Book
from engine.core.database import Database
from engine.core.errors import AgoraError
from engine.core.i18n import Message, _
from engine.core.ports import BlobStore
from engine.core.settings import SettingsStore
from engine.core.sitefile import doubting, kept
from engine.core.sitefile.archive import SiteArchive
from engine.core.sitefile.columns import columns_of
from engine.core.sitefile.deciding import Decision, Ways, decide, key_of
from engine.core.sitefile.doubting import Incoming
from engine.core.sitefile.format import SETTINGS
from engine.core.sitefile.kinds import Kinds, Part, Row, SiteKind, Thing
from engine.core.tables import HasTimes, table_of
from engine.core.transaction import Tx

BATCH = 20


class Report(Protocol):
    """Where an import says what became of things."""

    def count(self, kind: str, outcome: str) -> None: ...

    def say(self, where: str, message: Message | str, line: int = 0) -> None: ...


@dataclass(slots=True)
class Bringing:
    """One import of an archive that was looked through. replaces: the archive wins over what differs here.

    tell: (done, of how many things).
    """

    db: Database
    blobs: BlobStore
    settings: SettingsStore
    kinds: Kinds
    book: Book
    actor: Actor
    archive: SiteArchive
    report: Report
    tell: Callable[[int, int], Awaitable[None]]
    replaces: bool = False
    ways: Ways = field(default_factory=Ways)
    done: int = 0

    async def run(self, *, is_dry_run: bool) -> None:
        """Bring everything in, or only say what would become of it."""
        total = sum(count for name, count in self.archive.kinds.items())
        if SETTINGS in self.archive.kinds:
            await self._settings(is_dry_run=is_dry_run)
        for kind in self.kinds:
            if kind.name not in self.archive.kinds:
                continue
            coming = doubting.things(self.archive, kind, self.book)
            while batch := await to_thread.run_sync(_some, coming):
                await self.tell(self.done, total)
                await (self._foretell(kind, batch) if is_dry_run else self._bring(kind, batch))
                self.done += len(batch)
        await self.tell(total, total)

    async def _settings(self, *, is_dry_run: bool) -> None:
        found = await to_thread.run_sync(lambda: list(doubting.settings(self.archive)))
        for one in found:
            self.done += 1
            if one is None:
                continue
            key, value = one
            outcome = await self.db.query(kept.outcome, key, value, replaces=self.replaces)
            if outcome in ("created", "updated") and not is_dry_run:
                try:
                    async with self.db.write() as tx:
                        await kept.save(tx, self.actor, self.settings, key, value)
                except AgoraError as problem:
                    self.report.say(key, problem.message)
                    outcome = "failed"
            self.report.count(SETTINGS, outcome)

    async def _foretell(self, kind: SiteKind, batch: Sequence[Incoming]) -> None:
        for incoming in batch:
            decision = await self._decided(kind, incoming)
            if decision is not None:
                self.report.count(kind.name, decision.outcome)

    async def _decided(self, kind: SiteKind, incoming: Incoming) -> Decision | None:
        try:
            return await self.db.query(decide, kind, incoming.thing, self.ways, replaces=self.replaces)
        except AgoraError as problem:
            self._failed(kind, incoming, problem.message)
            return None

    async def _bring(self, kind: SiteKind, batch: Sequence[Incoming]) -> None:
        ready = [one for one in batch if await self._with_file(kind, one)] if kind.bytes is not None else batch
        outcomes: list[tuple[Incoming, Decision]] = []
        async with self.db.write() as tx:
            for incoming in ready:
                try:
                    async with tx.attempt():
                        outcomes.append((incoming, await self._one(tx, kind, incoming.thing)))
                except AgoraError as problem:
                    self._failed(kind, incoming, problem.message)
                except IntegrityError:
                    self._failed(kind, incoming, _("Something else here has its id, or an address of it."))
        for incoming, decision in outcomes:
            self.report.count(kind.name, decision.outcome)
            for message in decision.thing.said:
                self.report.say(kind.title(incoming.thing.row), message, incoming.line)

    async def _with_file(self, kind: SiteKind, incoming: Incoming) -> bool:
        """Put the file of a thing that is not here yet in its place; return whether the thing can come in."""
        decision = await self._decided(kind, incoming)
        if decision is None:
            return False
        if decision.before is not None or incoming.file is None or kind.bytes is None:
            return True
        data = await to_thread.run_sync(self.archive.content, incoming.file)
        try:
            incoming.thing.row.update(await kind.bytes.keep(self.db, self.blobs, decision.thing.row, data))
        except AgoraError as problem:
            self._failed(kind, incoming, problem.message)
            return False
        return True

    async def _one(self, tx: Tx, kind: SiteKind, thing: Thing) -> Decision:
        def look(connection: Connection) -> Decision:
            return decide(connection, kind, thing, self.ways, replaces=self.replaces)

        connection = await tx.session.connection()
        decision = await connection.run_sync(look)
        if decision.outcome in ("created", "updated"):
            await write(tx, self.actor, kind, decision)
        return decision

    def _failed(self, kind: SiteKind, incoming: Incoming, message: Message | str) -> None:
        self.ways.gone.add(incoming.thing.id)
        self.report.count(kind.name, "failed")
        self.report.say(kind.title(incoming.thing.row), message, incoming.line)


def _some(coming: Iterator[Incoming]) -> list[Incoming]:
    return list(islice(coming, BATCH))


async def write(tx: Tx, actor: Actor, kind: SiteKind, decision: Decision) -> None:
    """Make a thing what was decided, with its rows, an audit line and its facts."""
    thing, before = decision.thing, decision.before
    table, row = table_of(kind.model), {**decision.thing.row, **kind.says}
    if before is not None:
        row.update({name: before[name] for name in kind.kept})
    if decision.blank is not None:
        await tx.execute(delete(table).where(table.c.id == decision.blank))
    if before is None:
        await tx.execute(insert(table), _timed(tx, kind, row))
    else:
        values = {name: value for name, value in row.items() if name not in ("id", "created_at")}
        await tx.execute(update(table).where(table.c.id == thing.id).values(**values))
    for part in kind.parts:
        await _part(tx, part, thing, decision.here.get(part.name, {}))
    await tx.flush()
    tx.session.expire_all()
    action = f"{kind.noun}.{'update' if before else 'create'}"
    about = kind.model(id=thing.id)
    tx.record(actor, action, about, changes={}, resource_type=kind.noun, name=kind.title(row))
    tx.publish(*kind.facts(row, before is None))
    if kind.settle is not None:
        await kind.settle(tx, actor, replace(thing, row=row), before)


def _timed(tx: Tx, kind: SiteKind, row: Row) -> Row:
    return {"created_at": tx.now, "updated_at": tx.now, **row} if issubclass(kind.model, HasTimes) else row


async def _part(tx: Tx, part: Part, thing: Thing, here: Any) -> None:
    table = table_of(part.model)
    keys = [column for column in table.primary_key if column.name != part.owner.key]
    owned = [{**row, part.owner.key: thing.id} for row in thing.parts[part.name]]
    wanted = {key_of(part, row): row for row in owned}
    if not part.added:
        for gone in here.keys() - wanted.keys():
            same = [column == value for column, value in zip(keys, gone, strict=True)]
            await tx.execute(delete(table).where(table.c[part.owner.key] == thing.id, *same))
        known = columns_of(part.model, part.skip | part.kept | {part.owner.key, "id", "created_at"}).values()
        for key in wanted.keys() & here.keys():
            values = {column.name: wanted[key][column.name] for column in known}
            same = [column == value for column, value in zip(keys, key, strict=True)]
            if any(here[key][name] != value for name, value in values.items()):
                await tx.execute(update(table).where(table.c[part.owner.key] == thing.id, *same).values(**values))
    new = [row for key, row in wanted.items() if key not in here]
    if new:
        times = {"created_at": tx.now, "updated_at": tx.now} if issubclass(part.model, HasTimes) else {}
        await tx.execute(insert(table), [{**times, **row} for row in new])
