"""Importing into a list: a file, what its columns mean, a trial or the import, and the report of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from starlette.datastructures import FormData, UploadFile

from engine.api.ports import Ports
from engine.api.records.asking import Asked, may_write
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core import jobqueries
from engine.core.access import Permission
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.ids import parse_id
from engine.core.jobqueries import JobView
from engine.core.records import imports
from engine.core.records.importing import fields_of
from engine.core.resource import Resource, Text
from engine.core.tabular.mapping import samples
from ui.forms import Errors, errors_of
from ui.respond import page, redirect

SHOWN = 200
EXAMPLES = 3
LONGEST = 60
router = APIRouter(
    prefix="/admin/{resource}/import",
    include_in_schema=False,
    dependencies=[allow(Permission.ENTER_ADMIN), may_write],
)


@dataclass(frozen=True)
class Column:
    """A column of the file: a few of its cells, and the field that it is taken for ("" for none)."""

    name: str
    examples: Sequence[str]
    chosen: str


@dataclass(frozen=True)
class ImportForm:
    """The first step asks for a file; the second, once `columns` are known, what they mean."""

    resource: Resource
    path: str
    filename: str = ""
    columns: Sequence[Column] = ()
    fields: Sequence[tuple[str, Text]] = ()
    action: str = ""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True)
class ImportReport:
    """One import: how far it is, and what was not taken. go_on: where a trial becomes the import, with its mapping."""

    resource: Resource
    path: str
    here: str
    job: JobView
    filename: str
    is_dry_run: bool
    counts: Sequence[tuple[Message, int]]
    problems: Sequence[Mapping[str, Any]]
    left_out: Sequence[tuple[str, int]]
    more: int
    go_on: str
    mapping: Sequence[tuple[str, str]]


@router.get("")
async def ask_for_file(resource: Asked, request: Request) -> Response:
    """Answer the form for the file."""
    if not resource.makes:
        raise NotFound(_("There is nothing at this address."))
    return await _asking(request, ImportForm(resource, f"/admin/{resource.path}"))


@router.post("")
async def ask_for_meanings(resource: Asked, request: Request, house: House, actor: Caller) -> Response:
    """Take the file, and ask what its columns mean."""
    async with request.form() as form:
        try:
            data, filename = await _file_in(form)
            await imports.opened(data, filename)
        except Invalid as refused:
            asked = ImportForm(resource, f"/admin/{resource.path}", errors=errors_of(refused))
            return await _asking(request, asked, status=422)
    kept_id = await imports.keep(house.db, house.blobs, actor, resource, data)
    return await _asking(request, await _meanings(house, resource, kept_id, data, filename))


@router.post("/{kept_id}")
async def begin(resource: Asked, kept_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Begin the import, or a trial that changes nothing."""
    form = await request.form()
    data, filename = await imports.kept(house.blobs, kept_id), str(form.get("filename", ""))
    mapping = _chosen(form)
    try:
        is_dry_run = form.get("act") == "try"
        job_id = await imports.begin(
            house.db, house.blobs, actor, resource,
            data=data, filename=filename, mapping=mapping, is_dry_run=is_dry_run,
        )  # fmt: skip
    except Invalid as refused:
        asked = await _meanings(house, resource, kept_id, data, filename, mapping, errors_of(refused))
        return await _asking(request, asked, status=422)
    kept = f"?kept={kept_id}" if is_dry_run else ""
    return redirect(f"/admin/{resource.path}/import/{job_id}{kept}", request=request)


@router.get("/{job_id}")
async def show_report(resource: Asked, job_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer how far an import is, and what came of it."""
    job = await house.db.query(jobqueries.job, actor, job_id)
    if job.kind != imports.IMPORT_JOB or job.payload.get("resource") != resource.path:
        raise NotFound(_("That is no import."))
    context = _report_of(resource, job, parse_id(request.query_params.get("kept", "")))
    title = _("Import: {list}").having(list=resource.plural)
    return await page(request, "admin/records/report.html", context, title=title, block="import_state")


async def _file_in(form: FormData) -> tuple[bytes, str]:
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        message = _("Choose the file to import.")
        raise Invalid(message, {"file": message})
    return await file.read(), file.filename


async def _meanings(
    house: Ports,
    resource: Resource,
    kept_id: UUID,
    data: bytes,
    filename: str,
    mapping: Mapping[str, str] | None = None,
    errors: Errors | None = None,
) -> ImportForm:
    table = await imports.opened(data, filename)
    chosen = mapping if mapping is not None else await imports.proposed(house.db, resource, table)
    rows = samples(table, 20)
    columns = []
    for place, name in enumerate(table.columns):
        filled = [cells[place][:LONGEST] for cells in rows if cells[place].strip()]
        columns.append(Column(name, filled[:EXAMPLES], chosen.get(name, "")))
    path = f"/admin/{resource.path}"
    fields: list[tuple[str, Text]] = [("", _("Leave out")), *((one.name, one.label) for one in fields_of(resource))]
    return ImportForm(resource, path, filename, columns, fields, f"{path}/import/{kept_id}", errors or {})


def _chosen(form: FormData) -> dict[str, str]:
    """Return what was chosen: `column.3` names the column, `field.3` what it is."""
    chosen = {}
    for name, value in form.items():
        kind, _dot, place = name.partition(".")
        if kind == "column" and isinstance(value, str):
            chosen[value] = str(form.get(f"field.{place}", ""))
    return chosen


def _report_of(resource: Resource, job: JobView, kept_id: UUID | None) -> ImportReport:
    result = job.result or {}
    problems = list(result.get("problems", ()))
    path = f"/admin/{resource.path}"
    return ImportReport(
        resource=resource,
        path=path,
        here=f"{path}/import/{job.id}" + (f"?kept={kept_id}" if kept_id else ""),
        job=job,
        filename=str(job.payload.get("filename", "")),
        is_dry_run=bool(job.payload.get("dryRun")),
        counts=(
            (_("Created"), result.get("created", 0)),
            (_("Updated"), result.get("updated", 0)),
            (_("Unchanged"), result.get("unchanged", 0)),
            (_("Rows not taken"), result.get("failed", 0)),
        ),
        problems=problems[:SHOWN],
        left_out=[(name, count) for name, count in result.get("leftOut", {}).items() if count],
        more=max(0, len(problems) - SHOWN),
        go_on=f"{path}/import/{kept_id}" if kept_id else "",
        mapping=list(job.payload.get("mapping", {}).items()),
    )


async def _asking(request: Request, form: ImportForm, status: int = 200) -> Response:
    title = _("Import {list}").having(list=str(form.resource.plural).lower())
    return await page(request, "admin/records/import.html", form, title=title, status=status)
