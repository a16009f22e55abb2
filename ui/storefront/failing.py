"""The pages that people built for what is not there, and for when something went wrong."""

from dataclasses import replace

from fastapi import Request
from fastapi.responses import Response

from engine.api.ports import Ports
from engine.api.request import ports_of
from engine.content.pages.models import PageKind
from engine.core.actor import Actor
from engine.core.site import SurfaceName
from ui.blocks.drawing import Drawing, outgoing
from ui.blocks.outline import outline
from ui.page import PageContext
from ui.respond import frame_of, page
from ui.storefront.pages import TEMPLATE, BuiltPage, link_in
from ui.templates import render


async def answer_part(request: Request, kind: PageKind, status: int) -> Response | None:
    """Answer a page that people built for when something is not there; None where they built none."""
    house = ports_of(request)
    part = await house.parts.part(kind, house.blocks, house.moment(Actor.stranger()))
    if part is None or getattr(request.state, "surface", None) is not SurfaceName.STOREFRONT:
        return None
    title = part.written.title
    frame = await frame_of(request, title)
    ranks = outline(part.written.blocks, house.blocks, part.loaded.inside)
    drawing = Drawing(house.blocks, part.loaded, frame, link_in(request), ranks=ranks)
    built = BuiltPage(title, drawing.tree(part.written.blocks), 1 in ranks.values())
    return await page(request, TEMPLATE, built, title=title, made=frame, status=status, indexed=False)


def drawn_failure(house: Ports, page: PageContext, detail: str) -> str | None:
    """Return the page that people built for when something went wrong, as it was read last; None where they built none.

    Nothing is asked of the database, for it may be what failed. detail: what is said below it.
    """
    part = house.parts.known(PageKind.SERVER_ERROR)
    if part is None:
        return None
    ranks = outline(part.written.blocks, house.blocks, part.loaded.inside)
    body = Drawing(house.blocks, part.loaded, page, outgoing(""), ranks=ranks).tree(part.written.blocks)
    built = BuiltPage(part.written.title, body, 1 in ranks.values(), note=detail)
    return render(TEMPLATE, built, replace(page, title=part.written.title, surface="storefront"))
