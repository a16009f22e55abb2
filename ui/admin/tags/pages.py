"""Product tags in the admin: one page for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from fastapi import APIRouter, Request, Response

from engine.api.request import Caller, House, allow
from engine.commerce.catalog import shelves, tags
from engine.commerce.catalog.views import TagView
from engine.core.access import Permission
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from ui.respond import page, redirect

HOME = "/admin/product-tags"
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_TAGS)])


@dataclass(frozen=True)
class TagList:
    """Every tag. editing: the one whose name is being changed."""

    tags: Sequence[TagView]
    editing: UUID | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Message | str] = field(default_factory=dict)


@router.get("")
async def show_tags(request: Request, house: House) -> Response:
    """Answer the tags."""
    return await _page(request, house)


@router.post("")
async def create(request: Request, house: House, actor: Caller) -> Response:
    """Add a tag."""
    name = str((await request.form()).get("name", ""))
    try:
        async with house.db.write() as tx:
            await tags.create(tx, actor, name=name)
    except Invalid as refusal:
        return await _page(request, house, values={"name": name}, errors=refusal.fields)
    return redirect(HOME, flash=_("The tag is added."), request=request)


@router.get("/{tag_id}")
async def show_tag(tag_id: UUID, request: Request, house: House) -> Response:
    """Answer the tags with one of them open."""
    return await _page(request, house, editing=tag_id)


@router.post("/{tag_id}")
async def rename(tag_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Rename a tag on every product that bears it."""
    name = str((await request.form()).get("tagName", ""))
    try:
        async with house.db.write() as tx:
            await tags.update(tx, actor, tag_id, {"name": name})
    except Invalid as refusal:
        errors = {"tagName": next(iter(refusal.fields.values()), refusal.message)}
        return await _page(request, house, editing=tag_id, values={"tagName": name}, errors=errors)
    return redirect(HOME, flash=_("The tag is renamed."), request=request)


@router.post("/{tag_id}/deletion")
async def delete(tag_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Delete a tag."""
    async with house.db.write() as tx:
        await tags.delete(tx, actor, tag_id)
    return redirect(HOME, flash=_("The tag is deleted."), request=request)


async def _page(
    request: Request,
    house: House,
    *,
    editing: UUID | None = None,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, Message | str] | None = None,
) -> Response:
    context = TagList(await house.db.query(shelves.tags), editing, values or {}, errors or {})
    return await page(request, "admin/tags/list.html", context, title=_("Tags"), status=422 if errors else 200)
