"""Exporting products: the list as it is filtered now, as a file."""

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.commerce.catalog import exports
from engine.commerce.catalog.models import ProductStatus
from engine.commerce.catalog.queries import ProductFilter
from engine.core.access import Permission
from ui.admin.lists import asked
from ui.respond import absolute

router = APIRouter(
    prefix="/admin/products/export", include_in_schema=False, dependencies=[allow(Permission.MANAGE_PRODUCTS)]
)


@router.get("")
async def export(request: Request, house: House, actor: Caller) -> Response:
    """Answer the products that the list shows, all pages of it, as a file."""
    chosen = exports.format_named(asked(request, "format") or "agora")
    found = ProductFilter(
        search=asked(request, "search"),
        status=next((status for status in ProductStatus if status == asked(request, "status")), None),
        category=asked(request, "category"),
        tag=asked(request, "tag"),
    )
    pieces = await exports.export(
        house.db, actor, found, chosen, currency=house.site.general.currency, base=absolute(request, "/")
    )
    named = {"Content-Disposition": f'attachment; filename="products.{chosen.suffix}"'}
    return StreamingResponse(pieces, media_type=chosen.media_type, headers=named)
