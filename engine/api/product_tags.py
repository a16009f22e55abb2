"""`/product-tags`: words that products share."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from engine.api.catalog_wire import TagCreate, TagPage, TagUpdate, TagWire
from engine.api.request import Caller, House, WriteTx, allow, public
from engine.api.wire import Paging
from engine.commerce.catalog import shelves, tags
from engine.commerce.catalog.views import TagView
from engine.core.access import Permission
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.transaction import Tx

router = APIRouter(prefix="/product-tags", tags=["product tags"])
Key = Annotated[str, Path(description="Its id or its slug")]


@router.get("", dependencies=[public])
async def list_tags(house: House, paging: Paging) -> TagPage:
    """List tags by name."""
    found = await house.db.query(shelves.tags)
    shown = found[paging.offset : paging.offset + paging.limit]
    items = [TagWire.model_validate(view) for view in shown]
    return TagPage(items=items, total=len(found), page=paging.page, limit=paging.limit)


@router.get("/{key}", dependencies=[public])
async def read_tag(key: Key, house: House) -> TagWire:
    """Return a tag by id or slug."""
    return _answer(await house.db.query(shelves.tags), key)


@router.post("", status_code=201, dependencies=[allow(Permission.MANAGE_TAGS)])
async def create_tag(sent: TagCreate, actor: Caller, tx: WriteTx) -> TagWire:
    """Add a tag."""
    made = await tags.create(tx, actor, name=sent.name, slug=sent.slug)
    return await _written(tx, made.id)


@router.patch("/{tag_id}", dependencies=[allow(Permission.MANAGE_TAGS)])
async def update_tag(tag_id: UUID, sent: TagUpdate, actor: Caller, tx: WriteTx) -> TagWire:
    """Change the fields that are sent, on every product that bears the tag."""
    await tags.update(tx, actor, tag_id, sent.model_dump(exclude_unset=True))
    return await _written(tx, tag_id)


@router.delete("/{tag_id}", status_code=204, dependencies=[allow(Permission.MANAGE_TAGS)])
async def delete_tag(tag_id: UUID, actor: Caller, tx: WriteTx) -> Response:
    """Delete a tag, also from every product."""
    await tags.delete(tx, actor, tag_id)
    return Response(status_code=204)


def _answer(found: list[TagView], key: str) -> TagWire:
    for view in found:
        if key in {str(view.id), view.slug}:
            return TagWire.model_validate(view)
    raise NotFound(_("There is no tag “{key}”."), key=key[:100])


async def _written(tx: Tx, tag_id: UUID) -> TagWire:
    await tx.flush()
    connection = await tx.session.connection()
    return _answer(await connection.run_sync(shelves.tags), str(tag_id))
