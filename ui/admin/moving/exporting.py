"""Taking the whole site along: what goes with it, and the file once it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from engine.api.moving import site_file
from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core import jobqueries
from engine.core.access import Permission
from engine.core.errors import NotFound
from engine.core.i18n import Message, _
from engine.core.jobqueries import JobView
from engine.core.sitefile.format import SETTINGS
from engine.operations.sites import EXPORT_JOB
from ui.respond import page, redirect

HOME = "/admin/site-file"
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.UPDATE_SETTINGS)])
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class ExportForm:
    """The question what goes along."""


@dataclass(frozen=True)
class ExportPage:
    """One export. rows: (kind, how many); megabytes: of its file; left: what is not in it, and why."""

    job: JobView
    rows: Sequence[tuple[Message | str, int]]
    left: Sequence[Mapping[str, str]]
    megabytes: str
    here: str


@router.get("")
async def show_form(request: Request) -> Response:
    """Answer the form."""
    return await page(request, "admin/moving/export.html", ExportForm(), title=_("Export site"))


@router.post("")
async def begin(request: Request, house: House, actor: Caller) -> Response:
    """Begin an export."""
    async with request.form() as form:
        with_entries = bool(form.get("entries"))
    job_id = await house.sites.begin_export(house.db, actor, with_entries=with_entries)
    return redirect(f"{HOME}/{job_id}", request=request)


@router.get("/{job_id:uuid}")
async def show_export(job_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer one export; while it runs the page asks again by itself."""
    job = await house.db.query(jobqueries.job, actor, job_id)
    if job.kind != EXPORT_JOB:
        raise NotFound(_("That is no export of the site."))
    context = _page_of(house, job)
    return await page(
        request, "admin/moving/exported.html", context, title=_("The site as a file"), block="export_state"
    )


@router.get("/{job_id:uuid}/file")
async def download(job_id: UUID, house: House, actor: Caller) -> Response:
    """Answer the file of an export."""
    return await site_file(house, actor, job_id)


def _page_of(house: Ports, job: JobView) -> ExportPage:
    result = job.result or {}
    counts: Mapping[str, int] = result.get("counts", {})
    words: dict[str, Message] = {SETTINGS: _("Settings"), **{one.name: one.label for one in house.sites.kinds}}
    return ExportPage(
        job=job,
        rows=[(words.get(kind, kind), count) for kind, count in counts.items() if count],
        left=list(result.get("left", ())),
        megabytes=f"{int(result.get('bytes', 0)) / MEGABYTE:.1f}",
        here=f"{HOME}/{job.id}",
    )
