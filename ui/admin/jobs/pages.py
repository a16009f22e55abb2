"""A job with its progress, and another try for what was given up on; the list of them is a resource."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core import deadletters, jobqueries
from engine.core.access import Permission
from engine.core.i18n import Message, _
from engine.core.jobqueries import JobView
from ui.admin.jobs.words import shown, title_of
from ui.respond import page, redirect

HOME = "/admin/jobs"
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.VIEW_JOBS)])


@dataclass(frozen=True)
class OneJob:
    """One job with what it was asked and what it found."""

    job: JobView
    title: Message | str
    asked_for: list[tuple[str, str]]
    found: list[tuple[str, str]]


@router.get("/{job_id:uuid}")
async def show_job(job_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer one job; while it runs the page asks again by itself."""
    job = await house.db.query(jobqueries.job, actor, job_id)
    context = OneJob(job, title_of(job), shown(job.payload), shown(job.result or {}))
    return await page(request, "admin/jobs/show.html", context, title=context.title, block="job_state")


@router.post("/{job_id:uuid}/retries")
async def retry(job_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Try a failed job again."""
    async with house.db.write() as tx:
        await deadletters.retry(tx, actor, job_id)
    return redirect(f"{HOME}/{job_id}", flash=_("It runs again."), request=request)
