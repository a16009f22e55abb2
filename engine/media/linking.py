"""What links can lead to in the library: files as they are read or saved, and pictures in full size."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, select

from engine.core import narrowing
from engine.core.i18n import _
from engine.core.ids import parse_id
from engine.core.linking import LinkKind, LinkPlace, reference_to
from engine.media.facts import MediaChanged, MediaPurged, MediaUploaded
from engine.media.models import Media, MediaKind
from engine.media.queries import urls_of

FILE = "file"
_PICTURES = (MediaKind.IMAGE, MediaKind.DRAWING)


def _files() -> Select[Any]:
    return select(Media.__table__).where(Media.deleted_at.is_(None))


def _place(row: Any) -> LinkPlace:
    """Return where a file is read. A picture's original is never public: its largest variant is what is linked to."""
    reference = reference_to(FILE, row.id)
    if row.kind not in _PICTURES:
        return LinkPlace(reference, row.filename, f"/media/{row.id}/{row.version}/file.{row.extension}")
    urls = urls_of(row)
    return LinkPlace(reference, row.filename, urls.full if urls else "", is_public=urls is not None)


def _find(connection: Connection, words: str, limit: int) -> Sequence[LinkPlace]:
    statement = _files()
    if words:
        statement = statement.where(narrowing.holds(Media.filename, words, connection.dialect.name))
    # What is linked to is read: documents stand before pictures.
    statement = statement.order_by(Media.kind.in_(_PICTURES), Media.created_at.desc())
    return [_place(row) for row in connection.execute(statement.limit(limit))]


def _by_id(connection: Connection, ids: Sequence[UUID]) -> Mapping[UUID, LinkPlace]:
    return {row.id: _place(row) for row in connection.execute(_files().where(Media.id.in_(ids)))}


def _at(connection: Connection, path: str) -> LinkPlace | None:
    parts = path.split("/")
    media_id = parse_id(parts[2]) if len(parts) == 5 and parts[1] == "media" else None
    return _by_id(connection, [media_id]).get(media_id) if media_id else None


_CHANGES = (MediaUploaded, MediaChanged, MediaPurged)
LINK_TARGETS = (LinkKind(FILE, _("File"), _("Files"), "file-text", _find, _by_id, _at, _CHANGES, rank=9),)
