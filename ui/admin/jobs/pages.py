"""Jobs: the list, one of them with its progress, and another try for what was given up on."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request, Response

from engine.api.request import Caller, House, allow
from engine.core import deadletters, jobqueries
from engine.core.access import Permission
from engine.core.i18n import Message, _
from engine.core.jobqueries import JobView
from engine.core.jobs import JobStatus
from engine.core.paging import Page
from ui.admin.jobs.words import shown, title_of
from ui.admin.lists import address, asked, next_pages, page_asked
from ui.respond import page, redirect

HOME = "/admin/jobs"
VIEWS: tuple[tuple[Message, JobStatus | None], ...] = (
    (_("All"), None),
    (_("Running"), JobStatus.RUNNING),
    (_("Waiting"), JobStatus.QUEUED),
    (_("Failed"), JobStatus.FAILED),
    (_("Done"), JobStatus.SUCCEEDED),
)
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.VIEW_JOBS)])


@dataclass(frozen=True)
class JobLine:
    """A job with its name in words."""

    id: UUID
    job: JobView
    title: Message | str


@dataclass(frozen=True)
class JobList:
    """The list."""

    jobs: Page[JobLine]
    tabs: list[tuple[Message, str, int | None]]
    here: str
    status: str
    pages_url: str
    is_moving: bool


@dataclass(frozen=True)
class OneJob:
    """One job with what it was asked and what it found."""

    job: JobView
    title: Message | str
    asked_for: list[tuple[str, str]]
    found: list[tuple[str, str]]


@router.get("")
async def show_jobs(request: Request, house: House, actor: Caller) -> Response:
    """Answer the list of jobs; it asks again by itself while some run."""
    status = next((s for _label, s in VIEWS if s and s == asked(request, "status")), None)
    found = await house.db.query(jobqueries.jobs, actor, page_asked(request), status=status)
    counts = await house.db.query(jobqueries.counts)
    kept = {"status": status or ""}
    context = JobList(
        jobs=found.map(lambda job: JobLine(job.id, job, title_of(job))),
        tabs=[(label, address(HOME, {"status": s or ""}), counts.get(s) if s else None) for label, s in VIEWS],
        here=address(HOME, kept),
        status=status or "",
        pages_url=next_pages(HOME, kept),
        is_moving=bool(counts.get(JobStatus.RUNNING) or counts.get(JobStatus.QUEUED)) and found.page == 1,
    )
    return await page(request, "admin/jobs/list.html", context, title=_("Jobs"), block="jobs_card")


@router.get("/{job_id}")
async def show_job(job_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer one job; while it runs the page asks again by itself."""
    job = await house.db.query(jobqueries.job, actor, job_id)
    context = OneJob(job, title_of(job), shown(job.payload), shown(job.result or {}))
    return await page(request, "admin/jobs/show.html", context, title=context.title, block="job_state")


@router.post("/{job_id}/retries")
async def retry(job_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Try a failed job again."""
    async with house.db.write() as tx:
        await deadletters.retry(tx, actor, job_id)
    return redirect(f"{HOME}/{job_id}", flash=_("It runs again."), request=request)
