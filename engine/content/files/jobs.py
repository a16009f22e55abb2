"""What happens by itself: the bytes of a deleted file are dropped once nothing can bring it back."""

from uuid import UUID

from sqlalchemy import func, select

from engine.content.files.files import PATH, REMOVE_JOB
from engine.content.files.models import GatedFile
from engine.core.ports import BlobStore
from engine.core.records.tables import BinnedRecord
from engine.core.running import JobKind, JobRun


def jobs(blobs: BlobStore) -> tuple[JobKind, ...]:
    """Return the kinds of jobs that gated files have."""

    async def remove(job: JobRun) -> None:
        file_id = UUID(job.payload["id"])
        async with job.db.read() as session:
            there = select(func.count()).where(GatedFile.id == file_id)
            binned = select(func.count()).where(
                BinnedRecord.resource == PATH,
                BinnedRecord.record_id == file_id,
                BinnedRecord.purge_at > job.db.clock.now(),
            )
            is_kept = await session.scalar(there) or await session.scalar(binned)
        if not is_kept:
            await blobs.delete(f"private/files/{file_id}")

    return (JobKind(REMOVE_JOB, remove),)
