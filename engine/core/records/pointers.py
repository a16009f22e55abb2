"""Rows that lose what they led to when a thing is deleted, and lead to it again when it comes back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, select, update

from engine.core.tables import Base
from engine.core.transaction import Tx

BATCH = 500
#: {table: {column: {id that it led to: [ids of the rows]}}}
Pointers = Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]


async def to(tx: Tx, going: Mapping[str, Sequence[UUID]]) -> dict[str, Any]:
    """Return which rows lead to those that are about to go (ids by table) and will stay behind without."""
    found: dict[str, Any] = {}
    for table, column, target in _letting_go(going):
        own = table.c.id
        for ids in _batches(going[target]):
            for row in await tx.execute(select(own, column.label("led_to")).where(column.in_(ids))):
                if row.id not in going.get(table.name, ()):
                    by_target = found.setdefault(table.name, {}).setdefault(column.name, {})
                    by_target.setdefault(str(row.led_to), []).append(str(row.id))
    return found


async def back(tx: Tx, pointers: Pointers) -> None:
    """Have the rows that still lead nowhere lead to what came back; those that are gone meanwhile are passed over."""
    for table, name, by_target in _known(pointers):
        column = table.c[name]
        (key,) = column.foreign_keys
        for target, rows in by_target.items():
            if await tx.scalar(select(key.column).where(key.column == UUID(target))) is None:
                continue
            for ids in _batches([UUID(row) for row in rows]):
                led_nowhere = update(table).where(table.c.id.in_(ids), column.is_(None))
                await tx.execute(led_nowhere.values({name: UUID(target)}))


def _known(pointers: Pointers) -> Iterator[tuple[Table, str, Mapping[str, Sequence[str]]]]:
    """Yield (table, column, {id: rows}) of tables and columns that this version still has."""
    for table_name, columns in pointers.items():
        table = Base.metadata.tables.get(table_name)
        if table is not None:
            yield from ((table, name, by_target) for name, by_target in columns.items() if name in table.c)


def _letting_go(going: Mapping[str, Sequence[UUID]]) -> Iterator[tuple[Table, Column[Any], str]]:
    """Yield (table, column, table it leads to) of every foreign key that a deletion of such rows would empty."""
    for table in Base.metadata.tables.values():
        for column in table.columns if "id" in table.columns else ():
            for key in column.foreign_keys:
                if key.ondelete == "SET NULL" and going.get(key.column.table.name) and key.column.name == "id":
                    yield table, column, key.column.table.name


def _batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    yield from (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
