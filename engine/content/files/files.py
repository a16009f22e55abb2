"""The verbs of gated files: their bytes put in place, and a used link written down."""

from datetime import timedelta
from uuid import UUID

from anyio import to_thread
from sqlalchemy import select, update

from engine.content.files.links import Holder
from engine.content.files.models import FileDownload, GatedFile, file_key
from engine.content.forms.models import FormEntry
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import _
from engine.core.ids import digest, new_id, new_secret
from engine.core.ports import BlobStore
from engine.core.records.bin import KEPT_FOR
from engine.core.records.facts import RecordDeleted, RecordUpdated
from engine.core.transaction import Tx
from engine.media.kinds import kind_of, name_of

MANAGE = Permission.MANAGE_FILES
PATH = "files"
NOUN = "gated_file"
REMOVE_JOB = "files.remove"
MAX_NAME = 200
UNKNOWN = "application/octet-stream"
_PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif"}


async def put(db: Database, blobs: BlobStore, actor: Actor, file_id: UUID, data: bytes, filename: str) -> None:
    """Put bytes into a file's place; links to those before open nothing any more. Call it outside a transaction.

    Raises NotAllowed below editor, NotFound, Invalid for an empty file.
    """
    access.require(actor, MANAGE)
    if not data:
        message = _("Choose a file that is not empty.")
        raise Invalid(message, {"file": message})
    name = name_of(filename, MAX_NAME)
    content_type = await to_thread.run_sync(type_of, data, name)
    version = new_secret()
    await blobs.put(file_key(file_id, version), data)
    before = ""
    try:
        async with db.write() as tx:
            row = await tx.get(GatedFile, file_id, locked=True)
            if row is None:
                raise missing(file_id)
            before = row.version
            row.filename, row.content_type, row.size_bytes, row.version = name, content_type, len(data), version
            tx.record(actor, f"{NOUN}.update", row, resource_type=NOUN, name=row.title)
            tx.publish(RecordUpdated(row.id, PATH))
    except NotFound:
        await blobs.delete(file_key(file_id, version))
        raise
    if before:
        await blobs.delete(file_key(file_id, before))


def type_of(data: bytes, name: str) -> str:
    """Return what the bytes are where that is known; it is saved and never shown, whatever it is."""
    try:
        found = kind_of(data, name).content_type
    except Invalid:
        return UNKNOWN
    return found or next((kind for head, kind in _PICTURES.items() if data.startswith(head)), UNKNOWN)


async def used(tx: Tx, file_id: UUID, key: str, holder: Holder) -> None:
    """Write down that a link was used, the first time that it is."""
    who = ""
    if holder.entry_id is not None:
        who = await tx.scalar(select(FormEntry.email).where(FormEntry.id == holder.entry_id)) or ""
    values = {
        "id": new_id(),
        "file_id": file_id,
        "user_id": holder.user_id,
        "link": digest(key),
        "who": who,
        "created_at": tx.now,
        "updated_at": tx.now,
    }
    if await tx.insert_new(FileDownload, values):
        await tx.execute(update(GatedFile).where(GatedFile.id == file_id).values(downloads=GatedFile.downloads + 1))


async def delete(tx: Tx, actor: Actor, file_id: UUID) -> None:
    """Delete a file that is in the bin already; its bytes stay as long as it can come back."""
    access.require(actor, MANAGE)
    row = await tx.get(GatedFile, file_id, locked=True)
    if row is None:
        raise missing(file_id)
    tx.record(actor, f"{NOUN}.delete", row, changes={}, resource_type=NOUN, name=row.title)
    tx.publish(RecordDeleted(row.id, PATH))
    tx.enqueue(REMOVE_JOB, {"id": str(file_id)}, run_at=tx.now + KEPT_FOR + timedelta(days=1))
    await tx.delete(row)


def missing(key: UUID | str) -> NotFound:
    """Return the refusal for a file that is not there."""
    return NotFound(_("There is no file “{key}”. It may have been deleted.").having(key=str(key)[:60]))
