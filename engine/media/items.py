"""What staff do with files of the library: describe, crop, sort, put in the bin and take out."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Conflict, Invalid, NotFound
from engine.core.i18n import _
from engine.core.transaction import Tx
from engine.media.facts import MediaChanged, MediaPurged
from engine.media.models import MAX_ALT, Media, folder_key
from engine.media.rules import focus_of, folder_of, tags_of
from engine.media.tagging import put_tags, tags_now
from engine.media.uploads import enqueue_variants, key_of

BIN_TIME = timedelta(days=30)
REMOVE_JOB = "media.remove"


async def edit(
    tx: Tx,
    actor: Actor,
    media_id: UUID,
    *,
    alt: str | None = None,
    is_decorative: bool | None = None,
    folder: str | None = None,
    tags: Sequence[str] | None = None,
    focus: tuple[int, int] | None = None,
) -> None:
    """Change what is said about a file; what is None stays. A decorative picture has no alternative text.

    focus: the point that crops keep, in percent from the upper left corner; the thumbnail is made anew.
    Raises NotAllowed below editor, NotFound, Invalid by field.
    """
    access.require(actor, Permission.UPLOAD_MEDIA)
    media = await _locked(tx, media_id)
    if alt is not None:
        media.alt = _alt_of(alt)
    if is_decorative is not None:
        media.is_decorative = is_decorative
    if media.is_decorative:
        media.alt = ""
    if folder is not None:
        media.folder = folder_of(folder)
    if focus is not None and focus_of(*focus) != (media.focus_x, media.focus_y):
        media.focus_x, media.focus_y = focus
        enqueue_variants(tx, media_id, actor)
    words: dict[str, Any] = {}
    if tags is not None:
        before, after = await tags_now(tx, media_id), tags_of(tags)
        if sorted(before) != sorted(after):
            await put_tags(tx, media_id, after)
            words = {"tags": [before, after]}
    await _record(tx, actor, "media.update", media, **words)


async def move(tx: Tx, actor: Actor, ids: Sequence[UUID], folder: str) -> int:
    """Put files into a folder; return how many there were."""
    access.require(actor, Permission.UPLOAD_MEDIA)
    place = folder_of(folder)
    found = await _several(tx, ids)
    for media in found:
        media.folder = place
        await _record(tx, actor, "media.update", media)
    return len(found)


async def trash(tx: Tx, actor: Actor, ids: Sequence[UUID]) -> int:
    """Put files into the bin, from which they are purged after 30 days; return how many were not there yet.

    Pages that show one show nothing in its place until it is restored. Raises NotAllowed below editor.
    """
    access.require(actor, Permission.UPLOAD_MEDIA)
    found = [media for media in await _several(tx, ids) if media.deleted_at is None]
    for media in found:
        media.deleted_at = tx.now
        tx.record(actor, "media.trash", media, filename=media.filename)
        tx.publish(MediaChanged(media.id))
    return len(found)


async def restore(tx: Tx, actor: Actor, ids: Sequence[UUID]) -> int:
    """Take files out of the bin; return how many lay there."""
    access.require(actor, Permission.UPLOAD_MEDIA)
    found = [media for media in await _several(tx, ids) if media.deleted_at is not None]
    for media in found:
        media.deleted_at = None
        tx.record(actor, "media.restore", media, filename=media.filename)
        tx.publish(MediaChanged(media.id))
    return len(found)


async def purge(tx: Tx, actor: Actor, ids: Sequence[UUID]) -> int:
    """Delete files that are in the bin for good; return how many.

    Raises NotAllowed below editor, Conflict for one that is not in the bin.
    """
    access.require(actor, Permission.UPLOAD_MEDIA)
    found = await _several(tx, ids)
    for media in found:
        if media.deleted_at is None:
            raise Conflict(_("“{name}” is not in the bin. Delete it first."), name=media.filename)
        await _purge(tx, actor, media)
    return len(found)


async def purge_old(tx: Tx, limit: int = 100) -> int:
    """Delete for good what has been in the bin for 30 days, some at a time; return how many."""
    old = select(Media).where(Media.deleted_at < tx.now - BIN_TIME).order_by(Media.deleted_at).limit(limit)
    found: Sequence[Media] = (await tx.scalars(old.with_for_update(skip_locked=True))).all()
    for media in found:
        await _purge(tx, Actor.system(), media)
    return len(found)


async def _purge(tx: Tx, actor: Actor, media: Media) -> None:
    tx.record(actor, "media.purge", media, filename=media.filename)
    tx.publish(MediaPurged(media.id))
    tx.enqueue(REMOVE_JOB, {"key": folder_key(media.id)}, key=key_of(media.id), actor=actor)
    await tx.delete(media)


async def _record(tx: Tx, actor: Actor, action: str, media: Media, **more: Any) -> None:
    is_changed = bool(tx.session.is_modified(media)) or bool(more)
    if is_changed:
        tx.record(actor, action, media, **more)
        tx.publish(MediaChanged(media.id))


async def _locked(tx: Tx, media_id: UUID) -> Media:
    media = await tx.get(Media, media_id, locked=True)
    if media is None:
        raise NotFound(_("There is no file {id} in the media library."), id=media_id)
    return media


async def _several(tx: Tx, ids: Sequence[UUID]) -> Sequence[Media]:
    rows = select(Media).where(Media.id.in_(set(ids))).order_by(Media.id).with_for_update()
    found: Sequence[Media] = (await tx.scalars(rows.execution_options(populate_existing=True))).all()
    return found


def _alt_of(text: str) -> str:
    alt = " ".join(text.split())
    if len(alt) > MAX_ALT:
        message = _("This is {length} characters long; at most {most} will do.").having(length=len(alt), most=MAX_ALT)
        raise Invalid(message, {"alt": message})
    return alt
