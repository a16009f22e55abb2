"""`/content/import` and `/content/export`: a site in, a site out; each is a job."""

from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import File, Form, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import StrictBool, TypeAdapter, ValidationError

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.core import jobqueries
from engine.core.access import Permission
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import _
from engine.core.jobs import JobStatus
from engine.core.validation import fields_of
from engine.operations.sites import EXPORT_JOB

router = APIRouter(prefix="/content", tags=["pages"])
_ACCOUNTS = TypeAdapter(dict[str, UUID])


class SiteImportBegun(Wire):
    """The job to ask for: `GET /jobs/{jobId}`; its result counts what came and names what did not."""

    job_id: UUID


class SiteExport(Wire):
    """What goes along beside the site itself. entries: what people sent by forms."""

    entries: StrictBool = False


class SiteExportBegun(Wire):
    """The job to ask for: `GET /jobs/{jobId}`; once it succeeded, `GET /content/exports/{jobId}` is the file."""

    job_id: UUID


@router.post("/import", status_code=202, dependencies=[allow(Permission.EDIT_PAGES)])
async def import_site(
    house: House,
    actor: Caller,
    file: Annotated[UploadFile, File(description="A WXR or Ghost export, Markdown, or what Agora exported")],
    format: Annotated[Literal["wordpress", "ghost", "markdown", "agora"], Form()],  # noqa: A002 - the wire's word
    dry_run: Annotated[bool, Form(alias="dryRun")] = False,
    drafts: Annotated[bool, Form(description="Bring everything in as drafts")] = False,
    replace: Annotated[bool, Form(description="Agora's own: the file wins over what differs here")] = False,
    authors: Annotated[
        str, Form(description='Whose account an author has here: {"key in the export": "id of the account"}')
    ] = "",
    files: Annotated[UploadFile | None, File(description="A ZIP of the files that the export names")] = None,
) -> SiteImportBegun:
    """Begin an import of a site. What is no such export is refused at once, by line and reason.

    Agora's own export holds settings too: it needs an admin.
    """
    data, name = await file.read(), file.filename or ""
    if format == "agora":
        return SiteImportBegun(
            job_id=await house.sites.begin_import(house.db, actor, data, name, replaces=replace, is_dry_run=dry_run)
        )
    job_id = await house.moving.begin(
        house.db,
        actor,
        format_=format,
        data=data,
        filename=name,
        files=await files.read() if files is not None else None,
        is_dry_run=dry_run,
        as_drafts=drafts,
        accounts=_accounts(authors),
    )
    return SiteImportBegun(job_id=job_id)


def _accounts(text: str) -> dict[str, UUID]:
    try:
        return _ACCOUNTS.validate_json(text or "{}")
    except ValidationError as error:
        raise Invalid(
            _("Say whose account an author has as an object of keys and ids."),
            {f"authors.{name}": words for name, words in fields_of(error).items()},
        ) from None


@router.post("/export", status_code=202, dependencies=[allow(Permission.UPDATE_SETTINGS)])
async def export_site(house: House, actor: Caller, asked: SiteExport | None = None) -> SiteExportBegun:
    """Begin an export of the whole site: settings without secrets, pages, articles, media, menus, forms, products."""
    entries = asked.entries if asked else False
    return SiteExportBegun(job_id=await house.sites.begin_export(house.db, actor, with_entries=entries))


@router.get(
    "/exports/{job_id}",
    dependencies=[allow(Permission.UPDATE_SETTINGS)],
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}, "description": "The site file"}},
)
async def exported_site(job_id: UUID, house: House, actor: Caller) -> StreamingResponse:
    """Return the file that an export wrote; it is there for a week."""
    return await site_file(house, actor, job_id)


async def site_file(house: House, actor: Caller, job_id: UUID) -> StreamingResponse:
    """Return the answer that downloads an export. Raises NotFound for a job that is none, or has not ended."""
    job = await house.db.query(jobqueries.job, actor, job_id)
    if job.kind != EXPORT_JOB or job.status is not JobStatus.SUCCEEDED or job.result is None:
        raise NotFound(_("There is no export {id} to download."), id=job_id)
    pieces = await house.sites.pieces(actor, job.result)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(str(job.result['filename']))}",
        "Content-Length": str(job.result["bytes"]),
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)
