"""`/content/import`: a site's export in, a job out."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import File, Form, UploadFile

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.core.access import Permission

router = APIRouter(prefix="/content", tags=["pages"])


class SiteImportBegun(Wire):
    """The job to ask for: `GET /jobs/{jobId}`; its result counts what came and names what did not."""

    job_id: UUID


@router.post("/import", status_code=202, dependencies=[allow(Permission.EDIT_PAGES)])
async def import_site(
    house: House,
    actor: Caller,
    file: Annotated[UploadFile, File(description="A WXR or Ghost export, Markdown, or a ZIP of it with its files")],
    format: Annotated[Literal["wordpress", "ghost", "markdown"], Form()],  # noqa: A002 - the wire's word
    dry_run: Annotated[bool, Form(alias="dryRun")] = False,
    drafts: Annotated[bool, Form(description="Bring everything in as drafts")] = False,
    files: Annotated[UploadFile | None, File(description="A ZIP of the files that the export names")] = None,
) -> SiteImportBegun:
    """Begin an import of pages and articles. What is no such export is refused at once, by line and reason."""
    job_id = await house.moving.begin(
        house.db,
        actor,
        format_=format,
        data=await file.read(),
        filename=file.filename or "",
        files=await files.read() if files is not None else None,
        is_dry_run=dry_run,
        as_drafts=drafts,
    )
    return SiteImportBegun(job_id=job_id)
