"""What can be done with one product besides writing it. Its list, bin and history are those of every resource."""

from uuid import UUID

from fastapi import Request, Response

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.commerce.catalog import images
from engine.core.access import Permission
from engine.core.i18n import _
from ui.page import Flash
from ui.respond import redirect

HOME = "/admin/products"
router = APIRouter(prefix=HOME, include_in_schema=False)


@router.post("/{product_id:uuid}/fetches", dependencies=[allow(Permission.MANAGE_PRODUCTS)])
async def fetch_images(product_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Try again to fetch the pictures that could not be."""
    async with house.db.write() as tx:
        is_begun = await images.fetch_again(tx, actor, product_id)
    said = Flash(_("The pictures are on their way.")) if is_begun else Flash(_("There is nothing to fetch."), "info")
    return redirect(f"{HOME}/{product_id}", flash=said, request=request)
