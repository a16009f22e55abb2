"""Product tags as imports bring them; staff keep the list itself (`resources.py`)."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from engine.commerce.catalog.models import ProductTag
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.records.facts import RecordCreated
from engine.core.slugs import numbered, slugify
from engine.core.transaction import Tx


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
        tx.publish(RecordCreated(tag.id, "product-tags"))
    await tx.flush()
    return {lower: known[lower] for lower in wanted}
