"""`/products/import` and `/products/export`: a file in, a job out; products out as a file."""

import json
from typing import Annotated, Literal
from uuid import UUID

from fastapi import File, Form, Query, Request, UploadFile
from fastapi.responses import StreamingResponse

from engine.api.request import Caller, CurrentSite, House, allow
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.commerce.catalog import exports, imports
from engine.commerce.catalog.importing.known import AUTO
from engine.commerce.catalog.models import ProductStatus
from engine.commerce.catalog.queries import ProductFilter
from engine.core.access import Permission
from engine.core.errors import Invalid
from engine.core.i18n import _

router = APIRouter(prefix="/products", tags=["products"])
ExportName = Literal["agora", "agora-json", "shopify", "woocommerce"]
Words = Annotated[str, Query(max_length=200)]


class ImportBegun(Wire):
    """The job to ask for: `GET /jobs/{jobId}`."""

    job_id: UUID


@router.post("/import", status_code=202, dependencies=[allow(Permission.MANAGE_PRODUCTS)])
async def import_products(
    house: House,
    actor: Caller,
    file: Annotated[UploadFile, File(description="A table (CSV, XLSX, JSON), or a ZIP of one with its pictures")],
    format: Annotated[str, Form(max_length=40)] = AUTO,  # noqa: A002 - the wire's word
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
        mapping=mapping_in(mapping) or None,
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


@router.get("/export", dependencies=[allow(Permission.MANAGE_PRODUCTS)], response_class=StreamingResponse)
async def export_products(
    house: House,
    actor: Caller,
    site: CurrentSite,
    request: Request,
    format: ExportName = "agora",  # noqa: A002 - the wire's word
    search: Words = "",
    category: Words = "",
    tag: Words = "",
    status: ProductStatus | None = None,
) -> StreamingResponse:
    """Return products as a file, all of them or those that the list would show."""
    found = ProductFilter(search=search, category=category, tag=tag, status=status)
    chosen = exports.format_named(format)
    base = site.general.site_url or str(request.base_url)
    pieces = await exports.export(house.db, actor, found, chosen, currency=site.general.currency, base=base)
    named = {"Content-Disposition": f'attachment; filename="products.{chosen.suffix}"'}
    return StreamingResponse(pieces, media_type=chosen.media_type, headers=named)
