"""`/admin/media/picker/{id}`: what a picture shows and what its crops keep, said in the dialog that chooses it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from fastapi import Request, Response

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.media import items, library
from engine.media.library import MediaItem
from ui.admin.media.asking import HOME, percent, said_of
from ui.forms import errors_of, typed
from ui.respond import page, redirect

router = APIRouter(prefix=f"{HOME}/picker", include_in_schema=False, dependencies=[allow(Permission.UPLOAD_MEDIA)])
TEMPLATE = "admin/media/describe.html"


@dataclass(frozen=True)
class Described:
    """A picture with the text of every field."""

    file: MediaItem
    action: str
    values: Mapping[str, str]
    errors: Mapping[str, Message | str] = field(default_factory=dict)


@router.get("/{media_id:uuid}")
async def show_described(media_id: UUID, request: Request, house: House) -> Response:
    """Answer the form."""
    return await describing_page(request, house, media_id)


@router.post("/{media_id:uuid}")
async def describe(media_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Keep what is said of a picture; the answer tells the page that it is chosen."""
    values = await typed(request)
    try:
        focus = (percent(values, "focus_x"), percent(values, "focus_y")) if "focus_x" in values else None
        async with house.db.write() as tx:
            is_decorative = values.get("is_decorative") == "true"
            await items.edit(tx, actor, media_id, alt=values.get("alt"), is_decorative=is_decorative, focus=focus)
    except Invalid as refused:
        errors = {name.replace("focalPoint.", "focus_"): text for name, text in errors_of(refused).items()}
        return await describing_page(request, house, media_id, values=values, errors=errors)
    if request.headers.get("hx-request") != "true":
        return redirect(f"{HOME}/{media_id}", flash=_("The file is saved."), request=request)
    return await describing_page(request, house, media_id, block="done")


async def describing_page(
    request: Request,
    house: House,
    media_id: UUID,
    *,
    block: str = "describe",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, Message | str] | None = None,
) -> Response:
    """Answer the form of a picture, as it is or as it was typed."""
    file = await house.db.query(library.item, media_id)
    known = said_of(file) | ({"is_decorative": "", **values} if values else {})
    context = Described(file, f"{HOME}/picker/{media_id}", known, errors or {})
    status = 422 if errors else 200
    return await page(request, TEMPLATE, context, title=_("What the picture shows"), status=status, block=block)
