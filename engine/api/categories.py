"""`/categories`: the tree of shelves."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from engine.api.apiwords import also
from engine.api.catalog_wire import CategoryCreate, CategoryPage, CategoryUpdate, CategoryWire
from engine.api.request import Caller, House, WriteTx, allow, public
from engine.api.wire import Paging
from engine.commerce.catalog import categories, shelves
from engine.commerce.catalog.views import CategoryView
from engine.core.access import Permission
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.transaction import Tx

router = APIRouter(prefix="/categories", tags=["categories"])
Key = Annotated[str, Path(description="Its id, its path or its slug")]


@router.get("", dependencies=[public])
async def list_categories(house: House, paging: Paging) -> CategoryPage:
    """List categories, each before those below it."""
    found = list(shelves.flat(await house.db.query(shelves.category_tree)))
    shown = found[paging.offset : paging.offset + paging.limit]
    items = [CategoryWire.model_validate(view) for view in shown]
    return CategoryPage(items=items, total=len(found), page=paging.page, limit=paging.limit)


@router.get("/{key:path}", dependencies=[public])
async def read_category(key: Key, house: House) -> CategoryWire:
    """Return a category by id, path or slug."""
    return _answer(list(shelves.flat(await house.db.query(shelves.category_tree))), key)


@router.post("", status_code=201, dependencies=[allow(Permission.MANAGE_CATEGORIES)])
async def create_category(sent: CategoryCreate, actor: Caller, tx: WriteTx) -> CategoryWire:
    """Add a category."""
    made = await categories.create(tx, actor, **sent.model_dump())
    return await _written(tx, made.id)


@router.patch("/{category_id}", dependencies=[allow(Permission.MANAGE_CATEGORIES)], responses=also(409))
async def update_category(category_id: UUID, sent: CategoryUpdate, actor: Caller, tx: WriteTx) -> CategoryWire:
    """Change the fields that are sent; the addresses of it and of those below it move with redirects."""
    await categories.update(tx, actor, category_id, sent.model_dump(exclude_unset=True))
    return await _written(tx, category_id)


@router.delete("/{category_id}", status_code=204, dependencies=[allow(Permission.MANAGE_CATEGORIES)])
async def delete_category(category_id: UUID, actor: Caller, tx: WriteTx) -> Response:
    """Delete a category; those below it move up, its products stay."""
    await categories.delete(tx, actor, category_id)
    return Response(status_code=204)


def _answer(found: list[CategoryView], key: str) -> CategoryWire:
    for name in ("id", "path", "slug"):
        for view in found:
            if str(getattr(view, name)) == key:
                return CategoryWire.model_validate(view)
    raise NotFound(_("There is no category “{key}”."), key=key[:100])


async def _written(tx: Tx, category_id: UUID) -> CategoryWire:
    await tx.flush()
    connection = await tx.session.connection()
    return _answer(list(shelves.flat(await connection.run_sync(shelves.category_tree))), str(category_id))
