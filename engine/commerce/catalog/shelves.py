"""What pages read of categories and tags."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, exists, func, select

from engine.commerce.catalog import shelf_counts
from engine.commerce.catalog.models import (
    Category,
    Product,
    ProductCategory,
    ProductTag,
    ProductTagLink,
)
from engine.commerce.catalog.statements import SHOWN
from engine.commerce.catalog.views import CategoryView, TagView
from engine.media import public as media
from engine.media.public import MediaUrls

_ROWS = select(Category.__table__).order_by(Category.position, Category.name)
_BEARING = select(Category.id).where(
    exists()
    .where(ProductCategory.category_id == Category.id, Product.id == ProductCategory.product_id, SHOWN)
    .correlate(Category)
)


def category_tree(connection: Connection, *, is_exact: bool = False) -> list[CategoryView]:
    """Return the top categories, each with those below it, in their order. is_exact: all are counted now."""
    rows = connection.execute(_ROWS).all()
    return _tree(connection, rows, shelf_counts.counted(connection) if is_exact else shelf_counts.counts(connection))


def choices(connection: Connection) -> list[CategoryView]:
    """Return every category, each before those below it, for a choice among them: nothing is counted."""
    return list(flat(_tree(connection, connection.execute(_ROWS).all(), {})))


def standing(connection: Connection) -> list[CategoryView]:
    """Return every category that has a product in it or below, each before those below it, without counting them."""
    rows = connection.execute(_ROWS).all()
    parents = {row.id: row.parent_id for row in rows}
    filled: dict[UUID, int] = {}
    for found in connection.scalars(_BEARING):
        at: UUID | None = found
        while at is not None and at not in filled:
            filled[at] = 1
            at = parents.get(at)
    return [one for one in flat(_tree(connection, rows, filled)) if one.product_count]


def _tree(connection: Connection, rows: Sequence[Any], counts: Mapping[UUID, int]) -> list[CategoryView]:
    pictures = media.urls(connection, [row.image_id for row in rows if row.image_id])
    below: dict[UUID | None, list[Any]] = defaultdict(list)
    for row in rows:
        below[row.parent_id].append(row)
    return [_view(row, below, counts, pictures, 0) for row in below[None]]


def flat(tree: Sequence[CategoryView]) -> Iterator[CategoryView]:
    """Yield every category of a tree, each before those below it."""
    for category in tree:
        yield category
        yield from flat(category.children)


def category(connection: Connection, path: str) -> CategoryView | None:
    """Return a category by its path, with those below it."""
    return next((found for found in flat(category_tree(connection)) if found.path == path), None)


def tags(connection: Connection) -> list[TagView]:
    """Return every tag by name, with how many products bear it."""
    rows = connection.execute(
        select(ProductTag.id, ProductTag.name, ProductTag.slug, func.count(ProductTagLink.product_id))
        .outerjoin(ProductTagLink, ProductTagLink.tag_id == ProductTag.id)
        .group_by(ProductTag.id, ProductTag.name, ProductTag.slug)
        .order_by(func.lower(ProductTag.name))
    )
    return [TagView(*row) for row in rows]


def _view(
    row: Any,
    below: Mapping[UUID | None, Sequence[Any]],
    counts: Mapping[UUID, int],
    pictures: Mapping[UUID, MediaUrls],
    depth: int,
) -> CategoryView:
    return CategoryView(
        id=row.id,
        parent_id=row.parent_id,
        name=row.name,
        slug=row.slug,
        path=row.path,
        description=row.description,
        position=row.position,
        image=pictures.get(row.image_id),
        depth=depth,
        product_count=counts.get(row.id, 0),
        children=[_view(child, below, counts, pictures, depth + 1) for child in below.get(row.id, ())],
    )
