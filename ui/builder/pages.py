"""`/admin/builder/{page}`: the builder, and the page in its middle."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from markupsafe import Markup

from engine.api.pages import DraftWire
from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content.pages.queries import Shown
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.i18n import Message
from engine.core.site import SurfaceName
from ui.builder.book import book_for, groups_in
from ui.builder.opening import opened
from ui.builder.standing import LIST_OF_PARTS, LISTS
from ui.builder.words import KINDS, icons_of, words_in
from ui.respond import page
from ui.storefront.held import private
from ui.storefront.pages import answer_page

router = APIRouter(
    prefix="/admin/builder/{page_id:uuid}", include_in_schema=False, dependencies=[allow(Permission.EDIT_PAGES)]
)


@dataclass(frozen=True)
class Builder:
    """The builder around a page. data: what its script begins with, as JSON; list_url: the way back."""

    shown: Shown
    kind: Message
    data: Markup
    base: str
    list_url: str


@router.get("")
async def show_builder(page_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer the builder."""
    shown = await opened(house, actor, page_id)
    base = f"/admin/builder/{page_id}"
    list_url = LISTS.get(shown.kind, LIST_OF_PARTS)
    context = Builder(shown, KINDS[shown.kind], _script(_data(house, actor, shown)), base, list_url)
    return await page(request, "builder/show.html", context, title=shown.title)


@router.get("/canvas")
async def show_canvas(page_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer the page as visitors would see its draft, with marks for the builder: it stands in a frame there."""
    shown = await opened(house, actor, page_id)
    request.state.surface = SurfaceName.STOREFRONT
    return private(
        await answer_page(request, house, shown, Actor.stranger(), is_editing=True, template="builder/canvas.html")
    )


def _data(house: Ports, actor: Actor, shown: Shown) -> dict[str, Any]:
    locale = house.site.general.language
    return {
        "page": DraftWire.of(shown).model_dump(mode="json", by_alias=True),
        "book": book_for(house.blocks, actor, locale),
        "groups": groups_in(house.blocks, locale),
        "me": {"id": str(actor.user_id or ""), "name": actor.name or actor.email},
        "words": words_in(locale),
        "icons": icons_of(),
    }


def _script(data: dict[str, Any]) -> Markup:
    """Return data as it may stand in a page's script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - no sign of markup is left in it
