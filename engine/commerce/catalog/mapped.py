"""The catalogue's addresses for search engines: every product that is sold, with its pictures, and every shelf."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, literal, select, tuple_

from engine.commerce.catalog import shelf_counts
from engine.commerce.catalog.models import Category, Product, ProductImage, ProductStatus, Visibility
from engine.commerce.catalog.shelves import standing
from engine.commerce.catalog.statements import SHOWN
from engine.core.html import text_of
from engine.core.i18n import _
from engine.core.linking import Address, Addresses
from engine.media import public as media

BATCH = 500
MOST_IMAGES = 10
MAX_LINE = 200
_SOLD = (Product.status == ProductStatus.ACTIVE) & (Product.visibility != Visibility.HIDDEN)


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(Product).where(_SOLD)) or 0


def _products(connection: Connection, offset: int, limit: int) -> Iterator[Address]:
    """Yield the products' addresses, 500 read at a time, in the order of an index: it counts those before them."""
    order = (Product.visibility, Product.id)
    statement = select(Product.id, Product.slug, Product.updated_at, Product.visibility).where(_SOLD).order_by(*order)
    rows = connection.execute(statement.offset(offset).limit(min(limit, BATCH))).all()
    while rows:
        pictures = _pictures(connection, [row.id for row in rows])
        for row in rows:
            yield Address(f"/products/{row.slug}", row.updated_at, pictures[row.id][:MOST_IMAGES])
        limit -= len(rows)
        last = tuple_(literal(rows[-1].visibility, Product.visibility.type), literal(rows[-1].id, Product.id.type))
        rows = connection.execute(statement.where(tuple_(*order) > last).limit(min(limit, BATCH))).all()


def _pictures(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    wanted = (ProductImage.product_id, ProductImage.media_id)
    statement = select(*wanted).where(ProductImage.product_id.in_(ids), ProductImage.media_id.is_not(None))
    rows = connection.execute(statement.order_by(ProductImage.product_id, ProductImage.position)).all()
    urls = media.urls(connection, [row.media_id for row in rows])
    found: dict[UUID, list[str]] = defaultdict(list)
    for row in rows:
        if row.media_id in urls:
            found[row.product_id].append(urls[row.media_id].large)
    return found


def _best(connection: Connection, limit: int) -> Sequence[tuple[str, str, str]]:
    statement = select(Product.name, Product.slug, Product.short_description).where(SHOWN)
    rows = connection.execute(statement.order_by(Product.is_featured.desc(), Product.id.desc()).limit(limit))
    return [(row.name, f"/products/{row.slug}", text_of(row.short_description, MAX_LINE)) for row in rows]


def _categories(connection: Connection, offset: int, limit: int) -> Iterator[Address]:
    changed = _changed_at(connection)
    for category in standing(connection)[offset : offset + limit]:
        yield Address(category.url, changed.get(category.id))


def _changed_at(connection: Connection) -> dict[UUID, datetime]:
    """Return when each category, or a product on it, changed last."""
    own = select(Category.id, Category.updated_at)
    found: dict[UUID, datetime] = {row[0]: row[1] for row in connection.execute(own)}
    return found | {id_: max(at, found[id_]) for id_, at in shelf_counts.changed_at(connection).items() if id_ in found}


def _shelves(connection: Connection, limit: int) -> Sequence[tuple[str, str, str]]:
    return [(one.name, one.url, text_of(one.description, MAX_LINE)) for one in standing(connection)[:limit]]


def _all_products(connection: Connection, offset: int, _limit: int) -> Iterator[Address]:
    if offset == 0:
        changed = select(Product.updated_at).where(SHOWN).order_by(Product.updated_at.desc()).limit(1)
        yield Address("/products", connection.scalar(changed))


def _has_products(connection: Connection) -> int:
    return len(connection.execute(select(Product.id).where(_SOLD).limit(1)).all())


ADDRESSES = (
    Addresses("shop", _("Shop"), _has_products, _all_products, lambda _connection, _limit: ()),
    Addresses("categories", _("Categories"), lambda connection: len(standing(connection)), _categories, _shelves),
    Addresses("products", _("Products"), _count, _products, _best),
)
