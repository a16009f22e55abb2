"""Commerce's part of the demo: goods and orders, in and out again."""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from sqlalchemy import Connection, delete, or_, select, update

from engine.commerce.catalog import categories, products
from engine.commerce.catalog.models import Category, ProductCategory, ProductImage, ProductTag, ProductTagLink
from engine.commerce.demo import goods, opinions
from engine.commerce.demo.pots import POTS
from engine.commerce.demo.prints import PRINTS
from engine.commerce.demo.story import told
from engine.commerce.demo.telling import NUMBERS, ORDER, Telling, needed, site_of
from engine.commerce.ordering import sums
from engine.commerce.ordering.models import Counter, Order, OrderItem
from engine.core.demo import DEMO, DemoItem, DemoPart, Making, Removing, batches
from engine.core.errors import Conflict, NotFound
from engine.core.searching import queue_for_index
from engine.media.demo import MEDIA

ITEMS = (*POTS, *PRINTS)


async def make(making: Making) -> None:
    """Put the goods on their shelves, tell the story of their orders, and what people think of them."""
    items = ITEMS[: making.goods]
    tales = told(making, items)
    pictures = await goods.draw(making, items)
    where = await goods.put_up(making, items, pictures, needed(tales))
    await Telling(making, site_of(making), where, {}).tell(tales)
    await opinions.write(making, tales, where)


async def finish(making: Making) -> None:
    """Have the goods and the orders found by who searches."""
    ids = await making.db.query(_marked)
    async with making.db.write() as tx:
        for kind, found in ids.items():
            for batch in batches(found):
                await queue_for_index(tx, kind, {str(one) for one in batch})


async def remove(removing: Removing) -> None:
    """Take goods and orders away, but not what real products or orders need."""
    await _spare_pictures(removing)
    await opinions.remove(removing, removing.of(goods.PRODUCT))
    await _remove_orders(removing)
    for product_id in removing.of(goods.PRODUCT):
        async with removing.db.write() as tx:
            with suppress(NotFound):  # staff deleted it already
                await products.delete(tx, DEMO, product_id)
    await removing.keep(goods.TAG, await removing.db.query(_worn, removing.of(goods.TAG)))
    await removing.keep(goods.CATEGORY, await removing.db.query(_filled, removing.of(goods.CATEGORY)))
    async with removing.db.write() as tx:
        await tx.execute(delete(ProductTag).where(ProductTag.id.in_(removing.of(goods.TAG))))
    for category_id in reversed(removing.of(goods.CATEGORY)):
        await _remove_category(removing, category_id)
    async with removing.db.write() as tx:
        await tx.execute(delete(Counter).where(Counter.name == NUMBERS.counter))


async def _remove_category(removing: Removing, category_id: UUID) -> None:
    try:
        async with removing.db.write() as tx:
            await categories.delete(tx, DEMO, category_id)
    except NotFound:  # staff deleted it already
        return
    except Conflict:  # a real category below it would meet another of its address
        await removing.keep(goods.CATEGORY, [category_id])


async def _remove_orders(removing: Removing) -> None:
    pictures = [f"/media/{media_id}/%" for media_id in removing.of(MEDIA)]
    for batch in batches(removing.of(ORDER)):
        async with removing.db.write() as tx:
            await tx.execute(delete(Order).where(Order.id.in_(batch)))
            await sums.let_go_of_all(tx)
            await queue_for_index(tx, ORDER, {str(one) for one in batch})
    for start in range(0, len(pictures), 50):
        async with removing.db.write() as tx:
            shown = or_(*(OrderItem.image_url.like(picture) for picture in pictures[start : start + 50]))
            await tx.execute(update(OrderItem).where(shown).values(image_url=None))


async def _spare_pictures(removing: Removing) -> None:
    """Keep the pictures that real products show as well."""
    shown = await removing.db.query(_shown, removing.of(MEDIA), removing.of(goods.PRODUCT))
    await removing.keep(MEDIA, shown)


def _marked(connection: Connection) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {goods.PRODUCT: [], ORDER: []}
    for kind, thing in connection.execute(select(DemoItem.kind, DemoItem.thing).where(DemoItem.kind.in_(found))):
        found[kind].append(thing)
    return found


def _shown(connection: Connection, pictures: Sequence[UUID], demo: Sequence[UUID]) -> list[UUID]:
    shown = select(ProductImage.media_id).where(
        ProductImage.media_id.in_(pictures), ProductImage.product_id.not_in(demo)
    )
    return list(connection.scalars(shown.distinct()))


def _worn(connection: Connection, ids: Sequence[UUID]) -> list[UUID]:
    worn = select(ProductTagLink.tag_id).where(ProductTagLink.tag_id.in_(ids))
    return list(connection.scalars(worn.distinct()))


def _filled(connection: Connection, ids: Sequence[UUID]) -> list[UUID]:
    """Return the categories that real products stand in, with those above them."""
    above = {row.id: row.parent_id for row in connection.execute(select(Category.id, Category.parent_id))}
    filled = select(ProductCategory.category_id).where(ProductCategory.category_id.in_(ids))
    found: set[UUID] = set()
    for one in connection.scalars(filled.distinct()):
        at: UUID | None = one
        while at is not None:
            found.add(at)
            at = above[at]
    return [one for one in ids if one in found]


PART = DemoPart(make=make, finish=finish, remove=remove)
