"""Importing products: the file, what was found in it, and one import with its live progress and its report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import FormData, UploadFile

from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.commerce.catalog import imports
from engine.commerce.catalog.importing.known import AUTO
from engine.commerce.catalog.importing.preview import FileFound
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
SHOWN_KINDS = 20
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_PRODUCTS)])


@dataclass(frozen=True)
class ImportForm:
    """The form, with what went wrong."""

    errors: Mapping[str, Message | str] = field(default_factory=dict)


@dataclass(frozen=True)
class FoundPage:
    """What was found in a file. fields: (name, label) to choose from; errors: of the mapping."""

    found: FileFound
    fields: Sequence[tuple[str, Message]]
    errors: Mapping[str, Message | str] = field(default_factory=dict)


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
    summary: Sequence[Mapping[str, Any]]
    more: int
    total_problems: int
    upload_id: str
    format: str


@router.get("")
async def show_form(request: Request) -> Response:
    """Answer the form."""
    return await page(request, "admin/imports/form.html", ImportForm(), title=_("Import products"))


@router.post("")
async def keep(request: Request, house: House, actor: Caller) -> Response:
    """Take the file and show what is in it; what is no table is refused at once."""
    async with request.form() as form:
        try:
            upload_id = await _kept(house, actor, form)
        except Invalid as refusal:
            context = ImportForm(refusal.fields or {"": refusal.message})
            return await page(request, "admin/imports/form.html", context, title=_("Import products"), status=422)
    return redirect(f"{HOME}/files/{upload_id}", request=request)


async def _kept(house: Ports, actor: Actor, form: FormData) -> UUID:
    file, images = form.get("file"), form.get("images")
    if not isinstance(file, UploadFile) or not file.filename:
        message = _("Choose the file to import.")
        raise Invalid(message, {"file": message})
    archive = await images.read() if isinstance(images, UploadFile) and images.filename else None
    return await imports.keep(
        house.db, house.blobs, actor, data=await file.read(), filename=file.filename, archive=archive
    )


@router.get("/files/{upload_id}")
async def show_found(upload_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer what is in a file: its format, its columns with their first values, and what each is taken for."""
    found = await imports.look_into(house.db, house.blobs, actor, upload_id, asked(request, "format") or AUTO)
    return await page(request, "admin/imports/found.html", _found(found), title=_("What we found"))


@router.post("/files/{upload_id}")
async def begin(upload_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Begin the import, or a trial of it, with the columns as they were chosen."""
    async with request.form() as form:
        format_ = str(form.get("format", AUTO))
        found = await imports.look_into(house.db, house.blobs, actor, upload_id, format_)
        chosen = {
            column.name: str(form.get(f"column.{place}", column.field)) for place, column in enumerate(found.columns)
        }
        mapping = {
            column.name: chosen[column.name]
            for column in found.columns
            if not column.is_own and (chosen[column.name] or column.field)
        }
        is_dry_run = form.get("act") != "import"
    try:
        job_id = await imports.begin_kept(
            house.db, house.blobs, actor, upload_id, format_=found.format, mapping=mapping, is_dry_run=is_dry_run
        )
    except Invalid as refusal:
        again = replace(found, columns=[replace(c, field=chosen[c.name]) for c in found.columns])
        context = _found(again, {"": refusal.message})
        return await page(request, "admin/imports/found.html", context, title=_("What we found"), status=422)
    return redirect(f"{HOME}/{job_id}", request=request)


def _found(found: FileFound, errors: Mapping[str, Message | str] | None = None) -> FoundPage:
    return FoundPage(
        found, [("", _("Leave it out")), *((each.name, each.label) for each in found.fields)], errors or {}
    )


@router.get("/{job_id}/report")
async def download_report(job_id: UUID, house: House, actor: Caller) -> Response:
    """Answer the whole report as a CSV file."""
    await house.db.query(jobqueries.job, actor, job_id)
    key = imports.report_key(job_id)
    if not await house.blobs.exists(key):
        raise NotFound(_("There is no report of this import."))
    named = {"Content-Disposition": 'attachment; filename="import-report.csv"'}
    return StreamingResponse(house.blobs.stream(key), media_type="text/csv; charset=utf-8", headers=named)


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
        summary=[each for each in result.get("summary", ()) if wanted in ("", each["severity"])][:SHOWN_KINDS],
        upload_id=str(job.payload.get("upload", "")),
        format=str(job.payload.get("format", "")),
        more=max(0, (total if wanted not in by_severity else len(shown)) - SHOWN),
        total_problems=total,
    )
