"""Jobs of media: the sizes of a picture, what is left of replaced and purged files, and the emptying of the bin."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, select

from engine.core.ports import BlobStore
from engine.core.running import JobKind, JobRun
from engine.media import items, pictures, resumable
from engine.media.contents import described, in_background
from engine.media.facts import MediaChanged
from engine.media.models import Media, MediaKind, MediaUpload, original_key, upload_key, variant_key
from engine.media.motion import MOTION, MOVING, read_motion
from engine.media.pictures import AVIF_VARIANTS, MIDDLE_POINT, Variant
from engine.media.uploads import SWEEP_JOB, VARIANTS_JOB, key_of

AVIF_JOB = "media.avif"


def media_jobs(blobs: BlobStore) -> tuple[JobKind, ...]:
    """Return the jobs; a run that was cut off begins again and makes what is missing."""
    return (
        JobKind(VARIANTS_JOB, partial(_make_variants, blobs)),
        JobKind(AVIF_JOB, partial(_make_avif, blobs), attempts=3),
        JobKind(SWEEP_JOB, partial(_sweep, blobs)),
        JobKind(items.REMOVE_JOB, partial(_remove, blobs)),
        JobKind("media.empty_bin", partial(_empty_bin, blobs), every=timedelta(hours=6)),
    )


async def _make_variants(blobs: BlobStore, job: JobRun) -> None:
    row = await job.db.query(_row, UUID(job.payload["id"]))
    if row is None or row.kind != MediaKind.IMAGE:
        return
    data = await blobs.get(original_key(row.id, row.extension, row.file))
    focus = (row.focus_x, row.focus_y)
    picture, made = await in_background(pictures.read, data, _missing(row), focus)
    if row.extension in MOVING and MOTION not in row.variants:
        moving = await in_background(read_motion, data)
        made += [moving] if moving is not None else []
    if await _keep(job, blobs, row, made, focus, picture.placeholder):
        async with job.db.write() as tx:
            tx.enqueue(AVIF_JOB, {"id": str(row.id)}, key=key_of(row.id))


async def _make_avif(blobs: BlobStore, job: JobRun) -> None:
    """Make the AVIF variants: after every WebP that waits, for they cost the most and are asked for the least."""
    row = await job.db.query(_row, UUID(job.payload["id"]))
    if row is None or row.kind != MediaKind.IMAGE or all(f"{n}.avif" in row.variants for n in AVIF_VARIANTS):
        return
    data = await blobs.get(original_key(row.id, row.extension, row.file))
    made = await in_background(pictures.read_avif, data)
    smaller = [one for one in made if len(one.data) < row.variants[one.name.removesuffix(".avif")]["size"]]
    await _keep(job, blobs, row, smaller)


async def _sweep(blobs: BlobStore, job: JobRun) -> None:
    """Delete what a replaced file left behind."""
    media_id = UUID(job.payload["id"])
    for file in job.payload["files"]:
        await blobs.delete(variant_key(media_id, "", file))


async def _remove(blobs: BlobStore, job: JobRun) -> None:
    await blobs.delete(job.payload["key"])


async def _empty_bin(blobs: BlobStore, job: JobRun) -> dict[str, int]:
    """Purge what was in the bin for 30 days, and forget uploads that nobody went on with."""
    purged = 0
    while True:
        async with job.db.write() as tx:
            count = await items.purge_old(tx)
        purged += count
        if not count:
            break
    forgotten = await job.db.query(_stale, job.db.clock.now() - resumable.UPLOAD_TIME)
    for upload_id in forgotten:
        await blobs.delete(upload_key(upload_id))
        async with job.db.write() as tx:
            await tx.execute(delete(MediaUpload).where(MediaUpload.id == upload_id))
    return {"purged": purged, "uploads": len(forgotten)}


async def _keep(
    job: JobRun,
    blobs: BlobStore,
    row: Any,
    made: list[Variant],
    focus: pictures.Focus | None = None,
    placeholder: str = "",
) -> bool:
    """Store variants and write them down, unless the file was replaced meanwhile; return whether they are kept."""
    files = {}
    for variant in made:
        own = variant.file or f"{variant.name}.webp"
        files[variant.name] = f"{row.file.partition('/')[0]}/{own}" if row.file else own
        await blobs.put(variant_key(row.id, variant.name, files[variant.name]), variant.data)
    async with job.db.write() as tx:
        media = await tx.get(Media, row.id, locked=True)
        if media is None or media.sha256 != row.sha256:
            return False
        variants = described(made)
        for name, entry in variants.items():
            if files[name] != f"{name}.webp":
                entry["file"] = files[name]
        if variants:
            media.variants = {**media.variants, **variants}
            tx.publish(MediaChanged(media.id))
        if focus is not None:
            media.version = pictures.version_of(media.sha256, focus)
            media.placeholder = placeholder
    return True


def _missing(row: Any) -> list[str]:
    """Return the variants to make: those that are not there, and a thumbnail that shows another part than it should."""
    focus = (row.focus_x, row.focus_y)
    suffix = "" if focus == MIDDLE_POINT else f"-{focus[0]}-{focus[1]}"
    missing = [name for name in pictures.VARIANTS if name not in row.variants]
    shown = row.variants.get("thumbnail", {}).get("file") or "thumbnail.webp"
    if not shown.endswith(f"thumbnail{suffix}.webp") and "thumbnail" not in missing:
        missing.append("thumbnail")
    return missing


def _row(connection: Connection, media_id: UUID) -> Any:
    columns = (Media.id, Media.kind, Media.extension, Media.file, Media.sha256, Media.focus_x, Media.focus_y)
    return connection.execute(select(*columns, Media.variants).where(Media.id == media_id)).first()


def _stale(connection: Connection, before: Any) -> list[UUID]:
    return list(connection.execute(select(MediaUpload.id).where(MediaUpload.updated_at < before)).scalars())
