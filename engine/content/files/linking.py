"""Pages of gated files as things that links can lead to."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from engine.content.files.models import GatedFile
from engine.core.i18n import _
from engine.core.linking import LinkKind, LinkPlace, reference_to
from engine.core.records.facts import RecordCreated, RecordDeleted, RecordUpdated

KIND = "gated-file"
BEGINS = "/files/"


def _files() -> Select[UUID, str, str, bool]:
    is_here = ((GatedFile.version != "") & ~GatedFile.is_hidden).label("is_here")
    return select(GatedFile.id, GatedFile.title, GatedFile.slug, is_here)


def _place(row: Any) -> LinkPlace:
    note = "" if row.is_here else _("Not offered")
    return LinkPlace(reference_to(KIND, row.id), row.title, BEGINS + row.slug, bool(row.is_here), note)


def _find(connection: Connection, words: str, limit: int) -> Sequence[LinkPlace]:
    statement = _files().order_by(GatedFile.title)
    if words:
        statement = statement.where(func.lower(GatedFile.title).contains(words.lower(), autoescape=True))
    return [_place(row) for row in connection.execute(statement.limit(limit))]


def _places(connection: Connection, ids: Sequence[UUID]) -> Mapping[UUID, LinkPlace]:
    return {row.id: _place(row) for row in connection.execute(_files().where(GatedFile.id.in_(ids)))}


def _at(connection: Connection, path: str) -> LinkPlace | None:
    if not path.startswith(BEGINS):
        return None
    row = connection.execute(_files().where(GatedFile.slug == path.removeprefix(BEGINS))).first()
    return _place(row) if row else None


FILE_TARGET = LinkKind(
    KIND,
    _("File for members"),
    _("Files for members"),
    "file-lock",
    _find,
    _places,
    _at,
    (RecordCreated, RecordUpdated, RecordDeleted),
    rank=6,
)
