"""`/admin/running`: what runs and what just ended, as a page and as the topbar's sheet."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request, Response

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core import jobnews
from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.i18n import Message, _
from engine.core.jobnews import JobNews
from engine.core.jobs import JobStatus
from engine.operations.updates.updates import INSTALL
from ui.admin.jobs.words import TITLES
from ui.respond import page

router = APIRouter(include_in_schema=False, dependencies=[allow(Permission.ENTER_ADMIN)])
STATES = {
    JobStatus.RUNNING: "running",
    JobStatus.QUEUED: "waiting",
    JobStatus.SUCCEEDED: "done",
    JobStatus.FAILED: "failed",
}


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job in one line. said: the sentence for when it ended; empty while it has not."""

    id: str
    title: Message | str
    note: str
    href: str
    state: str
    done: int
    total: int
    at: object
    is_own: bool
    retry_url: str
    said: Message | str


@dataclass(frozen=True)
class Running:
    """What runs and what ended. count: how many have not."""

    jobs: Sequence[JobLine]
    count: int


@router.get("/admin/running")
async def show(request: Request, house: House, actor: Caller) -> Response:
    """Answer the page, or its lines for the topbar."""
    told = await house.db.query(jobnews.news, actor, house.jobs.followed, house.clock.now())
    lines = [_line(job, actor) for job in told]
    context = Running(lines, sum(job.is_unfinished for job in told))
    return await page(request, "admin/running/show.html", context, title=_("What is running"), block="lines")


def _line(job: JobNews, actor: Actor) -> JobLine:
    title = TITLES.get(job.name) or job.name
    state = "retrying" if job.status is JobStatus.QUEUED and job.attempts else STATES[job.status]
    said: Message | str = ""
    if state == "done":
        said = _("Done: {title}.").having(title=title)
    elif state == "failed":
        said = _("It did not work: {title}.").having(title=title)
    may_retry = state == "failed" and allows(actor, Permission.VIEW_JOBS)
    return JobLine(
        id=str(job.id),
        title=title,
        note=job.filename or "",
        href=page_of(job, actor),
        state=state,
        done=job.done,
        total=job.total,
        at=job.at,
        is_own=job.is_own,
        retry_url=f"/admin/jobs/{job.id}/retries" if may_retry else "",
        said=said,
    )


def page_of(job: JobNews, actor: Actor) -> str:
    """Return where a job is followed by this person; empty where they have no page for it."""
    if job.kind == "catalog.import":
        return f"/admin/products/import/{job.id}"
    if job.kind == "records.import" and job.resource:
        return f"/admin/{job.resource}/import/{job.id}"
    if job.kind == INSTALL and allows(actor, Permission.CONFIGURE_SYSTEM):
        return f"/admin/program/installs/{job.id}"
    return f"/admin/jobs/{job.id}" if allows(actor, Permission.VIEW_JOBS) else ""
