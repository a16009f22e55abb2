"""Importing products: the form, and the page of one import with its live progress and its report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData, UploadFile

from engine.api.request import Caller, House, allow
from engine.commerce.catalog import imports
from engine.core import jobqueries
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.jobqueries import JobView
from ui.admin.lists import asked
from ui.respond import page, redirect

HOME = "/admin/products/import"
SHOWN = 200
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_PRODUCTS)])


@dataclass(frozen=True)
class ImportForm:
    """The form, with what went wrong."""

    errors: Mapping[str, Message | str] = field(default_factory=dict)
    is_dry_run: bool = False


@dataclass(frozen=True)
class ImportPage:
    """One import. groups: problems by how much they matter; shown: which are on the page."""

    job: JobView
    filename: str
    is_dry_run: bool
    counts: Sequence[tuple[Message, int]]
    tabs: Sequence[tuple[Message, str, int | None]]
    here: str
    problems: Sequence[Mapping[str, Any]]
    more: int
    total_problems: int


@router.get("")
async def show_form(request: Request) -> Response:
    """Answer the form."""
    return await page(request, "admin/imports/form.html", ImportForm(), title=_("Import products"))


@router.post("")
async def begin(request: Request, house: House, actor: Caller) -> Response:
    """Take the file and begin; a file that is no product table is refused at once."""
    async with request.form() as form:
        is_dry_run = bool(form.get("dryRun"))
        try:
            job_id = await _begun(house, actor, form, is_dry_run=is_dry_run)
        except Invalid as refusal:
            context = ImportForm(refusal.fields or {"": refusal.message}, is_dry_run)
            return await page(request, "admin/imports/form.html", context, title=_("Import products"), status=422)
    return redirect(f"{HOME}/{job_id}", request=request)


async def _begun(house: House, actor: Actor, form: FormData, *, is_dry_run: bool) -> UUID:
    file, images = form.get("file"), form.get("images")
    if not isinstance(file, UploadFile) or not file.filename:
        message = _("Choose the file to import.")
        raise Invalid(message, {"file": message})
    return await imports.begin(
        house.db,
        house.blobs,
        actor,
        data=await file.read(),
        filename=file.filename,
        is_dry_run=is_dry_run,
        archive=await images.read() if isinstance(images, UploadFile) and images.filename else None,
    )


@router.get("/{job_id}")
async def show_import(job_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer one import; while it runs the page asks again by itself."""
    job = await house.db.query(jobqueries.job, actor, job_id)
    if job.kind != imports.IMPORT_JOB:
        raise NotFound(_("That is no import."))
    context = _page_of(job, asked(request, "show"))
    return await page(request, "admin/imports/show.html", context, title=_("Import"), block="import_state")


def _page_of(job: JobView, wanted: str) -> ImportPage:
    result = job.result or {}
    problems = list(result.get("errors", ()))
    problems.sort(key=lambda problem: ("error", "warning", "note").index(problem["severity"]))
    by_severity = {kind: [p for p in problems if p["severity"] == kind] for kind in ("error", "warning", "note")}
    own = f"{HOME}/{job.id}"
    views = (
        (_("Everything"), "", problems),
        (_("Not taken"), "error", by_severity["error"]),
        (_("Taken with a change"), "warning", by_severity["warning"]),
        (_("Columns left out"), "note", by_severity["note"]),
    )
    shown = by_severity.get(wanted, problems)
    total = int(result.get("errorCount", len(problems)))
    return ImportPage(
        job=job,
        filename=str(job.payload.get("filename", "")),
        is_dry_run=bool(job.payload.get("dryRun")),
        counts=(
            (_("Created"), result.get("created", 0)),
            (_("Updated"), result.get("updated", 0)),
            (_("Unchanged"), result.get("unchanged", 0)),
            (_("Rows not taken"), result.get("skipped", 0)),
        ),
        tabs=[(label, f"{own}?show={key}" if key else own, len(found)) for label, key, found in views if found],
        here=f"{own}?show={wanted}" if wanted in by_severity else own,
        problems=shown[:SHOWN],
        more=max(0, (total if wanted not in by_severity else len(shown)) - SHOWN),
        total_problems=total,
    )
