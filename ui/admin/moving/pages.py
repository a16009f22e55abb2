"""Bringing a site in: the export, a trial of it, and one import with its live progress and its report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content.moving.imports import IMPORT_JOB
from engine.core import jobqueries
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.jobqueries import JobView
from ui.respond import page, redirect

HOME = "/admin/pages/import"
SHOWN = 200
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.EDIT_PAGES)])
FORMATS = (
    ("wordpress", _("WordPress (Tools, Export: an XML file)")),
    ("ghost", _("Ghost (Settings, Labs, Export: a JSON file)")),
    ("markdown", _("Markdown with front matter (a file, or a ZIP of a folder)")),
)
KINDS: Mapping[str, Message] = {
    "pages": _("Pages"),
    "articles": _("Articles"),
    "categories": _("Categories"),
    "tags": _("Tags"),
    "authors": _("Authors"),
    "comments": _("Comments"),
    "files": _("Files"),
    "menus": _("Menus"),
}
OUTCOMES: Mapping[str, Message] = {
    "created": _("New"),
    "updated": _("Changed"),
    "unchanged": _("As it was"),
    "kept": _("Changed here since, left alone"),
    "failed": _("Did not come in"),
}


@dataclass(frozen=True)
class MovingForm:
    """The form, with what went wrong."""

    formats: Sequence[tuple[str, Message]] = FORMATS
    chosen: str = "wordpress"
    as_drafts: bool = False
    errors: Mapping[str, Message | str] = field(default_factory=dict)


@dataclass(frozen=True)
class MovingPage:
    """One import. rows: (kind, a number for each outcome)."""

    job: JobView
    filename: str
    is_dry_run: bool
    outcomes: Sequence[Message]
    columns: Sequence[Mapping[str, Any]]
    rows: Sequence[tuple[Message | str, Sequence[int]]]
    problems: Sequence[Mapping[str, Any]]
    more: int
    here: str


@router.get("")
async def show_form(request: Request) -> Response:
    """Answer the form."""
    return await page(request, "admin/moving/form.html", MovingForm(), title=_("Move in"))


@router.post("")
async def begin(request: Request, house: House, actor: Caller) -> Response:
    """Take the export and try it, or bring it in at once; what is no such export is refused with its line."""
    async with request.form() as form:
        chosen, as_drafts = str(form.get("format", "")), bool(form.get("drafts"))
        try:
            job_id = await _begun(house, actor, form, chosen, as_drafts=as_drafts)
        except Invalid as refused:
            context = MovingForm(chosen=chosen, as_drafts=as_drafts, errors=refused.fields or {"file": refused.message})
            return await page(request, "admin/moving/form.html", context, title=_("Move in"), status=422)
    return redirect(f"{HOME}/{job_id}", request=request)


async def _begun(house: Ports, actor: Actor, form: FormData, format_: str, *, as_drafts: bool) -> UUID:
    file, files = form.get("file"), form.get("files")
    if not isinstance(file, UploadFile) or not file.filename:
        message = _("Choose the file that was exported.")
        raise Invalid(message, {"file": message})
    return await house.moving.begin(
        house.db,
        actor,
        format_=format_,
        data=await file.read(),
        filename=file.filename,
        files=await files.read() if isinstance(files, UploadFile) and files.filename else None,
        is_dry_run=form.get("act") != "import",
        as_drafts=as_drafts,
    )


@router.get("/{job_id:uuid}")
async def show_import(job_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer one import; while it runs the page asks again by itself."""
    context = _page_of(await _job(house, actor, job_id))
    title = _("Move in: {file}").having(file=context.filename)
    return await page(request, "admin/moving/show.html", context, title=title, block="import_state")


@router.post("/{job_id:uuid}")
async def begin_for_good(job_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Bring in what was tried."""
    job = await _job(house, actor, job_id)
    return redirect(f"{HOME}/{await house.moving.begin_again(house.db, actor, job.payload)}", request=request)


async def _job(house: Ports, actor: Actor, job_id: UUID) -> JobView:
    job = await house.db.query(jobqueries.job, actor, job_id)
    if job.kind != IMPORT_JOB:
        raise NotFound(_("That is no import of a site."))
    return job


def _page_of(job: JobView) -> MovingPage:
    result = job.result or {}
    counts: Mapping[str, Mapping[str, int]] = result.get("counts", {})
    used = [name for name in OUTCOMES if any(found.get(name) for found in counts.values())]
    problems = list(result.get("problems", ()))
    return MovingPage(
        job=job,
        filename=str(job.payload.get("filename", "")),
        is_dry_run=bool(job.payload.get("isDryRun")),
        outcomes=[OUTCOMES[name] for name in used],
        columns=[{"label": _("What")}, *({"label": OUTCOMES[name], "numeric": True} for name in used)],
        rows=[(KINDS.get(kind, kind), [found.get(name, 0) for name in used]) for kind, found in counts.items()],
        problems=problems[:SHOWN],
        more=max(0, len(problems) - SHOWN) + int(result.get("more", 0)),
        here=f"{HOME}/{job.id}",
    )
