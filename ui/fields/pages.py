"""What widgets ask for while a form is filled in: an address's own fields once its country is known."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request, Response
from starlette.datastructures import FormData

from engine.api.request import allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.i18n import _
from ui.fields import FieldView
from ui.fields.parsing import typed
from ui.respond import page

router = APIRouter(prefix="/admin/fields", include_in_schema=False)


@dataclass(frozen=True)
class AddressPart:
    """The fields of one address, with what was typed into them."""

    name: str
    label: str
    value: Mapping[str, str]
    required: bool


@router.get("/address", dependencies=[allow(Permission.ENTER_ADMIN)])
async def show_address(request: Request, field: str, label: str = "", required: bool = False) -> Response:
    """Answer an address's fields as its country has them. field: its wire name; its parts come beside it."""
    sent = FormData(request.query_params.multi_items())
    part = AddressPart(field, label, typed(FieldView(field, label, "address"), sent), required)
    return await page(request, "fields/address/page.html", part, title=_("Address"))
