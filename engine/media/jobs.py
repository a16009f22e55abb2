"""The job that makes a picture's large variants."""

from typing import Any
from uuid import UUID

from anyio import to_thread
from sqlalchemy import Connection, select, update

from engine.core.ports import BlobStore
from engine.core.running import JobKind, JobRun
from engine.media import pictures
from engine.media.models import Media, original_key, variant_key
from engine.media.uploads import VARIANTS_JOB, described


def variants_job(blobs: BlobStore) -> JobKind:
    """Return the job; a run that was cut off makes them all again."""

    async def run(job: JobRun) -> None:
        media_id = UUID(job.payload["id"])
        row = await job.db.query(_row, media_id)
        if row is None:
            return
        data = await blobs.get(original_key(media_id, row.extension))
        names = [name for name in pictures.VARIANTS if name not in row.variants]
        _picture, made = await to_thread.run_sync(pictures.read, data, names)
        for variant in made:
            await blobs.put(variant_key(media_id, variant.name), variant.data)
        variants = {**row.variants, **described(made)}
        async with job.db.write() as tx:
            await tx.execute(update(Media).where(Media.id == media_id).values(variants=variants, updated_at=tx.now))

    return JobKind(VARIANTS_JOB, run)


def _row(connection: Connection, media_id: UUID) -> Any:
    return connection.execute(select(Media.extension, Media.variants).where(Media.id == media_id)).first()
