"""Categories in the admin: the tree with the form to add one, and the page of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from engine.api.request import Caller, House, allow
from engine.commerce.catalog import categories, shelves
from engine.commerce.catalog.views import CategoryView
from engine.core.access import Permission
from engine.core.errors import AgoraError, Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.ids import parse_id
from ui.respond import page, redirect

HOME = "/admin/categories"
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_CATEGORIES)])


@dataclass(frozen=True)
class CategoryTree:
    """The tree, and the form to add one."""

    categories: Sequence[CategoryView]
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Message | str] = field(default_factory=dict)


@dataclass(frozen=True)
class OneCategory:
    """One category. parents: where it may be put."""

    category: CategoryView
    parents: Sequence[CategoryView]
    values: Mapping[str, str]
    errors: Mapping[str, Message | str] = field(default_factory=dict)


@router.get("")
async def show_tree(request: Request, house: House) -> Response:
    """Answer the tree."""
    return await page(request, "admin/categories/list.html", CategoryTree(await _flat(house)), title=_("Categories"))


@router.post("")
async def create(request: Request, house: House, actor: Caller) -> Response:
    """Add a category."""
    form = await request.form()
    try:
        async with house.db.write() as tx:
            parent = parse_id(_text(form, "parentId"))
            await categories.create(tx, actor, name=_text(form, "name"), parent_id=parent)
    except AgoraError as refusal:
        context = CategoryTree(await _flat(house), _values(form), _fields(refusal))
        return await page(request, "admin/categories/list.html", context, title=_("Categories"), status=422)
    return redirect(HOME, flash=_("The category is added."), request=request)


@router.get("/{category_id}")
async def show(category_id: UUID, request: Request, house: House) -> Response:
    """Answer one category."""
    return await _page(request, house, category_id)


@router.post("/{category_id}")
async def save(category_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Save a category."""
    form = await request.form()
    position = _text(form, "position")
    changes = {
        "name": _text(form, "name"),
        "slug": _text(form, "slug"),
        "description": _text(form, "description"),
        "parent_id": parse_id(_text(form, "parentId")),
        "position": int(position) if position.isdecimal() and len(position) < 7 else 0,
    }
    try:
        async with house.db.write() as tx:
            await categories.update(tx, actor, category_id, changes)
    except NotFound:
        raise
    except AgoraError as refusal:
        return await _page(request, house, category_id, _values(form), _fields(refusal))
    return redirect(HOME, flash=_("The category is saved."), request=request)


@router.post("/{category_id}/deletion")
async def delete(category_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Delete a category."""
    async with house.db.write() as tx:
        await categories.delete(tx, actor, category_id)
    return redirect(HOME, flash=_("The category is deleted; its products stay in the shop."), request=request)


async def _page(
    request: Request,
    house: House,
    category_id: UUID,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, Message | str] | None = None,
) -> Response:
    found = await _flat(house)
    category = next((one for one in found if one.id == category_id), None)
    if category is None:
        raise NotFound(_("There is no category {id}. It may have been deleted."), id=category_id)
    below = {one.id for one in shelves.flat([category])}
    own = {
        "name": category.name,
        "slug": category.slug,
        "description": category.description,
        "parentId": str(category.parent_id or ""),
        "position": str(category.position),
    }
    parents = [one for one in found if one.id not in below]
    context = OneCategory(category, parents, values or own, errors or {})
    status = 422 if errors else 200
    return await page(request, "admin/categories/edit.html", context, title=category.name, status=status)


async def _flat(house: House) -> list[CategoryView]:
    return list(shelves.flat(await house.db.query(shelves.category_tree)))


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _values(form: FormData) -> dict[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _fields(refusal: AgoraError) -> dict[str, Message | str]:
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    return dict(fields) or {"": refusal.message}
