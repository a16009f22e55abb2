"""Taking pictures in: checked and made ready outside the transaction, then one short one for the row."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from anyio import to_thread
from sqlalchemy import Connection, select

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.ids import new_id
from engine.core.ports import BlobStore
from engine.core.transaction import Tx
from engine.media import pictures
from engine.media.models import MAX_ALT, MAX_FILENAME, Media, original_key, variant_key
from engine.media.pictures import Picture

VARIANTS_JOB = "media.variants"


@dataclass(frozen=True, slots=True)
class Received:
    """A picture that was checked and stored, and has no row yet. picture: None where somebody sent the same before."""

    id: UUID
    filename: str
    size_bytes: int
    sha256: str
    picture: Picture | None = None
    variants: dict[str, Any] = field(default_factory=dict)


async def receive(db: Database, blobs: BlobStore, actor: Actor, *, data: bytes, filename: str) -> Received:
    """Check a file by its content, store it and its small variants; the same file twice is stored once.

    Raises NotAllowed below editor, Invalid when it is no picture, is damaged, or is too large.
    """
    access.require(actor, Permission.UPLOAD_MEDIA)
    name = filename.replace("\\", "/").rsplit("/", 1)[-1].replace("\x00", "")[-MAX_FILENAME:]
    sha256 = await to_thread.run_sync(pictures.digest_of, data)
    known = await db.query(_id_of, sha256)
    if known is not None:
        return Received(known, name, len(data), sha256)
    media_id = new_id()
    picture, made = await to_thread.run_sync(pictures.read, data, pictures.FIRST_VARIANTS)
    await blobs.put(original_key(media_id, picture.extension), data)
    for variant in made:
        await blobs.put(variant_key(media_id, variant.name), variant.data)
    return Received(media_id, name, len(data), sha256, picture, described(made))


async def upload(db: Database, blobs: BlobStore, actor: Actor, *, data: bytes, filename: str, alt: str = "") -> UUID:
    """Take a picture in, from its bytes to its row; return its id, or that of the same picture sent before.

    Call it outside a transaction. Raises what `receive` raises.
    """
    received = await receive(db, blobs, actor, data=data, filename=filename)
    async with db.write() as tx:
        media_id = await add(tx, actor, received, alt=alt)
    if media_id != received.id:
        await blobs.delete(f"media/{received.id}")  # somebody sent the same one at the same moment
    return media_id


async def add(tx: Tx, actor: Actor, received: Received, *, alt: str = "") -> UUID:
    """Write the row of a received picture; return its id, or that of the same picture sent before."""
    access.require(actor, Permission.UPLOAD_MEDIA)
    picture = received.picture
    if picture is None:
        return received.id
    is_first = await tx.insert_new(
        Media,
        {
            "id": received.id,
            "filename": received.filename,
            "content_type": picture.content_type,
            "extension": picture.extension,
            "size_bytes": received.size_bytes,
            "sha256": received.sha256,
            "version": pictures.version_of(received.sha256),
            "width": picture.width,
            "height": picture.height,
            "alt": alt[:MAX_ALT],
            "variants": received.variants,
            "uploaded_by": actor.user_id,
            "created_at": tx.now,
            "updated_at": tx.now,
        },
    )
    if not is_first:
        first: UUID = await tx.scalar(select(Media.id).where(Media.sha256 == received.sha256))
        return first
    if not actor.is_system:  # an import's pictures are in its own line
        tx.record(actor, "media.upload", resource_type="media", media_id=received.id, filename=received.filename)
    tx.enqueue(VARIANTS_JOB, {"id": str(received.id)}, actor=actor)
    return received.id


def described(made: list[pictures.Variant]) -> dict[str, Any]:
    """Return what a row keeps of made variants."""
    return {v.name: {"width": v.width, "height": v.height, "size": len(v.data)} for v in made}


def _id_of(connection: Connection, sha256: str) -> UUID | None:
    found: UUID | None = connection.execute(select(Media.id).where(Media.sha256 == sha256)).scalar()
    return found
