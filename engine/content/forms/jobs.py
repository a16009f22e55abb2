"""What happens by itself: entries erased when their time is over, files dropped that nothing was sent with."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from engine.content.forms import entries
from engine.content.forms.models import Form, FormEntry, FormUpload, upload_key
from engine.content.forms.uploads import WAITS
from engine.core.actor import Actor
from engine.core.ports import BlobStore
from engine.core.records.tables import BinnedRecord
from engine.core.running import JobKind, JobRun

BATCH = 200


def jobs(blobs: BlobStore) -> tuple[JobKind, ...]:
    """Return the kinds of jobs that forms have."""

    async def remove(job: JobRun) -> None:
        for key in job.payload["keys"]:
            await blobs.delete(key)

    async def tidy(job: JobRun) -> Mapping[str, Any]:
        return {"erased": await _erase_old(job), "files": await _drop_forgotten(job, blobs)}

    return JobKind(entries.REMOVE_JOB, remove), JobKind("forms.tidy", tidy, every=timedelta(hours=24))


async def _erase_old(job: JobRun) -> int:
    """Erase what is older than its form keeps entries, some at a time."""
    async with job.db.read() as session:
        kept = list(await session.execute(select(Form.id, Form.retention_days).where(Form.retention_days.is_not(None))))
    gone = 0
    for form_id, days in kept:
        life = timedelta(days=days or 0)
        while True:
            async with job.db.write() as tx:
                old = select(FormEntry).where(FormEntry.form_id == form_id, FormEntry.created_at < tx.now - life)
                rows = (await tx.scalars(old.limit(BATCH))).all()
                await entries.erase(tx, rows)
                if rows:
                    tx.record(
                        Actor.system(),
                        "form_entry.retention",
                        resource_type="form_entry",
                        changes={},
                        entries=len(rows),
                    )
            gone += len(rows)
            if len(rows) < BATCH:
                break
    return gone


async def _drop_forgotten(job: JobRun, blobs: BlobStore) -> int:
    """Drop files whose form was never sent, and those of entries that are neither there nor in the bin."""
    async with job.db.write() as tx:
        never = select(FormUpload.id).where(FormUpload.entry_id.is_(None), FormUpload.created_at < tx.now - WAITS)
        ids = list(await tx.scalars(never.limit(BATCH)))
        in_bin = select(BinnedRecord.record_id).where(BinnedRecord.resource == entries.PATH)
        gone = select(FormUpload.id).where(
            FormUpload.entry_id.is_not(None),
            FormUpload.entry_id.not_in(select(FormEntry.id)),
            FormUpload.entry_id.not_in(in_bin),
            FormUpload.form_id.in_(select(Form.id)),  # a form in the bin has its entries with it
        )
        ids += list(await tx.scalars(gone.limit(BATCH)))
        if ids:
            await tx.execute(delete(FormUpload).where(FormUpload.id.in_(ids)))
    for one in ids:
        await blobs.delete(upload_key(one))
    return len(ids)
