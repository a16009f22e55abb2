"""Categories: a tree of shelves, each with an address made of the slugs from the root down."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.commerce.catalog import shelf_counts
from engine.commerce.catalog.facts import CategoryChanged
from engine.commerce.catalog.models import Category
from engine.content import public as content
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Conflict, Invalid, NotFound
from engine.core.html import clean_html
from engine.core.i18n import _
from engine.core.ids import new_id
from engine.core.plaintext import line_of
from engine.core.slugs import is_slug, numbered, slugify
from engine.core.transaction import Tx
from engine.media import public as media

MAX_DEPTH = 6
MAX_NAME = 100


async def create(
    tx: Tx,
    actor: Actor,
    *,
    name: str,
    slug: str = "",
    parent_id: UUID | None = None,
    description: str = "",
    position: int | None = None,
    image_id: UUID | None = None,
    category_id: UUID | None = None,
) -> Category:
    """Add a category, last among its siblings unless a position is given. category_id: of one that comes back.

    image_id: a picture of the media library.

    Raises NotAllowed below store manager, Invalid, NotFound for the parent.
    """
    access.require(actor, Permission.MANAGE_CATEGORIES)
    tree = await _tree(tx)
    category = Category(id=category_id or new_id(), parent_id=None, slug="", path="", position=0)
    _place(tree, category, name=name, slug=slug, parent_id=parent_id)
    siblings = [other for other in tree.values() if other.parent_id == parent_id]
    category.description = clean_html(description)
    category.image_id = await _picture(tx, image_id)
    category.position = position if position is not None else max((s.position + 1 for s in siblings), default=0)
    await content.free(tx, address(category.path))
    tx.add(category)
    tx.record(actor, "category.create", category, changes={}, name=category.name)
    tx.publish(CategoryChanged(category.id))
    await tx.flush()
    return category


async def create_from(tx: Tx, actor: Actor, values: Mapping[str, Any]) -> Category:
    """Add a category from the fields of a form or the wire. Raises as `create`."""
    return await create(tx, actor, **values)


async def bring_back(tx: Tx, actor: Actor, values: Mapping[str, Any]) -> Category:
    """Add a category again that was deleted, under its old id; below its parent where that is still there."""
    tree = await _tree(tx)
    known = {name: values[name] for name in ("name", "slug", "description", "position")}
    parent_id = values["parent_id"] if values["parent_id"] in tree else None
    image_id = values["image_id"] if await _is_picture(tx, values["image_id"]) else None
    return await create(tx, actor, **known, parent_id=parent_id, image_id=image_id, category_id=values["id"])


async def settle(tx: Tx, _category: Category) -> None:
    """Have what came back counted, with the products that stand on it again."""
    await shelf_counts.changed(tx)


async def update(tx: Tx, actor: Actor, category_id: UUID, changes: Mapping[str, Any]) -> Category:
    """Change a category; its address and those below it move with redirects.

    Raises NotAllowed, NotFound, Invalid, Conflict where it would hang below itself.
    """
    access.require(actor, Permission.MANAGE_CATEGORIES)
    tree = await _tree(tx)
    category = tree.get(category_id)
    if category is None:
        raise _not_found(category_id)
    old_paths = {other.id: other.path for other in tree.values()}
    _place(
        tree,
        category,
        name=changes.get("name", category.name),
        slug=changes.get("slug", category.slug),
        parent_id=changes.get("parent_id", category.parent_id),
    )
    if "description" in changes:
        category.description = clean_html(changes["description"])
    if "position" in changes:
        category.position = changes["position"]
    if "image_id" in changes:
        category.image_id = await _picture(tx, changes["image_id"])
    _repath(tree)
    await shelf_counts.changed(tx)
    if tx.session.is_modified(category):
        tx.record(actor, "category.update", category, name=category.name)
        tx.publish(CategoryChanged(category.id))
    await tx.flush()
    for other in tree.values():
        if old_paths[other.id] != other.path:
            await content.move(tx, address(old_paths[other.id]), address(other.path))
    return category


async def delete(tx: Tx, actor: Actor, category_id: UUID) -> None:
    """Remove a category; those below it move up to its parent, its products stay in the shop.

    Raises NotAllowed, NotFound, Conflict where a category below would meet another of its address.
    """
    access.require(actor, Permission.MANAGE_CATEGORIES)
    tree = await _tree(tx)
    category = tree.get(category_id)
    if category is None:
        raise _not_found(category_id)
    old_paths = {other.id: other.path for other in tree.values()}
    taken = {other.slug for other in tree.values() if other.parent_id == category.parent_id and other is not category}
    for child in tree.values():
        if child.parent_id == category_id:
            if child.slug in taken:
                raise Conflict(
                    _("“{name}” cannot move up: a category with its address is there. Rename one first."),
                    name=child.name,
                )
            child.parent_id = category.parent_id
    await shelf_counts.changed(tx)
    tx.record(actor, "category.delete", category, changes={}, name=category.name)
    tx.publish(CategoryChanged(category.id))
    await tx.flush()
    await tx.delete(category)
    await tx.flush()
    del tree[category_id]
    _repath(tree)
    await tx.flush()
    await content.forget(tx, address(old_paths[category_id]))
    for other in tree.values():
        if old_paths[other.id] != other.path:
            await content.move(tx, address(old_paths[other.id]), address(other.path))


async def ensure_paths(tx: Tx, actor: Actor, paths: Iterable[Sequence[str]]) -> dict[tuple[str, ...], UUID]:
    """Return the category at the end of each path of names, making those that are not there yet.

    For imports, which audit themselves as a whole. Names are compared without regard to case.
    """
    access.require(actor, Permission.MANAGE_CATEGORIES)
    wanted = sorted({tuple(path[:MAX_DEPTH]) for path in paths})
    if not wanted:
        return {}
    tree = await _tree(tx)
    by_name = {(category.parent_id, category.name.lower()): category for category in tree.values()}
    ends: dict[tuple[str, ...], UUID] = {}
    for path in wanted:
        parent: Category | None = None
        for name in path:
            key = (parent.id if parent else None, name.lower())
            if key not in by_name:
                made = Category(id=new_id(), parent_id=None, slug="", path="", position=0, description="")
                _place(tree, made, name=name, slug="", parent_id=parent.id if parent else None)
                made.position = sum(1 for other in tree.values() if other.parent_id == made.parent_id)
                tree[made.id] = by_name[key] = made
                tx.add(made)
                tx.publish(CategoryChanged(made.id))
                await tx.flush()
            parent = by_name[key]
        if parent is not None:
            ends[path] = parent.id
    return ends


def address(path: str) -> str:
    """Return where a category stands on the site."""
    return f"/categories/{path}"


def _place(tree: Mapping[UUID, Category], category: Category, *, name: str, slug: str, parent_id: UUID | None) -> None:
    """Give a category its name, slug and parent, or raise Invalid, NotFound or Conflict."""
    name = line_of(name)
    if not name or len(name) > MAX_NAME:
        message = _("Give the category a name of at most {limit} characters.").having(limit=MAX_NAME)
        raise Invalid(message, {"name": message})
    if slug and not is_slug(slug):
        message = _("“{value}” cannot be in an address: use a–z, 0–9 and hyphens.").having(value=slug[:60])
        raise Invalid(message, {"slug": message})
    parent = tree.get(parent_id) if parent_id else None
    if parent_id and parent is None:
        message = _("There is no category {id} to put it in.").having(id=parent_id)
        raise Invalid(message, {"parentId": message})
    above = parent
    depth = 1
    while above is not None:
        depth += 1
        if above.id == category.id:
            raise Conflict(_("“{name}” cannot stand below itself. Choose another parent."), name=name)
        above = tree.get(above.parent_id) if above.parent_id else None
    if depth > MAX_DEPTH:
        message = _("Categories go {limit} levels deep. Choose a higher parent.").having(limit=MAX_DEPTH)
        raise Invalid(message, {"parentId": message})
    taken = {other.slug for other in tree.values() if other.parent_id == parent_id and other.id != category.id}
    chosen = slug or slugify(name, "category")
    number = 1
    while chosen in taken:
        if slug:
            message = _("The address “{slug}” belongs to another category here. Choose another.").having(slug=slug)
            raise Invalid(message, {"slug": message})
        number += 1
        chosen = numbered(slugify(name, "category"), number)
    category.name, category.slug, category.parent_id = name, chosen, parent_id
    category.path = f"{parent.path}/{chosen}" if parent else chosen


def _repath(tree: Mapping[UUID, Category]) -> None:
    def path(category: Category) -> str:
        above = tree.get(category.parent_id) if category.parent_id else None
        return f"{path(above)}/{category.slug}" if above else category.slug

    for category in tree.values():
        category.path = path(category)


async def _picture(tx: Tx, image_id: UUID | None) -> UUID | None:
    """Return the picture's id. Raises Invalid where the library has no such picture."""
    if image_id is not None and not await _is_picture(tx, image_id):
        message = _("The picture is gone from the library. Choose another.")
        raise Invalid(message, {"imageId": message})
    return image_id


async def _is_picture(tx: Tx, image_id: UUID | None) -> bool:
    connection = await tx.session.connection()
    return image_id is not None and image_id in await connection.run_sync(media.urls, [image_id])


async def _tree(tx: Tx) -> dict[UUID, Category]:
    """Return all categories, locked: the tree is small, and two changes of it must not cross."""
    rows = await tx.scalars(select(Category).order_by(Category.id).with_for_update())
    return {category.id: category for category in rows}


def _not_found(category_id: UUID) -> NotFound:
    return NotFound(_("There is no category {id}. It may have been deleted."), id=category_id)
