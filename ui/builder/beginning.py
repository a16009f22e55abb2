"""`/admin/pages/new`: what a new page begins with, its title and its place. Then the builder opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request, Response

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content.pages import queries, starters, writing
from engine.content.pages.models import PageKind
from engine.content.pages.starters import STARTERS
from engine.core.access import Permission
from engine.core.errors import AgoraError
from engine.core.i18n import Message, _
from engine.core.ids import parse_id
from ui.forms import Errors, errors_of, typed
from ui.respond import page, redirect

router = APIRouter(prefix="/admin/pages/new", include_in_schema=False, dependencies=[allow(Permission.EDIT_PAGES)])
OWN = "template-"


@dataclass(frozen=True)
class Choice:
    """Something to begin with. value: a starter's name, or `template-` and an id."""

    value: str
    label: Message | str
    text: Message | str
    icon: str


@dataclass(frozen=True)
class Beginning:
    """The form. own: the organisation's page templates; parents: the pages that it can stand below."""

    choices: Sequence[Choice]
    own: Sequence[Choice]
    parents: Sequence[tuple[str, str]]
    values: Mapping[str, str]
    errors: Errors


@router.get("")
async def show_beginning(request: Request, house: House) -> Response:
    """Answer the choice of beginnings."""
    return await _form(request, house, {"start": request.query_params.get("start", "blank")}, {})


@router.post("")
async def begin(request: Request, house: House, actor: Caller) -> Response:
    """Begin the page, and open the builder."""
    values = await typed(request)
    start, title = values.get("start", ""), values.get("title", "").strip()
    parent_id = parse_id(values.get("parentId", ""))
    template_id = parse_id(start.removeprefix(OWN)) if start.startswith(OWN) else None
    try:
        async with house.db.write() as tx:
            if template_id is not None:
                made = await writing.copy(tx, actor, template_id, kind=PageKind.PAGE, title=title)
            else:
                starter = next((one for one in STARTERS if one.name == start), STARTERS[0])
                locale = house.site.general.language
                written = starters.begun(starter, house.blocks, title, locale)
                made = await writing.create(tx, actor, title=title, parent_id=parent_id, written=written)
            made_id = made.id
    except AgoraError as refused:
        return await _form(request, house, values, errors_of(refused))
    return redirect(f"/admin/builder/{made_id}")


async def _form(request: Request, house: House, values: Mapping[str, str], errors: Errors) -> Response:
    choices = [Choice(one.name, one.label, one.text, one.icon) for one in STARTERS]
    templates = await house.db.query(queries.titles, PageKind.TEMPLATE)
    parents = await house.db.query(queries.titles, PageKind.PAGE)
    own = [Choice(f"{OWN}{id_}", title, _("Your own template."), "layout-template") for id_, title in templates]
    context = Beginning(choices, own, [(str(id_), title) for id_, title in parents], values, errors)
    status = 422 if errors else 200
    return await page(request, "builder/new.html", context, title=_("New page"), status=status)
