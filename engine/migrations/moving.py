"""Moving a whole installation's rows to another database: SQLite to PostgreSQL, or back.

Batch by batch, each kept as it is done, so that a move that broke off goes on where it was; then every row is compared
with its copy. Foreign keys of a PostgreSQL target are put away meanwhile, and checked when they come back.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Table,
    create_engine,
    func,
    insert,
    inspect,
    make_url,
    select,
    text,
    tuple_,
)

from engine.core.errors import Conflict, Invalid
from engine.core.i18n import _
from engine.core.tables import Base
from engine.migrations import Standing, migrate, revision_of, standing_of

#: What a search engine keeps is built anew from the rest.
LEFT_OUT = frozenset({"search_documents", "search_facets", "search_numbers", "search_states"})
BATCH = 500
_FOREIGN_KEYS = text(
    "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
)
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did. already: rows that an earlier one, which broke off, had copied."""

    tables: int
    rows: int
    already: int


def move(
    source_url: str,
    target_url: str,
    mark: Path,
    tell: Tell = lambda _table, _done, _of: None,
    *,
    replaces: bool = False,
) -> Moved:
    """Copy every row, and compare every row with its copy.

    mark: a file that is there while a move is not finished. tell: hears (table, rows done, rows in all).
    replaces: whether an older state of this very installation, which the target holds, may go.
    Raises Conflict where the target holds an installation of its own, or where a row reads otherwise there; Invalid
    where both are the same.
    """
    if make_url(source_url) == make_url(target_url):
        raise Invalid(_("The data is in that database already."))
    source, target = create_engine(source_url), create_engine(target_url)
    try:
        with source.connect() as reading:
            if standing_of(revision_of(reading)) is not Standing.AT_HEAD:
                raise Conflict(_("The database is of another version. Start this Agora on it once, and then move it."))
            begun = _begin(reading, target, target_url, mark, replaces=replaces)
            already = sum(_copy(reading, target, table, tell) for table in tables())
            rows = sum(_compare(reading, target, table) for table in tables())
        _end(target, begun)
    finally:
        source.dispose()
        target.dispose()
    mark.unlink(missing_ok=True)
    return Moved(len(tables()), rows, already)


