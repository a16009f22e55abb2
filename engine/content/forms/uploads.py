"""Files that come with a form: told by their content, private, and dropped where nothing is sent with them."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from anyio import to_thread
from PIL import Image
from sqlalchemy import Connection, func, select, update

from engine.content.forms.models import FormUpload, upload_key
from engine.content.forms.shapes import MEGABYTE, FieldType, FormField
from engine.core.database import Database
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.ids import digest, new_id, new_secret
from engine.core.ports import BlobStore
from engine.core.transaction import Tx
from engine.media.kinds import kind_of, name_of
from engine.media.models import MediaKind

WAITS = timedelta(hours=24)
MAX_NAME = 200
#: So much may lie there for one form that nobody has sent: whoever sends files alone fills no disk.
MOST_WAITING = 500 * MEGABYTE
KIND_WORDS: Mapping[MediaKind, Message] = {
    MediaKind.IMAGE: _("pictures"),
    MediaKind.DRAWING: _("drawings (SVG)"),
    MediaKind.DOCUMENT: _("PDF and Office documents"),
    MediaKind.VIDEO: _("videos"),
    MediaKind.AUDIO: _("sound"),
    MediaKind.ARCHIVE: _("ZIP archives"),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that waits to be sent with its form. token: what names it; only its sender knows it."""

    token: str
    name: str
    size_bytes: int


async def take(db: Database, blobs: BlobStore, form_id: UUID, one: FormField, data: bytes, filename: str) -> Sent:
    """Keep a file that a visitor chose; return what names it. Call it outside a transaction.

    Raises Invalid, naming the field, for one that is too large or not of the kinds that the field takes.
    """
    name = name_of(filename, MAX_NAME)
    try:
        found = await to_thread.run_sync(_looked_at, one, data, name)
    except Invalid as error:
        raise Invalid(error.message, {one.id: error.message}) from error
    kind, content_type = found
    if await db.query(_waiting_bytes, form_id) + len(data) > MOST_WAITING:
        message = _("Too many files wait to be sent here. Try again tomorrow, or send the form without it.")
        raise Invalid(message, {one.id: message})
    token, upload_id = new_secret(), new_id()
    await blobs.put(upload_key(upload_id), data)
    async with db.write() as tx:
        tx.add(
            FormUpload(
                id=upload_id,
                form_id=form_id,
                field=one.id,
                digest=digest(token),
                filename=name,
                content_type=content_type,
                kind=kind,
                size_bytes=len(data),
            )
        )
    return Sent(token, name, len(data))


def _looked_at(one: FormField, data: bytes, name: str) -> tuple[str, str]:
    if one.type is not FieldType.FILE:
        raise Invalid(_("“{label}” takes no file.").having(label=one.label[:60]))
    if len(data) > one.max_megabytes * MEGABYTE:
        text = _("“{name}” is larger than {most} MB. Send a smaller one.")
        raise Invalid(text.having(name=name, most=one.max_megabytes))
    found = kind_of(data, name)
    if one.takes and found.kind not in one.takes:
        text = _("“{name}” is not of a kind that is asked for. Send {kinds}.")
        kinds = ", ".join(str(KIND_WORDS[kind]) for kind in one.takes)
        raise Invalid(text.having(name=name, kinds=kinds))
    return found.kind.value, found.content_type or _picture_type(data, name)


def _picture_type(data: bytes, name: str) -> str:
    """Return a picture's type by its head; nothing is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data)) as picture:
                return Image.MIME.get(picture.format or "", "application/octet-stream")
    except Exception as error:
        raise Invalid(_("“{name}” is damaged. Choose another file.").having(name=name)) from error


def _waiting_bytes(connection: Connection, form_id: UUID) -> int:
    unsent = select(func.sum(FormUpload.size_bytes)).where(FormUpload.form_id == form_id, FormUpload.entry_id.is_(None))
    return int(connection.scalar(unsent) or 0)


def waiting(connection: Connection, form_id: UUID, tokens: Sequence[str]) -> dict[str, FormUpload]:
    """Return the files of a form that are named by these tokens and not sent yet, by token."""
    named = {digest(token): token for token in tokens[:200]}
    rows = connection.execute(
        select(FormUpload.__table__).where(
            FormUpload.digest.in_(named), FormUpload.form_id == form_id, FormUpload.entry_id.is_(None)
        )
    )
    return {named[row.digest]: row for row in rows}  # type: ignore[misc]


def described(row: Any) -> dict[str, Any]:
    """Return what an answer keeps of a file."""
    return {"id": str(row.id), "name": row.filename, "size": row.size_bytes, "type": row.content_type}


async def claim(tx: Tx, form_id: UUID, entry_id: UUID, files: Sequence[str]) -> None:
    """Bind files, by id, to the entry that they came with; one that is bound already stays where it is."""
    ids = [UUID(one) for one in files]
    if ids:
        await tx.execute(
            update(FormUpload)
            .where(FormUpload.id.in_(ids), FormUpload.form_id == form_id, FormUpload.entry_id.is_(None))
            .values(entry_id=entry_id, taken_at=tx.now)
        )
