"""What is at once true of a page, whatever its draft says: its place, who may see it, when it appears."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from engine.api.pages import DraftWire
from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content.pages import publishing, queries, writing
from engine.content.pages.models import ADDRESSED, PARTS, PageKind, PageStatus, PageVisibility
from engine.content.pages.queries import Shown
from engine.content.pages.resources import ROLES, VISIBILITIES
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Conflict, Invalid
from engine.core.i18n import Message, _
from engine.core.ids import parse_id
from engine.core.records import writing as records
from engine.core.resource import Resource
from ui.builder.opening import opened
from ui.fields import FieldView
from ui.fields.parsing import parse_all, shown
from ui.page import Flash
from ui.respond import redirect

router = APIRouter(
    prefix="/admin/builder/{page_id:uuid}", include_in_schema=False, dependencies=[allow(Permission.EDIT_PAGES)]
)
#: Where the list of such pages is.
LISTS = {PageKind.PAGE: "/admin/pages", PageKind.ARTICLE: "/admin/articles"}
LIST_OF_PARTS = "/admin/pages/parts"
PLACE = (
    FieldView("slug", _("Address"), "text", _("The last part of it. The old one keeps leading here."), max_length=100),
    FieldView("parentId", _("Below"), "relation", nullable=True, search_url="/admin/pages/options",
              placeholder=_("None: at the top")),
    FieldView("position", _("Place among its neighbours"), "number", required=True, minimum=0, maximum=100_000),
    FieldView("visibility", _("Open to"), "choice", required=True, options=VISIBILITIES),
    FieldView("roles", _("Roles"), "choice", _("Staff see every page."), multiple=True, options=ROLES),
    FieldView("password", _("Password"), "text", _("Tell it to whoever may come in. Empty keeps the one it has."),
              max_length=200),
)  # fmt: skip
#: An article stands below the blog, in the order of its dates.
_OF_PAGES = frozenset({"parentId", "position"})


@dataclass(frozen=True)
class Standing:
    """place and plan: (field, what stands in it); doings: (name, words, icon) of what can be done with the page.

    templates: the page templates that it can begin anew with.
    """

    place: list[tuple[FieldView, Any]]
    plan: list[tuple[FieldView, Any]]
    doings: list[tuple[str, Message, str]]
    templates: list[tuple[str, str]]


def standing_of(connection: Connection, house: Ports, page: Shown) -> Standing:
    """Return where a page stands, as its settings show it."""
    locale = house.site.general.language
    is_addressed = page.kind in ADDRESSED
    above = queries.kind_of(connection, page.parent_id) if page.parent_id else None
    values: Mapping[str, Any] = {
        "slug": page.slug,
        "parentId": {"id": str(page.parent_id), "title": above[1]} if above else None,
        "position": page.position,
        "visibility": page.visibility.value,
        "roles": list(page.roles),
        "publishAt": page.publish_at.isoformat() if page.publish_at else None,
        "unpublishAt": page.unpublish_at.isoformat() if page.unpublish_at else None,
    }
    place, plan = (
        [(view, shown(view, values.get(view.name), locale)) for view in views]
        for views in (_place_of(page), _plan(house))
    )
    templates = queries.titles(connection, PageKind.TEMPLATE)
    return Standing(
        place=place if is_addressed else [],
        plan=plan if is_addressed else [],
        doings=_doings(page),
        templates=[(str(id_), title) for id_, title in templates if id_ != page.id] if is_addressed else [],
    )


@router.post("/place")
async def change_place(page_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Move a page, or open it to others. All of it or, named by field, nothing."""
    page = await opened(house, actor, page_id)
    async with request.form() as form:
        values = parse_all(_place_of(page), form, locale=house.site.general.language)
    visibility, password = PageVisibility(values["visibility"]), values.get("password") or ""
    changes = {"slug": values["slug"] or page.slug, "visibility": visibility, "roles": values["roles"]}
    if visibility is PageVisibility.PASSWORD and not (password or page.password_hash):
        message = _("Choose the password that opens the page.")
        raise Invalid(message, {"password": message})
    if visibility is PageVisibility.PASSWORD and password:
        changes["password_hash"] = await house.front_desk.passwords.hash(password)
    if page.kind is PageKind.PAGE:
        changes |= {"parent_id": parse_id(values["parentId"] or ""), "position": values["position"]}
    try:
        async with house.db.write() as tx:
            await writing.change(tx, actor, page_id, changes)
    except Conflict as refused:
        raise Invalid(refused.message, {"parentId": refused.message}) from refused
    return await _answer(house, page_id)


