"""A site written into one archive: files first, then every kind of thing as the database has it at one moment."""

import hashlib
import json
import zipfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from anyio import to_thread
from sqlalchemy import Connection, select

from engine.core.blocks.declaring import Book
from engine.core.database import Database
from engine.core.errors import AgoraError, NotFound
from engine.core.i18n import Message
from engine.core.ports import BlobStore
from engine.core.sitefile import kept
from engine.core.sitefile.columns import written
from engine.core.sitefile.doubting import first_of, read_thing
from engine.core.sitefile.format import FILE, FORMAT, MANIFEST, SETTINGS, VERSION, FileEntry, data_name, file_name
from engine.core.sitefile.kinds import Kinds, Part, Row, SiteKind, Thing
from engine.core.tables import Base, table_of

Tell = Callable[[int, int], Awaitable[None]]
Files = Mapping[str, Mapping[UUID, FileEntry]]
BATCH = 200


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A thing that no site file can bring in, and why."""

    kind: str
    title: str
    reason: Message


@dataclass(slots=True)
class Writing:
    """What a site file is written from. held: ids that stand in it, by table; left: what does not, and why."""

    kinds: Kinds
    book: Book
    files: Files
    held: dict[str, set[UUID]] = field(default_factory=dict)
    left: list[LeftOut] = field(default_factory=list)


async def write_site(
    db: Database, blobs: BlobStore, kinds: Kinds, book: Book, path: Path, about: Mapping[str, Any], tell: Tell
) -> tuple[dict[str, int], list[LeftOut]]:
    """Write a site into a new archive at `path`; return how many there are of each kind, and what was left out.

    about: what the manifest says of the site. tell: (done, of how many files). A file that is not there any more is
    left out with its thing; everything in the archive is such that it comes in again.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        files = await _files(db, blobs, kinds, archive, tell)
        writing = Writing(kinds, book, files)
        found = await db.query(_things, writing, archive)
        counts = {name: one["count"] for name, one in found.items()}
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "createdAt": db.clock.now().isoformat(),
            **about,
            "kinds": found,
        }
        archive.writestr(_entry(MANIFEST, db.clock.now()), json.dumps(manifest, ensure_ascii=False, indent=1))
    return counts, writing.left


async def _files(
    db: Database, blobs: BlobStore, kinds: Kinds, archive: zipfile.ZipFile, tell: Tell
) -> dict[str, dict[UUID, FileEntry]]:
    found: dict[str, dict[UUID, FileEntry]] = {}
    for kind in (one for one in kinds if one.bytes is not None):
        entries = found.setdefault(kind.name, {})
        keys = await db.query(_keys, kind)
        for number, (own_id, key) in enumerate(keys):
            await tell(number, len(keys))
            entry = await _file(blobs, archive, key, file_name(kind.name, own_id), db.clock.now())
            if entry is not None:
                entries[own_id] = entry
    return found


async def _file(blobs: BlobStore, archive: zipfile.ZipFile, key: str, name: str, now: datetime) -> FileEntry | None:
    if not await blobs.exists(key):
        return None
    digest, size = hashlib.sha256(), 0
    entry = _entry(name, now)
    entry.compress_type = zipfile.ZIP_STORED  # pictures and documents are packed already
    try:
        with archive.open(entry, "w", force_zip64=True) as out:
            async for chunk in blobs.stream(key):
                digest.update(chunk)
                size += len(chunk)
                await to_thread.run_sync(out.write, chunk)
    except NotFound:
        return None
    return FileEntry(name, size, digest.hexdigest())


def _entry(name: str, now: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (max(1980, now.year), now.month, now.day, now.hour, now.minute, now.second))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _keys(connection: Connection, kind: SiteKind) -> list[tuple[UUID, str]]:
    assert kind.bytes is not None  # noqa: S101 - asked of kinds with files alone
    table = table_of(kind.model)
    rows = connection.execute(_wanted(select(table), kind).order_by(table.c.id)).mappings()
    return [(row["id"], kind.bytes.key(dict(row))) for row in rows if kind.bytes.is_there(dict(row))]


