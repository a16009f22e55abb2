"""`/products/import`: a file in, a job out."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile

from engine.api.request import Caller, House, allow
from engine.api.wire import Wire
from engine.commerce.catalog import imports
from engine.core.access import Permission
from engine.core.errors import Invalid
from engine.core.i18n import _

router = APIRouter(prefix="/products/import", tags=["products"])


class ImportBegun(Wire):
    """The job to ask for: `GET /jobs/{jobId}`."""

    job_id: UUID


@router.post("", status_code=202, dependencies=[allow(Permission.MANAGE_PRODUCTS)])
async def import_products(
    house: House,
    actor: Caller,
    file: Annotated[UploadFile, File(description="A product table (CSV), or a ZIP of one with its pictures")],
    format: Annotated[str, Form(max_length=40)] = "woocommerce",  # noqa: A002 - the wire's word
    dry_run: Annotated[bool, Form(alias="dryRun")] = False,
    mapping: Annotated[str, Form(max_length=20_000, description="JSON: {column of the file: field, or empty}")] = "",
    images: Annotated[UploadFile | None, File(description="A ZIP of the pictures that the table names")] = None,
) -> ImportBegun:
    """Begin an import. Its job says how far it is, what came in, and each thing that did not, by row and column."""
    job_id = await imports.begin(
        house.db,
        house.blobs,
        actor,
        data=await file.read(),
        filename=file.filename or "",
        format_=format,
        is_dry_run=dry_run,
        mapping=mapping_in(mapping),
        archive=await images.read() if images is not None else None,
    )
    return ImportBegun(job_id=job_id)


def mapping_in(text: str) -> dict[str, str]:
    """Return a form's mapping: column of the file -> field. Raises Invalid for what is none."""
    if not text.strip():
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        message = _("The mapping is not a JSON object of column names to field names.")
        raise Invalid(message, {"mapping": message})
    return found
