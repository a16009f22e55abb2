"""`/admin/pages/parts`: what is built and is no page of its own: reusable blocks, page templates, parts of the site."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content.pages import queries, writing
from engine.content.pages.models import PARTS, PageKind
from engine.core.access import Permission
from engine.core.errors import AgoraError, NotFound
from engine.core.i18n import Message, _
from engine.core.records import bin as trash
from ui.admin.lists import asked
from ui.builder.standing import resource_of
from ui.builder.words import KINDS
from ui.forms import typed
from ui.page import Flash
from ui.respond import page, redirect

router = APIRouter(prefix="/admin/pages/parts", include_in_schema=False, dependencies=[allow(Permission.EDIT_PAGES)])
OFFERED = 20
_TEXTS = {
    PageKind.REUSABLE: _("Edit one once, and it changes wherever it is shown."),
    PageKind.TEMPLATE: _("What new pages can begin with."),
    PageKind.HEADER: _("Stands above every page, in place of Agora's own."),
    PageKind.FOOTER: _("Stands below every page, in place of Agora's own."),
    PageKind.NOT_FOUND: _("What visitors see where there is nothing."),
    PageKind.SERVER_ERROR: _("What visitors see when something broke."),
}


@dataclass(frozen=True)
class Group:
    """The pages of one kind. is_single: there is one at most."""

    kind: PageKind
    label: Message
    text: Message
    pages: Sequence[tuple[UUID, str]]
    is_single: bool


@dataclass(frozen=True)
class Parts:
    """Every kind, those of many first."""

    groups: Sequence[Group]


@router.get("")
async def show_parts(request: Request, house: House) -> Response:
    """Answer everything of these kinds, each with its way into the builder."""
    groups = [
        Group(kind, KINDS[kind], text, await house.db.query(queries.titles, kind), kind in PARTS)
        for kind, text in _TEXTS.items()
    ]
    return await page(request, "builder/parts.html", Parts(groups), title=_("Parts and templates"))


@router.post("")
async def begin_part(request: Request, house: House, actor: Caller) -> Response:
    """Begin one, and open the builder."""
    values = await typed(request)
    kind = next((one for one in _TEXTS if one.value == values.get("kind")), None)
    if kind is None:
        raise NotFound(_("There is nothing at this address."))
    title = values.get("title", "").strip() or str(KINDS[kind])
    async with house.db.write() as tx:
        made = await writing.create(tx, actor, title=title, kind=kind)
        made_id = made.id
    return redirect(f"/admin/builder/{made_id}")


@router.post("/bin/{binned_id:uuid}/restore")
async def bring_back_part(binned_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Bring one back from the bin, and open it."""
    try:
        async with house.db.write() as tx:
            back = await trash.restore(tx, actor, resource_of(house, PageKind.REUSABLE), binned_id)
    except AgoraError as refused:
        return redirect("/admin/pages/parts", flash=Flash(refused.message, "danger"), request=request)
    return redirect(f"/admin/builder/{back.id}", flash=_("It is back."), request=request)


@router.get("/options")
async def offer_reusable(request: Request, house: House) -> Response:
    """Answer the reusable blocks whose names fit, for the block that shows one."""
    words = asked(request, "q").casefold()
    found = await house.db.query(queries.titles, PageKind.REUSABLE)
    fitting = [(id_, title) for id_, title in found if words in title.casefold()]
    return JSONResponse([{"id": str(id_), "title": title, "text": ""} for id_, title in fitting[:OFFERED]])