def _things(connection: Connection, writing: Writing, archive: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    """Write every kind, all of them as they stand in one reading transaction; return count and digest of each."""
    found = {SETTINGS: _lines(archive, SETTINGS, kept.rows(connection))}
    for kind in writing.kinds:
        found[kind.name] = _lines(archive, kind.name, _rows_of(connection, kind, writing))
    return found


def _lines(archive: zipfile.ZipFile, name: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    with archive.open(zipfile.ZipInfo(data_name(name), (1980, 1, 1, 0, 0, 0)), "w", force_zip64=True) as out:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            out.write(line)
            count += 1
    return {"count": count, "sha256": digest.hexdigest()}


def _rows_of(connection: Connection, kind: SiteKind, writing: Writing) -> Iterator[dict[str, Any]]:
    """Yield a kind's things as lines, each as it would be read again."""
    table, held, files = table_of(kind.model), writing.held, writing.files.get(kind.name, {})
    ours = held.setdefault(table.name, set())
    for part in kind.parts:
        held.setdefault(part.model.__tablename__, set())
    ordered = _ordered(connection, kind)
    for start in range(0, len(ordered), BATCH):
        ids = ordered[start : start + BATCH]
        rows = {row["id"]: dict(row) for row in connection.execute(select(table).where(table.c.id.in_(ids))).mappings()}
        parts = {part.name: _parts(connection, part, ids) for part in kind.parts}
        for own_id in ids:
            row = rows.get(own_id)
            if row is None or not _fits(kind.model, row, held, kind.skip):
                continue
            entry = files.get(own_id)
            if kind.bytes is not None and kind.bytes.is_there(row) and entry is None:
                continue
            plain = written(kind.model, kind.skip, row)
            for part in kind.parts:
                plain[part.name] = list(_held_parts(part, parts[part.name].get(own_id, ()), held))
            if entry is not None:
                plain[FILE] = entry.plain()
            try:
                thing = read_thing(kind, plain, 0, writing.book).thing
            except AgoraError as problem:
                writing.left.append(LeftOut(kind.name, kind.title(row), _reason(problem)))
                continue
            ours.add(own_id)
            yield {**plain, **_again(kind, thing)}


def _again(kind: SiteKind, thing: Thing) -> dict[str, Any]:
    parts = {
        part.name: [written(part.model, part.skip | {part.owner.key}, row) for row in thing.parts[part.name]]
        for part in kind.parts
    }
    return {**written(kind.model, kind.skip, thing.row), **parts}


def _reason(problem: AgoraError) -> Message:
    found = first_of(problem)
    return found if isinstance(found, Message) else Message("{text}", {"text": found})


def _held_parts(part: Part, rows: Sequence[Row], held: dict[str, set[UUID]]) -> Iterator[dict[str, Any]]:
    skip = part.skip | {part.owner.key}
    for row in rows:
        if _fits(part.model, row, held, skip):
            if "id" in row:
                held[part.model.__tablename__].add(row["id"])
            yield written(part.model, skip, row)


def _fits(model: type[Base], row: Row, held: Mapping[str, set[UUID]], skip: frozenset[str]) -> bool:
    """Return whether all that a row cannot be without stands in the archive; forget the rest of what does not."""
    for column in table_of(model).c:
        value = row[column.name]
        if value is None or column.name in skip:
            continue
        for key in column.foreign_keys:
            target = key.column.table.name
            if target not in held or value in held[target]:
                continue
            if not column.nullable:
                return False
            row[column.name] = None
    return True


def _parts(connection: Connection, part: Part, ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
    table = table_of(part.model)
    owner = table.c[part.owner.key]
    statement = select(table).where(owner.in_(ids)).order_by(*table.primary_key.columns)
    if part.where is not None:
        statement = statement.where(part.where())
    found: dict[UUID, list[Row]] = {}
    for row in connection.execute(statement).mappings():
        found.setdefault(row[part.owner.key], []).append(dict(row))
    return found


def _wanted(statement: Any, kind: SiteKind) -> Any:
    return statement if kind.where is None else statement.where(kind.where())


def _ordered(connection: Connection, kind: SiteKind) -> list[UUID]:
    """Return the ids of a kind: by age, and each after the one that it stands below."""
    table = table_of(kind.model)
    if kind.above is None:
        return list(connection.scalars(_wanted(select(table.c.id), kind).order_by(table.c.id)))
    above = table.c[kind.above.key]
    rows = connection.execute(_wanted(select(table.c.id, above), kind).order_by(table.c.id)).all()
    known = {row[0] for row in rows}
    below: dict[UUID | None, list[UUID]] = {}
    for own_id, parent in rows:
        below.setdefault(parent if parent in known else None, []).append(own_id)
    ordered: list[UUID] = []
    level: list[UUID] = below.get(None, [])
    while level:
        ordered += level
        level = sorted(child for one in level for child in below.get(one, ()))
    return ordered
