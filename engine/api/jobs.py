"""`/jobs`: how far a job is, for whoever started it; all of them, for staff who look after them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from engine.api.apiwords import also
from engine.api.request import Caller, House, WriteTx, allow, signed_in
from engine.api.routing import APIRouter
from engine.api.wire import PageWire, Paging, Wire
from engine.core import deadletters, jobqueries
from engine.core.access import Permission
from engine.core.jobqueries import JobView
from engine.core.jobs import JobStatus

router = APIRouter(prefix="/jobs", tags=["jobs"])


class ProgressWire(Wire):
    """How many of how many; a total of 0 is not known yet."""

    done: int
    total: int


class JobWire(Wire):
    """A job. `result` is its own kind's; `error` is what went wrong at the last try."""

    id: UUID
    kind: str
    status: JobStatus
    progress: ProgressWire
    result: dict[str, Any] | None
    error: str | None
    attempts: int
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, job: JobView) -> "JobWire":
        return cls(
            id=job.id,
            kind=job.name,
            status=job.status,
            progress=ProgressWire(done=job.done, total=job.total),
            result=dict(job.result) if job.result is not None else None,
            error=job.error,
            attempts=job.attempts,
            created_at=job.created_at,
            finished_at=job.finished_at,
        )


class JobQueued(Wire):
    """The job that runs again."""

    job_id: UUID


class JobPage(PageWire[JobWire]):
    """One page of jobs."""


@router.get("", dependencies=[allow(Permission.VIEW_JOBS)])
async def list_jobs(
    house: House,
    actor: Caller,
    paging: Paging,
    status: JobStatus | None = None,
    kind: Annotated[str, Query(max_length=80)] = "",
) -> JobPage:
    """Return jobs, the newest first."""
    page = await house.db.query(jobqueries.jobs, actor, paging, status=status, kind=kind)
    return JobPage(items=[JobWire.of(job) for job in page.items], total=page.total, page=page.page, limit=page.limit)


@router.get("/{job_id:uuid}", dependencies=[signed_in], responses=also(403))
async def read_job(job_id: UUID, house: House, actor: Caller) -> JobWire:
    """Return a job: one's own, or any for admins and above."""
    return JobWire.of(await house.db.query(jobqueries.job, actor, job_id))


@router.post("/{job_id:uuid}/retries", status_code=202, dependencies=[allow(Permission.VIEW_JOBS)], responses=also(409))
async def retry_job(job_id: UUID, actor: Caller, tx: WriteTx) -> JobQueued:
    """Queue a failed job again."""
    await deadletters.retry(tx, actor, job_id)
    return JobQueued(job_id=job_id)