@router.post("/plan")
async def plan_page(page_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Have a page appear, or leave, at a time of the site's zone; an empty time takes the plan back."""
    await opened(house, actor, page_id)
    async with request.form() as form:
        asked = parse_all(_plan(house), form, locale=house.site.general.language)
    coming, going = (datetime.fromisoformat(asked[view.name]) if asked[view.name] else None for view in _plan(house))
    async with house.db.write() as tx:
        await publishing.schedule(tx, actor, page_id, publish_at=coming, unpublish_at=going)
    return await _answer(house, page_id)


@router.post("/acts/{name}")
async def act_on_page(page_id: UUID, name: str, request: Request, house: House, actor: Caller) -> Response:
    """Do one of the things that can be done with the whole page, and go on where that leads."""
    page = await opened(house, actor, page_id)
    here = f"/admin/builder/{page_id}"
    if name not in {one for one, _words, _icon in _doings(page)}:
        return redirect(here, flash=Flash(_("That cannot be done with this page now."), "danger"), request=request)
    if name == "delete":
        return await _delete(request, house, actor, page)
    try:
        async with house.db.write() as tx:
            if name == "front":
                await publishing.make_front(tx, actor, page_id)
            elif name == "archive":
                await publishing.archive(tx, actor, page_id)
            else:
                kind = PageKind.TEMPLATE if name == "template" else None
                made = await writing.copy(tx, actor, page_id, kind=kind, title=page.title if kind else "")
                here = f"/admin/builder/{made.id}"
    except AgoraError as refused:
        return redirect(here, flash=Flash(refused.message, "danger"), request=request)
    return redirect(here, flash=_DONE[name], request=request)


_DONE = {
    "front": _("It is the front page now."),
    "archive": _("Archived: visitors do not see it, and it is out of the way."),
    "duplicate": _("A copy is there as a draft. This is it."),
    "template": _("New pages can begin with this template. This is it."),
}


def _doings(page: Shown) -> list[tuple[str, Message, str]]:
    can_be_front = page.kind is PageKind.PAGE and page.parent_id is None and page.path != "/"
    found = [
        ("front", _("Make it the front page"), "house", can_be_front),
        ("duplicate", _("Duplicate"), "copy", page.kind not in PARTS),
        ("template", _("Keep a copy as a template"), "layout-template", page.kind in ADDRESSED),
        ("archive", _("Archive"), "archive", page.kind in ADDRESSED and page.status is not PageStatus.ARCHIVED),
        ("delete", _("Delete"), "trash-2", True),
    ]
    return [(name, words, icon) for name, words, icon, is_fit in found if is_fit]


async def _delete(request: Request, house: Ports, actor: Actor, page: Shown) -> Response:
    """Put the page into the bin; the word that says so brings it back."""
    async with house.db.write() as tx:
        binned = await records.delete(tx, actor, resource_of(house, page.kind), page.id)
    listed = LISTS.get(page.kind, LIST_OF_PARTS)
    said = _("“{title}” is in the bin.").having(title=page.title)
    return redirect(
        listed, flash=Flash(said, "success", _("Undo"), f"{listed}/bin/{binned.id}/restore"), request=request
    )


def resource_of(house: Ports, kind: PageKind) -> Resource:
    """Return the list that such pages are written through; parts stand in none, and go into the bin of the pages."""
    found = house.resources["articles" if kind is PageKind.ARTICLE else "pages"]
    return found if kind in ADDRESSED else replace(found, scope=None)


def _place_of(page: Shown) -> list[FieldView]:
    return [view for view in PLACE if page.kind is PageKind.PAGE or view.name not in _OF_PAGES]


def _plan(house: Ports) -> tuple[FieldView, FieldView]:
    zone = house.site.general.timezone
    return (
        FieldView("publishAt", _("Appears"), "datetime", nullable=True, timezone=zone),
        FieldView("unpublishAt", _("Leaves"), "datetime", nullable=True, timezone=zone),
    )


async def _answer(house: Ports, page_id: UUID) -> Response:
    page = await house.db.query(queries.draft, page_id)
    assert page is not None  # noqa: S101 - it was written on just now
    return JSONResponse(DraftWire.of(page).model_dump(mode="json", by_alias=True))
