"""Bringing a site in: the export, a trial of it, and one import with its live progress and its report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from engine.accounts.public import UserSummary, staff
from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content.moving.imports import IMPORT_JOB
from engine.core import access, jobqueries
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.ids import parse_id
from engine.core.jobqueries import JobView
from engine.operations.sites import IMPORT_JOB as SITE_JOB
from ui.respond import page, redirect

HOME = "/admin/pages/import"
SHOWN = 200
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.EDIT_PAGES)])
OWN = ("agora", _("Agora (a site file, as “Export site” writes it)"))
FORMATS = (
    ("wordpress", _("WordPress (Tools, Export: an XML file)")),
    ("ghost", _("Ghost (Settings, Labs, Export: a JSON file)")),
    ("markdown", _("Markdown with front matter (a file, or a ZIP of a folder)")),
)
KINDS: Mapping[str, Message] = {
    "settings": _("Settings"),
    "pages": _("Pages"),
    "articles": _("Articles"),
    "blocks": _("Reusable blocks"),
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
    "kept": _("Different here, left alone"),
    "failed": _("Did not come in"),
}


@dataclass(frozen=True)
class MovingForm:
    """The form, with what went wrong. may_export: whether the whole site is theirs to take along."""

    formats: Sequence[tuple[str, Message]] = FORMATS
    chosen: str = "wordpress"
    as_drafts: bool = False
    replaces: bool = False
    may_export: bool = False
    errors: Mapping[str, Message | str] = field(default_factory=dict)


@dataclass(frozen=True)
class WhoWrote:
    """Somebody who wrote: their name in the export, and the account that seems to be theirs, or none."""

    field: str
    name: str
    email: str
    guess: str


@dataclass(frozen=True)
class MovingPage:
    """One import. rows: (kind, a number for each outcome). authors: of a trial, to say which account each has."""

    job: JobView
    filename: str
    is_dry_run: bool
    is_own: bool
    outcomes: Sequence[Message]
    columns: Sequence[Mapping[str, Any]]
    rows: Sequence[tuple[Message | str, Sequence[int]]]
    authors: Sequence[WhoWrote]
    accounts: Sequence[tuple[str, Message | str]]
    problems: Sequence[Mapping[str, Any]]
    more: int
    here: str


@router.get("")
async def show_form(request: Request, actor: Caller) -> Response:
    """Answer the form."""
    return await page(request, "admin/moving/form.html", _form(actor), title=_("Move in"))


@router.post("")
async def begin(request: Request, house: House, actor: Caller) -> Response:
    """Take the export and try it, or bring it in at once; what is no such export is refused with its line."""
    async with request.form() as form:
        try:
            job_id = await _begun(house, actor, form)
        except Invalid as refused:
            context = _form(
                actor,
                chosen=str(form.get("format", "")),
                as_drafts=bool(form.get("drafts")),
                replaces=bool(form.get("replace")),
                errors=refused.fields or {"file": refused.message},
            )
            return await page(request, "admin/moving/form.html", context, title=_("Move in"), status=422)
    return redirect(f"{HOME}/{job_id}", request=request)


def _form(actor: Actor, **said: Any) -> MovingForm:
    may = access.allows(actor, Permission.UPDATE_SETTINGS)
    return MovingForm(formats=(*FORMATS, OWN) if may else FORMATS, may_export=may, **said)


async def _begun(house: Ports, actor: Actor, form: FormData) -> UUID:
    file, files, format_ = form.get("file"), form.get("files"), str(form.get("format", ""))
    if not isinstance(file, UploadFile) or not file.filename:
        message = _("Choose the file that was exported.")
        raise Invalid(message, {"file": message})
    data, is_dry_run = await file.read(), form.get("act") != "import"
    if format_ == OWN[0]:
        return await house.sites.begin_import(
            house.db, actor, data, file.filename, replaces=bool(form.get("replace")), is_dry_run=is_dry_run
        )
    return await house.moving.begin(
        house.db,
        actor,
        format_=format_,
        data=data,
        filename=file.filename,
        files=await files.read() if isinstance(files, UploadFile) and files.filename else None,
        is_dry_run=is_dry_run,
        as_drafts=bool(form.get("drafts")),
    )


@router.get("/{job_id:uuid}")
async def show_import(job_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer one import; while it runs the page asks again by itself."""
    job = await _job(house, actor, job_id)
    context = _page_of(house, job, await house.db.query(staff))
    title = _("Move in: {file}").having(file=context.filename)
    return await page(request, "admin/moving/show.html", context, title=title, block="import_state")


@router.post("/{job_id:uuid}")
async def begin_for_good(job_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Bring in what was tried."""
    job = await _job(house, actor, job_id)
    if job.kind == SITE_JOB:
        return redirect(f"{HOME}/{await house.sites.begin_again(house.db, actor, job.payload)}", request=request)
    async with request.form() as form:
        chosen = ((one["key"], parse_id(str(form.get(f"author-{place}") or ""))) for place, one in _wrote(job))
        accounts = {key: user_id for key, user_id in chosen if user_id is not None}
    begun = await house.moving.begin_again(house.db, actor, job.payload, accounts)
    return redirect(f"{HOME}/{begun}", request=request)


async def _job(house: Ports, actor: Actor, job_id: UUID) -> JobView:
    job = await house.db.query(jobqueries.job, actor, job_id)
    if job.kind not in (IMPORT_JOB, SITE_JOB):
        raise NotFound(_("That is no import of a site."))
    return job


def _wrote(job: JobView) -> list[tuple[int, Mapping[str, str]]]:
    return list(enumerate((job.result or {}).get("authors", ())))


def _page_of(house: Ports, job: JobView, people: Sequence[UserSummary]) -> MovingPage:
    result = job.result or {}
    counts: Mapping[str, Mapping[str, int]] = result.get("counts", {})
    used = [name for name in OUTCOMES if any(found.get(name) for found in counts.values())]
    problems = list(result.get("problems", ()))
    by_email = {one.email.lower(): str(one.id) for one in people}
    is_own = job.kind == SITE_JOB
    words = {one.name: one.label for one in house.sites.kinds} if is_own else {}
    return MovingPage(
        job=job,
        filename=str(job.payload.get("filename", "")),
        is_dry_run=bool(job.payload.get("isDryRun")),
        is_own=is_own,
        outcomes=[OUTCOMES[name] for name in used],
        columns=[{"label": _("What")}, *({"label": OUTCOMES[name], "numeric": True} for name in used)],
        rows=[
            (words.get(kind) or KINDS.get(kind, kind), [found.get(name, 0) for name in used])
            for kind, found in counts.items()
        ],
        authors=[
            WhoWrote(f"author-{place}", one["name"], one["email"], by_email.get(one["email"].lower(), ""))
            for place, one in _wrote(job)
        ],
        accounts=[("", _("Nobody here: the name alone")), *((str(one.id), one.name or one.email) for one in people)],
        problems=problems[:SHOWN],
        more=max(0, len(problems) - SHOWN) + int(result.get("more", 0)),
        here=f"{HOME}/{job.id}",
    )
