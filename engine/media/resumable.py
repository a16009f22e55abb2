"""Uploads in parts that can be taken up again (tus 1.0): each is kept as it comes, joined when the last is here."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, select

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import AgoraError, Conflict, NotFound, Unavailable
from engine.core.i18n import _
from engine.core.ids import new_id
from engine.core.ports import BlobStore
from engine.core.transaction import Tx
from engine.media.kinds import name_of, refused
from engine.media.limits import MEGABYTE, check_size, most_bytes
from engine.media.models import MAX_FILENAME, MediaUpload, upload_key
from engine.media.rules import folder_of
from engine.media.uploads import Taken, take

UPLOAD_TIME = timedelta(hours=24)
PART_BYTES = 8 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an upload is. media_id: what it became; existed: whether the same bytes were here before."""

    id: UUID
    filename: str
    size_bytes: int
    received_bytes: int
    expires_at: datetime
    media_id: UUID | None = None
    existed: bool = False

    @property
    def is_whole(self) -> bool:
        return self.received_bytes == self.size_bytes


async def begin(tx: Tx, actor: Actor, *, filename: str, size_bytes: int, folder: str = "") -> UUID:
    """Announce a file that will come in parts; return the upload's id.

    Raises NotAllowed below editor, Invalid when it will be empty or too large.
    """
    access.require(actor, Permission.UPLOAD_MEDIA)
    connection = await tx.session.connection()
    check_size(size_bytes, await connection.run_sync(most_bytes))
    if size_bytes <= 0:
        raise refused(_("“{name}” is empty. Choose another file."), name=filename)
    row = MediaUpload(
        filename=name_of(filename, MAX_FILENAME),
        folder=folder_of(folder),
        size_bytes=size_bytes,
        received_bytes=0,
        parts=[],
        created_by=actor.user_id,
    )
    tx.add(row)
    return row.id


async def append(
    db: Database, blobs: BlobStore, actor: Actor, upload_id: UUID, offset: int, chunks: AsyncIterator[bytes]
) -> Progress:
    """Keep the bytes that come, from this offset on, and what came before a line broke too; return how far it is.

    Raises NotFound for another person's upload, Conflict where the offset is not where it stopped, Invalid for more
    bytes than were announced.
    """
    at = await _own(db, actor, upload_id)
    if at.received_bytes != offset:
        raise _elsewhere(at.received_bytes, offset)
    waiting = bytearray()
    async for chunk in chunks:
        waiting += chunk
        if at.received_bytes + len(waiting) > at.size_bytes:
            raise refused(_("More came than the {size} bytes that were announced."), size=at.size_bytes)
        if len(waiting) >= PART_BYTES:
            at = await _keep(db, blobs, at, bytes(waiting))
            waiting.clear()
    return await _keep(db, blobs, at, bytes(waiting)) if waiting else at


async def _keep(db: Database, blobs: BlobStore, at: Progress, data: bytes) -> Progress:
    name = f"{at.received_bytes:012d}-{new_id().hex[-8:]}"
    await blobs.put(upload_key(at.id, name), data)
    async with db.write() as tx:
        row = await tx.get(MediaUpload, at.id, locked=True)
        if row is not None and row.received_bytes == at.received_bytes:
            row.parts = [*row.parts, [name, len(data)]]
            row.received_bytes += len(data)
            return _progress(row)
        there = row.received_bytes if row else 0
    await blobs.delete(upload_key(at.id, name))
    raise _elsewhere(there, at.received_bytes)


async def finish(db: Database, blobs: BlobStore, actor: Actor, upload_id: UUID) -> Progress:
    """Join a whole upload and take the file in; a second call, or one after a crash, ends in the same.

    Raises Invalid when the file is nothing we take: the upload is forgotten then.
    """
    at = await _own(db, actor, upload_id)
    if at.media_id is not None or not at.is_whole:
        return at
    row = await db.query(_row, upload_id)
    try:
        data = b"".join([await blobs.get(upload_key(upload_id, name)) for name, _bytes in row.parts])
    except NotFound:
        again = await _own(db, actor, upload_id)  # somebody else finished it at this moment
        if again.media_id is None:
            raise
        return again
    try:
        taken = await take(db, blobs, actor, data=data, filename=row.filename, folder=row.folder)
    except Unavailable:
        raise
    except AgoraError:
        await forget(db, blobs, actor, upload_id)
        raise
    return await _done(db, blobs, at, taken)


async def _done(db: Database, blobs: BlobStore, at: Progress, taken: Taken) -> Progress:
    async with db.write() as tx:
        row = await tx.get(MediaUpload, at.id, locked=True)
        if row is None:
            raise _not_found(at.id)
        row.media_id, row.existed = taken.id, taken.existed
        found = _progress(row)
    await blobs.delete(upload_key(at.id))
    return found


async def forget(db: Database, blobs: BlobStore, actor: Actor, upload_id: UUID) -> None:
    """Drop an upload and its parts; the file that it became stays."""
    at = await _own(db, actor, upload_id)
    async with db.write() as tx:
        await tx.execute(delete(MediaUpload).where(MediaUpload.id == at.id))
    await blobs.delete(upload_key(at.id))


async def progress(db: Database, actor: Actor, upload_id: UUID) -> Progress:
    """Return how far one's own upload is. Raises NotFound."""
    return await _own(db, actor, upload_id)


async def _own(db: Database, actor: Actor, upload_id: UUID) -> Progress:
    access.require(actor, Permission.UPLOAD_MEDIA)
    row = await db.query(_row, upload_id)
    if row is None or row.created_by != actor.user_id:
        raise _not_found(upload_id)
    return _progress(row)


def _row(connection: Connection, upload_id: UUID) -> Any:
    return connection.execute(select(MediaUpload.__table__).where(MediaUpload.id == upload_id)).first()


def _progress(row: Any) -> Progress:
    ends = row.created_at + UPLOAD_TIME
    return Progress(
        row.id, row.filename, row.size_bytes, row.received_bytes, ends, row.media_id, existed=bool(row.existed)
    )


def _elsewhere(there: int, offset: int) -> Conflict:
    text = _("This upload stands at byte {there}, not at {offset}. Ask where it is, and go on from there.")
    return Conflict(text, there=there, offset=offset)


def _not_found(upload_id: UUID) -> NotFound:
    return NotFound(_("There is no upload {id} of yours. Begin it anew."), id=upload_id)
