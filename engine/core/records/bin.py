"""The bin: deleted things, whole, for 30 days; from there they come back with their links, or leave for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Numeric,
    Table,
    UniqueConstraint,
    Uuid,
    delete,
    func,
    insert,
    select,
    tuple_,
)

from engine.core import access
from engine.core.actor import Actor
from engine.core.audit import plain
from engine.core.errors import Conflict, NotFound
from engine.core.i18n import _
from engine.core.paging import Page, PageRequest
from engine.core.records import pointers
from engine.core.records.facts import RecordCreated
from engine.core.records.filling import check_unique
from engine.core.records.reading import title_of
from engine.core.records.tables import BinnedRecord
from engine.core.resource import Resource
from engine.core.running import JobKind, JobRun
from engine.core.tables import UtcDateTime
from engine.core.transaction import Tx

KEPT_FOR = timedelta(days=30)
MAX_NAME = 320


@dataclass(frozen=True, slots=True)
class Binned:
    """A deleted thing, as the bin's list shows it."""

    id: UUID
    record_id: UUID
    title: str
    deleted_by_name: str
    deleted_at: datetime
    purge_at: datetime


async def put(tx: Tx, actor: Actor, resource: Resource, row: Any) -> BinnedRecord:
    """Keep a thing, and the rows that go with it, before it is deleted: its own, and those of these."""
    table: Table = resource.model.__table__  # type: ignore[assignment]
    links: dict[str, list[dict[str, Any]]] = {}
    kept_ids: dict[str, list[UUID]] = {table.name: [row.id]}
    for key in resource.keeps:
        linked: Table = key.class_.__table__
        (leads_to,) = key.property.columns[0].foreign_keys
        found = await tx.execute(select(linked).where(key.in_(kept_ids.get(leads_to.column.table.name, []))))
        rows = list(found.mappings())
        kept_ids[linked.name] = [one["id"] for one in rows if "id" in one]
        links[linked.name] = [_plain_row(one) for one in rows]
    values = {column.key: getattr(row, key) for key, column in _attributes(resource).items()}
    binned = BinnedRecord(
        resource=resource.path,
        record_id=row.id,
        title=title_of(resource, row),
        values={name: plain(value) for name, value in values.items() if name in table.c},
        links=links,
        pointers=await pointers.to(tx, kept_ids),
        deleted_by=actor.user_id,
        deleted_by_name=(actor.name or actor.email or "Agora")[:MAX_NAME],
        deleted_at=tx.now,
        purge_at=tx.now + KEPT_FOR,
    )
    tx.add(binned)
    return binned


async def restore(tx: Tx, actor: Actor, resource: Resource, binned_id: UUID) -> Any:
    """Bring a thing back from the bin as it was, with the links whose other ends are still there.

    What led to it, and to nothing since, leads to it again.

    Raises NotAllowed, NotFound, Invalid where its place was taken meanwhile, Conflict where what it hangs on is gone.
    """
    access.require(actor, resource.write)
    binned = await tx.get(BinnedRecord, binned_id, locked=True)
    if binned is None or binned.resource != resource.path:
        raise NotFound(_("It is not in the bin any more."))
    values = _loaded(resource.model.__table__.columns, binned.values)
    if verb := resource.verbs.get("restore"):
        row = await verb(tx, actor, values)
        await tx.flush()
    else:
        row = await _insert(tx, resource, values)
        name = title_of(resource, row)
        tx.record(actor, f"{resource.noun}.restore", row, changes={}, resource_type=resource.noun, name=name)
        tx.publish(RecordCreated(row.id, resource.path))
    for key in resource.keeps:
        await _link(tx, key.class_.__table__, binned.links.get(key.class_.__table__.name, []))
    await pointers.back(tx, binned.pointers)
    if settle := resource.verbs.get("settle"):
        await settle(tx, row)
    await tx.delete(binned)
    await tx.flush()
    return row