def tables() -> list[Table]:
    """Return the tables that are moved."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def is_taken(connection: Connection) -> bool:
    """Return whether a database holds an installation."""
    if not inspect(connection).has_table("users"):
        return False
    return bool(connection.scalar(text("SELECT count(*) FROM users")))


def is_same_installation(here: Connection, there: Connection) -> bool:
    """Return whether another database holds an older or newer state of this installation: its first person is there."""
    if not (is_taken(here) and is_taken(there)):
        return False
    users = Base.metadata.tables["users"]
    first = here.scalar(select(users.c.id).order_by(users.c.created_at, users.c.id).limit(1))
    return there.scalar(select(users.c.id).where(users.c.id == first)) is not None


def _begin(reading: Connection, target: Engine, url: str, mark: Path, *, replaces: bool) -> Mapping[str, Any]:
    """Make the target ready, once; return what the mark says."""
    shown = make_url(url).render_as_string(hide_password=True)
    if mark.is_file():
        begun: dict[str, Any] = json.loads(mark.read_text(encoding="utf-8"))
        if begun["target"] != shown:
            raise Conflict(
                _("A move to {other} is not finished. Finish it, or delete {file}."),
                other=begun["target"],
                file=str(mark),
            )
        return begun
    migrate(url)
    with target.connect() as connection:
        if is_taken(connection) and not (replaces and is_same_installation(reading, connection)):
            raise Conflict(_("{target} holds an installation already. Name an empty database."), target=shown)
        found = connection.execute(_FOREIGN_KEYS).all() if target.dialect.name == "postgresql" else []
    begun = {"target": shown, "foreign_keys": [list(row) for row in found]}
    with target.begin() as connection:
        for table, name, _definition in begun["foreign_keys"]:
            connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
        for table in reversed(Base.metadata.sorted_tables):  # a migration may have put rows there
            connection.execute(table.delete())
        _write(mark, begun)
    return begun


def _write(mark: Path, begun: Mapping[str, Any]) -> None:
    """Keep what brings the foreign keys back, before they go."""
    with mark.open("w", encoding="utf-8") as file:
        json.dump(begun, file)
        file.flush()
        os.fsync(file.fileno())


def _copy(reading: Connection, target: Engine, table: Table, tell: Tell) -> int:
    """Copy the rows that the target lacks or that changed since a move broke off; return how many it had."""
    total = reading.scalar(select(func.count()).select_from(table)) or 0
    done = already = 0
    for batch in _batches(reading, table):
        with target.begin() as writing:
            there = _kept(writing, table, batch)
            if stale := [key for key, row in there.items() if batch[key] != row]:
                writing.execute(table.delete().where(_within(table, stale)))
            missing = [row for key, row in batch.items() if there.get(key) != row]
            if missing:
                writing.execute(insert(table), missing)
        done, already = done + len(batch), already + len(batch) - len(missing)
        tell(table.name, done, total)
    _drop_surplus(reading, target, table, total)
    return already


def _drop_surplus(reading: Connection, target: Engine, table: Table, total: int) -> None:
    """Delete what the target holds and the source lost since a move broke off."""
    with target.begin() as writing:
        if (writing.scalar(select(func.count()).select_from(table)) or 0) == total:
            return
        surplus = [
            key for batch in _batches(writing, table) for key in batch.keys() - _kept(reading, table, batch).keys()
        ]
        for start in range(0, len(surplus), BATCH):
            writing.execute(table.delete().where(_within(table, surplus[start : start + BATCH])))


def _compare(reading: Connection, target: Engine, table: Table) -> int:
    """Return how many rows there are. Raises Conflict where the copies are not the same ones."""
    count = 0
    with target.connect() as other:
        for batch in _batches(reading, table):
            there = _kept(other, table, batch)
            for key, row in batch.items():
                if there.get(key) != row:
                    raise Conflict(
                        _("The row {key} of {table} reads otherwise in its copy. Run this again, or tell us."),
                        key=", ".join(map(str, key)),
                        table=table.name,
                    )
            count += len(batch)
        found = other.scalar(select(func.count()).select_from(table)) or 0
    if found != count:
        raise Conflict(
            _("{table} has {count} rows here and {found} there."), table=table.name, count=count, found=found
        )
    return count


def _end(target: Engine, begun: Mapping[str, Any]) -> None:
    """Bring the foreign keys back, which checks them, and the planner's figures up to date."""
    with target.begin() as connection:
        if target.dialect.name == "sqlite":
            broken = connection.execute(text("PRAGMA foreign_key_check")).first()
            if broken is not None:
                raise Conflict(_("A row of {table} leads nowhere in the copy."), table=str(broken[0]))
            return
        there = {(row[0], row[1]) for row in connection.execute(_FOREIGN_KEYS)}
        for table, name, definition in begun["foreign_keys"]:
            if (table, name) not in there:
                connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"))
        connection.execute(text("ANALYZE"))


Rows = dict[tuple[Any, ...], dict[str, Any]]


def _batches(connection: Connection, table: Table) -> Iterator[Rows]:
    """Yield a table's rows by their keys, some at a time, never all in memory."""
    keys = list(table.primary_key)
    found = connection.execute(select(table).order_by(*keys).execution_options(yield_per=BATCH))
    for rows in found.mappings().partitions(BATCH):
        yield _keyed(table, rows)


def _kept(connection: Connection, table: Table, batch: Rows) -> Rows:
    """Return those of these rows that are there."""
    return _keyed(table, connection.execute(select(table).where(_within(table, list(batch)))).mappings().all())


def _within(table: Table, wanted: Sequence[tuple[Any, ...]]) -> ColumnElement[bool]:
    keys = list(table.primary_key)
    return keys[0].in_([key[0] for key in wanted]) if len(keys) == 1 else tuple_(*keys).in_(wanted)


def _keyed(table: Table, rows: Sequence[RowMapping]) -> Rows:
    names = [column.name for column in table.primary_key]
    plain = [{column.name: row[column.name] for column in table.columns} for row in rows]
    return {tuple(row[name] for name in names): row for row in plain}
