"""Taking files in: checked and made ready outside the transaction, then one short one for the row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import Conflict, NotFound
from engine.core.i18n import _
from engine.core.ids import new_id
from engine.core.ports import BlobStore
from engine.core.transaction import Tx
from engine.media import pictures
from engine.media.contents import Content, apart, described, look
from engine.media.facts import MediaChanged, MediaUploaded
from engine.media.kinds import name_of, refused
from engine.media.limits import check_size, most_bytes
from engine.media.models import MAX_ALT, MAX_FILENAME, Media, folder_key, original_key, variant_key
from engine.media.rules import folder_of, tags_of
from engine.media.tagging import put_tags

VARIANTS_JOB = "media.variants"
SWEEP_JOB = "media.sweep"


@dataclass(frozen=True, slots=True)
class Taken:
    """A file in the library. existed: the same bytes were there before; was_binned: in the bin, and are back."""

    id: UUID
    existed: bool = False
    was_binned: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """A file that was checked and stored, and has no row yet. content: None where the same bytes are here."""

    id: UUID
    filename: str
    size_bytes: int
    sha256: str
    content: Content | None = None


async def upload(
    db: Database,
    blobs: BlobStore,
    actor: Actor,
    *,
    data: bytes,
    filename: str,
    alt: str = "",
) -> UUID:
    """Take a picture in, from its bytes to its row; return its id, or that of the same picture sent before.

    Call it outside a transaction. Raises what `take` raises, and Invalid for whatever is no picture.
    """
    return (await take(db, blobs, actor, data=data, filename=filename, alt=alt, only_pictures=True)).id


async def take(
    db: Database,
    blobs: BlobStore,
    actor: Actor,
    *,
    data: bytes,
    filename: str,
    alt: str = "",
    folder: str = "",
    tags: Sequence[str] = (),
    only_pictures: bool = False,
) -> Taken:
    """Take a file in, from its bytes to its row; the same bytes sent before give the item that is here.

    Raises NotAllowed below editor, Invalid when it is nothing we take, is damaged, or is too large.
    """
    access.require(actor, Permission.UPLOAD_MEDIA)
    place, words = folder_of(folder), tags_of(tags)
    received = await _receive(db, blobs, data=data, filename=filename, only_pictures=only_pictures)
    async with db.write() as tx:
        taken = await _add(tx, actor, received, alt=alt, folder=place, tags=words)
    if received.content is not None and taken.id != received.id:
        await blobs.delete(folder_key(received.id))  # somebody sent the same one at the same moment
    return taken


async def _receive(db: Database, blobs: BlobStore, *, data: bytes, filename: str, only_pictures: bool) -> Received:
    check_size(len(data), await db.query(most_bytes))
    name = name_of(filename, MAX_FILENAME)
    sha256 = await apart(pictures.digest_of, data)
    known = await db.query(_known, sha256)
    if known is not None and not (only_pictures and known.kind != "image"):
        return Received(known.id, name, len(data), sha256)
    content = await apart(look, data, name, only_pictures=only_pictures)
    media_id = new_id()
    await blobs.put(original_key(media_id, content.extension), data)
    for variant in content.variants:
        await blobs.put(variant_key(media_id, variant.name, variant.file), variant.data)
    return Received(media_id, name, len(data), sha256, content)


async def _add(tx: Tx, actor: Actor, received: Received, *, alt: str, folder: str, tags: Sequence[str]) -> Taken:
    content = received.content
    is_new = content is not None and await tx.insert_new(
        Media,
        {
            "id": received.id,
            "filename": received.filename,
            "kind": content.kind,
            "content_type": content.content_type,
            "extension": content.extension,
            "file": "",
            "size_bytes": received.size_bytes,
            "sha256": received.sha256,
            "version": pictures.version_of(received.sha256),
            "width": content.width,
            "height": content.height,
            "alt": alt[:MAX_ALT],
            "is_decorative": False,
            "folder": folder,
            "focus_x": content.focus[0],
            "focus_y": content.focus[1],
            "placeholder": content.placeholder,
            "variants": described(content.variants),
            "uploaded_by": actor.user_id,
            "created_at": tx.now,
            "updated_at": tx.now,
        },
    )
    if not is_new:
        return await _again(tx, actor, received.sha256)
    await put_tags(tx, received.id, tags)
    tx.publish(MediaUploaded(received.id, received.filename))
    if not actor.is_system:  # an import's pictures are in its own line
        tx.record(actor, "media.upload", resource_type="media", media_id=received.id, filename=received.filename)
    enqueue_variants(tx, received.id, actor)
    return Taken(received.id)


async def _again(tx: Tx, actor: Actor, sha256: str) -> Taken:
    """Return the item that holds these bytes; out of the bin, if it lay there."""
    media: Media | None = await tx.scalar(select(Media).where(Media.sha256 == sha256).with_for_update())
    if media is None:
        raise Conflict(_("This file was deleted for good at this very moment. Send it again."))
    was_binned = media.deleted_at is not None
    if was_binned:
        media.deleted_at = None
        tx.record(actor, "media.restore", media)
        tx.publish(MediaChanged(media.id))
    return Taken(media.id, existed=True, was_binned=was_binned)


async def replace(db: Database, blobs: BlobStore, actor: Actor, media_id: UUID, *, data: bytes, filename: str) -> None:
    """Put other bytes in a file's place: its id stays, its addresses change with the content.

    Raises NotAllowed below editor, NotFound, Invalid as `take` does or when it is of another kind, Conflict when
    another item holds these bytes.
    """
    access.require(actor, Permission.UPLOAD_MEDIA)
    name = name_of(filename, MAX_FILENAME)
    before = await db.query(_kind_of, media_id)
    if before is None:
        raise _not_found(media_id)
    check_size(len(data), await db.query(most_bytes))
    content = await apart(look, data, name, only_pictures=before.kind == "image")
    sha256 = await apart(pictures.digest_of, data)
    if sha256 == before.sha256:
        return
    if content.kind != before.kind:
        text = _("This item is of the kind “{before}”, the new file is “{after}”. Upload it as an item of its own.")
        raise refused(text, before=before.kind, after=content.kind)
    received = Received(media_id, name, len(data), sha256, content)
    place = new_id().hex[-12:]
    original = f"{place}/original.{content.extension}"
    await blobs.put(original_key(media_id, content.extension, original), data)
    variants = described(content.variants)
    for variant in content.variants:
        file = variants[variant.name]["file"] = f"{place}/{variant.file or f'{variant.name}.webp'}"
        await blobs.put(variant_key(media_id, variant.name, file), variant.data)
    async with db.write() as tx:
        await _put_in_place(tx, actor, received, content, original, variants)


async def _put_in_place(
    tx: Tx, actor: Actor, received: Received, content: Content, original: str, variants: dict[str, Any]
) -> None:
    media = await tx.get(Media, received.id, locked=True)
    if media is None:
        raise _not_found(received.id)
    same = select(Media.filename).where(Media.sha256 == received.sha256, Media.id != media.id)
    other = await tx.scalar(same)
    if other is not None:
        raise Conflict(_("These very bytes are in the library already, as “{name}”. Choose that one."), name=other)
    old = [media.file or f"original.{media.extension}"]
    old += [made.get("file") or f"{name}.webp" for name, made in media.variants.items()]
    media.filename, media.file, media.size_bytes = received.filename, original, received.size_bytes
    media.sha256, media.version = received.sha256, pictures.version_of(received.sha256)
    media.content_type, media.extension = content.content_type, content.extension
    media.width, media.height, media.placeholder = content.width, content.height, content.placeholder
    media.focus_x, media.focus_y = content.focus
    media.variants = variants
    tx.record(actor, "media.replace", media)
    tx.publish(MediaChanged(media.id))
    tx.enqueue(SWEEP_JOB, {"id": str(media.id), "files": old}, key=key_of(media.id), actor=actor)
    enqueue_variants(tx, media.id, actor)


def enqueue_variants(tx: Tx, media_id: UUID, actor: Actor) -> None:
    """Have what is missing of a file's sizes made."""
    tx.enqueue(VARIANTS_JOB, {"id": str(media_id)}, key=key_of(media_id), actor=actor)


def key_of(media_id: UUID) -> str:
    """Return the key that keeps the jobs of one file in order."""
    return f"media:{media_id}"


def _known(connection: Connection, sha256: str) -> Any:
    return connection.execute(select(Media.id, Media.kind).where(Media.sha256 == sha256)).first()


def _kind_of(connection: Connection, media_id: UUID) -> Any:
    return connection.execute(select(Media.kind, Media.sha256).where(Media.id == media_id)).first()


def _not_found(media_id: UUID) -> NotFound:
    return NotFound(_("There is no file {id} in the media library."), id=media_id)
