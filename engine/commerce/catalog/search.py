"""What of the catalogue can be found by words, and narrowed by category, price, stock, tags and options."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, select

from engine.commerce.catalog.facts import (
    CategoryChanged,
    InventoryUpdated,
    ProductCreated,
    ProductDeleted,
    ProductUpdated,
)
from engine.commerce.catalog.models import Category, Product, ProductStatus, Visibility
from engine.commerce.catalog.priced import is_reduced
from engine.commerce.catalog.queries import products_by_id
from engine.commerce.catalog.views import ProductView
from engine.core.access import Permission
from engine.core.html import text_of
from engine.core.ports import SearchDocument
from engine.core.records.catalogue import CHANGES
from engine.core.searching import Searchable, rank_of_name

MAX_BODY = 5_000
#: A product's facets: category and tag_id hold ids, category with those above; tag holds slugs; band holds price
#: bands ("500-1000", minor units, the upper end not in it); option:NAME and detail:NAME their values.
TAGS = "product-tags"
AVAILABLE, SALE = "available", "sale"
NUMBERS = ("price", "newest", "featured", "name", "stock")
FEATURED_FIRST = 1 << 40
UNCOUNTED = 1_000_000_000
_SEEN = {
    Visibility.VISIBLE: "public",
    Visibility.CATALOG: "listed",
    Visibility.SEARCH: "found",
    Visibility.HIDDEN: "staff",
}
_BANDS = [0, *(step * 10**power for power in range(2, 14) for step in (5, 10, 20))]


def band_of(price_minor: int) -> str:
    """Return the band that a price falls into: from 0, 500, 1000, 2000, 5000, ... to below the next."""
    at = bisect_right(_BANDS, price_minor)
    return f"{_BANDS[at - 1]}-{_BANDS[at] if at < len(_BANDS) else ''}"


def bounds_of(band: str) -> tuple[int, int | None]:
    """Return a band's ends in minor units; the upper one is not in it."""
    low, _dash, high = band.partition("-")
    return int(low), int(high) if high else None


def _document(view: ProductView, above: Mapping[UUID, Sequence[UUID]], published: int) -> SearchDocument:
    codes = [view.sku, *(variant.sku for variant in view.variants), *(variant.barcode for variant in view.variants)]
    words = [*(link.name for link in (*view.categories, *view.tags)), *(v.title for v in view.variants)]
    words += [value for named in view.details for value in named.values]
    categories = [id_ for link in view.categories for id_ in (link.id, *above.get(link.id, ()))]
    return SearchDocument(
        type="product",
        id=view.id,
        title=view.name,
        body=text_of(f"{view.short_description} {view.description}", MAX_BODY),
        url=view.url,
        keywords=" ".join(dict.fromkeys(filter(None, words))),
        codes=tuple(dict.fromkeys(filter(None, codes))),
        visibility=_SEEN[view.visibility] if view.status is ProductStatus.ACTIVE else "staff",  # type: ignore[arg-type]
        facets={
            "status": (view.status,),
            "category": tuple(dict.fromkeys(map(str, categories))),
            "tag": tuple(link.slug for link in view.tags),
            "tag_id": tuple(str(link.id) for link in view.tags),
            "band": (band_of(view.price_minor),),
            AVAILABLE: ("true",) if view.is_available else ("false",),
            SALE: ("true",) if is_reduced(view.price_minor, view.compare_at_minor) else (),
            **{f"option:{option.name}": tuple(option.values) for option in view.options},
            **{f"detail:{detail.name}": tuple(detail.values) for detail in view.details},
        },
        numbers={
            "price": view.price_minor,
            "newest": published,
            "featured": published + (FEATURED_FIRST if view.is_featured else 0),
            "name": rank_of_name(view.name),
            "stock": UNCOUNTED if view.stock is None else view.stock,
        },
    )


def _documents(connection: Connection, ids: Sequence[UUID]) -> list[SearchDocument]:
    above = _above(connection)
    published = {
        row.id: int((row.published_at or row.created_at).timestamp())
        for row in connection.execute(
            select(Product.id, Product.published_at, Product.created_at).where(Product.id.in_(ids))
        )
    }
    return [_document(view, above, published[view.id]) for view in products_by_id(connection, ids)]


def _above(connection: Connection) -> dict[UUID, list[UUID]]:
    """Return the categories above each."""
    parents = {row.id: row.parent_id for row in connection.execute(select(Category.id, Category.parent_id))}
    above: dict[UUID, list[UUID]] = {}
    for id_, parent in parents.items():
        up, trail = parent, above.setdefault(id_, [])
        while up is not None and up not in trail:
            trail.append(up)
            up = parents.get(up)
    return above


PRODUCTS = Searchable(
    "product",
    (ProductCreated, ProductUpdated, ProductDeleted, InventoryUpdated),
    _documents,
    select(Product.id),
    numbers=NUMBERS,
    follows={CategoryChanged: "category", **dict.fromkeys(CHANGES, "tag_id")},
    heeds=lambda fact: not isinstance(fact, CHANGES) or fact.resource == TAGS,
    read=Permission.VIEW_PRODUCTS,
)