async def _insert(tx: Tx, resource: Resource, values: dict[str, Any]) -> Any:
    for column in resource.model.__table__.columns:
        if values.get(column.key) is not None and not await _leads_somewhere(tx, column, values[column.key]):
            if not column.nullable:
                raise Conflict(
                    _("“{title}” cannot come back: what it belonged to ({field}) is gone."),
                    title=str(values.get("name", resource.singular)),
                    field=column.key,
                )
            values[column.key] = None
    by_attribute = {key: values[column.key] for key, column in _attributes(resource).items() if column.key in values}
    row: Any = resource.model(**by_attribute)
    await check_unique(tx, resource, row)
    tx.add(row)
    await tx.flush()
    return row


async def _link(tx: Tx, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows again that went with a thing, but for those that hung on something which is gone."""
    kept = [_loaded(table.columns, stored) for stored in rows]
    for column in table.columns:
        for key in column.foreign_keys:
            wanted = {row.get(column.key) for row in kept} - {None}
            there = set(await tx.scalars(select(key.column).where(key.column.in_(wanted)))) | {None}
            if column.nullable:
                kept = [row if row.get(column.key) in there else {**row, column.key: None} for row in kept]
            else:
                kept = [row for row in kept if row.get(column.key) in there]
    kept = await _without_taken(tx, table, kept)
    if kept:
        await tx.execute(insert(table), kept)


async def _without_taken(tx: Tx, table: Table, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows without pairs that are there again. Raises Conflict where a value of their own is taken."""
    bound = [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    bound += [list(one.columns) for one in table.indexes if one.unique]
    for columns in bound:
        own = {key for row in rows if None not in (key := tuple(row.get(column.key) for column in columns))}
        found = await tx.execute(select(*columns).where(tuple_(*columns).in_(own))) if own else ()
        taken = {tuple(row) for row in found}
        if taken and len(columns) == 1:
            raise Conflict(
                _("“{value}” belongs to something else by now ({field}). Change it there, then bring this back."),
                value=str(min(taken)[0])[:80],
                field=columns[0].key,
            )
        rows = [row for row in rows if tuple(row.get(column.key) for column in columns) not in taken]
    return rows


async def _leads_somewhere(tx: Tx, column: Any, value: Any) -> bool:
    """Return whether a foreign key's value is still there; what is no foreign key is."""
    for key in column.foreign_keys:
        if value is not None and not await tx.scalar(select(func.count()).where(key.column == value)):
            return False
    return True


def listed(connection: Connection, actor: Actor, resource: Resource, page: PageRequest) -> Page[Binned]:
    """Return what of this list is in the bin, the latest first. Raises NotAllowed."""
    access.require(actor, resource.write)
    mine = BinnedRecord.resource == resource.path
    total = connection.scalar(select(func.count()).select_from(BinnedRecord).where(mine)) or 0
    columns = [getattr(BinnedRecord, name) for name in Binned.__dataclass_fields__]
    newest = select(*columns).where(mine).order_by(BinnedRecord.deleted_at.desc(), BinnedRecord.id.desc())
    rows = connection.execute(newest.limit(page.limit).offset(page.offset))
    return Page.of([Binned(*row) for row in rows], total, page)


async def purge(job: JobRun) -> Mapping[str, Any]:
    """Delete for good what has been in the bin for 30 days."""
    async with job.db.write() as tx:
        gone = await tx.execute(delete(BinnedRecord).where(BinnedRecord.purge_at <= tx.now))
    return {"purged": gone.rowcount}  # type: ignore[attr-defined]


PURGE = JobKind("records.purge_bin", purge, every=timedelta(hours=24))


def _attributes(resource: Resource) -> dict[str, Column[Any]]:
    """Return the table's columns by the attributes that hold them."""
    return {one.key: one.columns[0] for one in resource.model.__mapper__.column_attrs}  # type: ignore[misc]


def _plain_row(row: Any) -> dict[str, Any]:
    return {name: plain(value) for name, value in row.items()}


def _loaded(columns: Any, stored: Mapping[str, Any]) -> dict[str, Any]:
    return {column.key: _value(column, stored.get(column.key)) for column in columns if column.key in stored}


def _value(column: Column[Any], value: Any) -> Any:
    """Return a value as the column takes it, from JSON."""
    if value is None:
        return None
    match column.type:
        case Uuid():
            return UUID(value)
        case UtcDateTime():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
        case Numeric():
            return Decimal(value)
        case _:
            return value
