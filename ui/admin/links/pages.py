"""`/admin/links/options`: places whose names fit, for the field of a link in any form."""

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.request import House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.i18n import Message, _, format_message
from engine.core.linking import LinkKind, LinkPlace, Links
from ui.admin.lists import asked

router = APIRouter(prefix="/admin/links", include_in_schema=False)


@router.get("/options", dependencies=[allow(Permission.EDIT_PAGES)])
async def offer(request: Request, house: House) -> Response:
    """Answer places as suggestions: their address as id, what they are and where as text. `kind` narrows them."""
    kinds = tuple(one for one in request.query_params.getlist("kind") if one in house.links.kinds)
    found = await house.db.query(house.links.find, asked(request, "q"), kinds)
    locale = house.site.general.language
    return JSONResponse(
        [
            {
                "id": place.url,
                "title": format_message(place.title, locale),
                "text": format_message(told(kind, place), locale),
            }
            for kind, place in found
            if place.url
        ]
    )


def told(kind: LinkKind, place: LinkPlace) -> Message:
    """Return what a place is, in one line."""
    if place.note:
        return _("{kind} · {note} · {url}").having(kind=kind.label, note=place.note, url=place.url)
    return _("{kind} · {url}").having(kind=kind.label, url=place.url)


def shown_link(connection: Connection, links: Links, reference: str) -> tuple[str, LinkPlace | None]:
    """Return (what stands in the field: the address where the link leads now, the place); a thing that is gone: ""."""
    place = links.places(connection, [reference]).get(reference) if reference else None
    return (place.url if place else ""), place


__all__ = ("Ports", "offer", "router", "shown_link", "told")
