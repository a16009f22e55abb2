"""A site file read through before anything of it is taken: each line, what it names, and the files in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine.core.blocks.declaring import Book
from engine.core.errors import AgoraError, Invalid
from engine.core.i18n import Message, _
from engine.core.sitefile import columns, kept
from engine.core.sitefile.archive import SiteArchive, refused
from engine.core.sitefile.columns import said, shown
from engine.core.sitefile.format import FILE, MANIFEST, SETTINGS, FileEntry, data_name
from engine.core.sitefile.kinds import Kinds, Row, SiteKind, Thing
from engine.core.tables import Base, table_of

_sha = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A thing as the archive has it: on which line, and its file."""

    line: int
    thing: Thing
    file: FileEntry | None = None


@dataclass(slots=True)
class Doubt:
    """What was seen of an archive so far: the ids that it holds, by table."""

    kinds: Kinds
    book: Book
    seen: dict[str, set[UUID]] = field(default_factory=dict)

    def check(self, archive: SiteArchive) -> list[Message]:
        """Look through a whole archive; return what of it is left out here, in words.

        Raises Invalid with the file, the line and the reason for anything that is not as it must be.
        """
        known = {SETTINGS, *(kind.name for kind in self.kinds)}
        for kind in self.kinds:
            self.seen[table_of(kind.model).name] = set()
            for part in kind.parts:
                self.seen.setdefault(table_of(part.model).name, set())
        left = [
            _("{count} of the kind “{kind}” are left out: this Agora does not know it.").having(count=count, kind=name)
            for name, count in archive.kinds.items()
            if name not in known and count
        ]
        if SETTINGS in archive.kinds:
            self._count(archive, SETTINGS, sum(1 for _one in settings(archive)))
        for kind in self.kinds:
            if kind.name in archive.kinds:
                count = 0
                for incoming in things(archive, kind, self.book):
                    self._doubt(archive, kind, incoming)
                    count += 1
                self._count(archive, kind.name, count)
        return left

    def _count(self, archive: SiteArchive, name: str, found: int) -> None:
        if archive.kinds[name] != found:
            message = _("{manifest} says that {file} has {said} lines, and it has {found}.")
            raise refused(
                message.having(manifest=MANIFEST, file=data_name(name), said=archive.kinds[name], found=found)
            )

    def _doubt(self, archive: SiteArchive, kind: SiteKind, incoming: Incoming) -> None:
        with _place(kind.name, incoming.line):
            thing = incoming.thing
            self._named(kind.model, thing.row, kind.skip)
            self._own(table_of(kind.model).name, thing.row)
            for part in kind.parts:
                for row in thing.parts[part.name]:
                    self._named(part.model, row, part.skip | {part.owner.key})
                    if "id" in row:
                        self._own(table_of(part.model).name, row)
            if incoming.file is not None:
                archive.check(incoming.file)

    def _own(self, table: str, row: Row) -> None:
        if row["id"] in self.seen[table]:
            raise Invalid(_("the id {id} stood in an earlier line").having(id=row["id"]))
        self.seen[table].add(row["id"])

    def _named(self, model: type[Base], row: Row, skip: frozenset[str]) -> None:
        for column in table_of(model).c:
            value = row.get(column.name)
            if value is None or column.name in skip:
                continue
            for key in column.foreign_keys:
                target = key.column.table.name
                if target in self.seen and value not in self.seen[target]:
                    message = _("it names {id} as its “{name}”, and no earlier line has that")
                    raise Invalid(message.having(id=value, name=column.name))


def settings(archive: SiteArchive) -> Iterator[tuple[str, Mapping[str, Any]] | None]:
    """Yield (key, value) of each settings line, None for one that is not taken here."""
    for line in archive.lines(SETTINGS):
        with _place(SETTINGS, line.number):
            found = kept.checked(line.raw)
        yield found


def things(archive: SiteArchive, kind: SiteKind, book: Book) -> Iterator[Incoming]:
    """Yield a kind's things, each checked and cleaned. Raises Invalid with file, line and reason."""
    for line in archive.lines(kind.name):
        with _place(kind.name, line.number):
            found = read_thing(kind, line.raw, line.number, book)
        yield found


def read_thing(kind: SiteKind, raw: Any, line: int, book: Book) -> Incoming:
    """Return what stands on a line, checked and cleaned. Raises Invalid for what cannot be."""
    if not isinstance(raw, dict):
        raise Invalid(_("“{value}” is no object.").having(value=shown(raw)))
    names = {part.name for part in kind.parts} | {FILE}
    row = columns.read(kind.model, kind.skip, {name: one for name, one in raw.items() if name not in names})
    parts: dict[str, list[Row]] = {}
    for part in kind.parts:
        rows = raw.get(part.name, [])
        if not isinstance(rows, list):
            raise Invalid(_("“{name}” is no list.").having(name=part.name))
        parts[part.name] = [columns.read(part.model, part.skip | {part.owner.key}, one) for one in rows]
        _refuse_twins(part.name, part.model, part.owner.key, parts[part.name])
    thing = Thing(row, parts)
    if kind.clean is not None:
        kind.clean(book, thing)
    return Incoming(line, thing, _entry(kind, thing, raw.get(FILE)))


def _refuse_twins(name: str, model: type[Base], owner: str, rows: list[Row]) -> None:
    keys = [column.name for column in table_of(model).primary_key if column.name != owner]
    found = [tuple(row[key] for key in keys) for row in rows]
    if len(set(found)) < len(found):
        raise Invalid(_("“{name}” has two of the same.").having(name=name))


def _entry(kind: SiteKind, thing: Thing, raw: Any) -> FileEntry | None:
    if kind.bytes is None or not kind.bytes.is_there(thing.row):
        if raw is not None:
            raise Invalid(_("It has a file, and is none."))
        return None
    said_ = raw if isinstance(raw, dict) else {}
    name, size, sha256 = said_.get("name"), said_.get("size"), said_.get("sha256")
    if set(said_) != {"name", "size", "sha256"} or not isinstance(name, str) or not name.startswith("files/"):
        raise Invalid(_("It does not say which file is its."))
    if not isinstance(size, int) or isinstance(size, bool) or not isinstance(sha256, str) or not _sha.fullmatch(sha256):
        raise Invalid(_("It does not say how large its file is, and with which SHA-256."))
    return FileEntry(name, size, sha256)


class _place:  # noqa: N801 - reads as a statement
    """Names the file and the line in whatever is refused within it."""

    def __init__(self, kind: str, line: int) -> None:
        self.kind, self.line = kind, line

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, AgoraError):
            raise refused(said(first_of(error), self.line, data_name(self.kind))) from error
        if isinstance(error, RecursionError):
            raise refused(said(_("it is nested deeper than anything is"), self.line, data_name(self.kind))) from error


def first_of(error: AgoraError) -> Message | str:
    """Return what is wrong first, with the field that it is wrong in."""
    if isinstance(error, Invalid) and error.fields:
        name, words = next(iter(error.fields.items()))
        return _("{name}: {reason}").having(name=name, reason=words)
    return error.message
