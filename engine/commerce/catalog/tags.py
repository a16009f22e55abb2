"""Product tags: words that products share across categories."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from engine.commerce.catalog.facts import TagChanged
from engine.commerce.catalog.models import ProductTag
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import _
from engine.core.slugs import is_slug, numbered, slugify
from engine.core.transaction import Tx

MAX_NAME = 100
FIELDS = frozenset({"name", "slug"})


async def create(tx: Tx, actor: Actor, *, name: str, slug: str = "") -> ProductTag:
    """Add a tag. Raises NotAllowed below store manager, Invalid where the name or slug is taken or wrong."""
    access.require(actor, Permission.MANAGE_TAGS)
    tag = ProductTag(name="", slug="")
    await _name(tx, tag, name, slug)
    tx.add(tag)
    tx.record(actor, "product_tag.create", tag, changes={}, name=tag.name)
    tx.publish(TagChanged(tag.id))
    await tx.flush()
    return tag


async def update(tx: Tx, actor: Actor, tag_id: UUID, changes: Mapping[str, Any]) -> ProductTag:
    """Rename a tag everywhere. Raises NotAllowed, NotFound, Invalid."""
    access.require(actor, Permission.MANAGE_TAGS)
    tag = await tx.get(ProductTag, tag_id, locked=True)
    if tag is None:
        raise _not_found(tag_id)
    await _name(tx, tag, changes.get("name", tag.name), changes.get("slug", tag.slug))
    if tx.session.is_modified(tag):
        tx.record(actor, "product_tag.update", tag, name=tag.name)
        tx.publish(TagChanged(tag.id))
        await tx.flush()
    return tag


async def delete(tx: Tx, actor: Actor, tag_id: UUID) -> None:
    """Remove a tag from the shop and from every product. Raises NotAllowed, NotFound."""
    access.require(actor, Permission.MANAGE_TAGS)
    tag = await tx.get(ProductTag, tag_id, locked=True)
    if tag is None:
        raise _not_found(tag_id)
    tx.record(actor, "product_tag.delete", tag, changes={}, name=tag.name)
    tx.publish(TagChanged(tag.id))
    await tx.delete(tag)


async def ensure(tx: Tx, actor: Actor, names: Iterable[str]) -> dict[str, UUID]:
    """Return the tag of each name, making those that are not there; names are compared without regard to case."""
    access.require(actor, Permission.MANAGE_TAGS)
    wanted = {name.lower(): name for name in names}
    if not wanted:
        return {}
    rows = await tx.execute(select(ProductTag.name, ProductTag.id))
    known = {row.name.lower(): row.id for row in rows}
    taken = set(await tx.scalars(select(ProductTag.slug)))
    for lower in sorted(wanted.keys() - known.keys()):
        slug, number = slugify(wanted[lower], "tag"), 1
        while slug in taken:
            number += 1
            slug = numbered(slugify(wanted[lower], "tag"), number)
        taken.add(slug)
        tag = ProductTag(name=wanted[lower], slug=slug)
        known[lower] = tag.id
        tx.add(tag)
        tx.publish(TagChanged(tag.id))
    await tx.flush()
    return {lower: known[lower] for lower in wanted}


async def _name(tx: Tx, tag: ProductTag, name: str, slug: str) -> None:
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME:
        message = _("Give the tag a name of at most {limit} characters.").having(limit=MAX_NAME)
        raise Invalid(message, {"name": message})
    if slug and not is_slug(slug):
        message = _("“{value}” cannot be in an address: use a–z, 0–9 and hyphens.").having(value=slug[:60])
        raise Invalid(message, {"slug": message})
    others = select(ProductTag.id).where(ProductTag.id != tag.id)
    if await tx.scalar(others.where(func.lower(ProductTag.name) == name.lower())):
        message = _("There is a tag “{name}” already.").having(name=name)
        raise Invalid(message, {"name": message})
    chosen = base = slug or slugify(name, "tag")
    number = 1
    while await tx.scalar(others.where(ProductTag.slug == chosen)):
        if slug:
            message = _("The address “{slug}” belongs to another tag. Choose another.").having(slug=slug)
            raise Invalid(message, {"slug": message})
        number += 1
        chosen = numbered(base, number)
    tag.name, tag.slug = name, chosen


def _not_found(tag_id: UUID) -> NotFound:
    return NotFound(_("There is no tag {id}. It may have been deleted."), id=tag_id)
