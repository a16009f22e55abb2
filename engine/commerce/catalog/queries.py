"""What pages read of products: a handful of queries for any page, never one a row."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, String, cast, collate, exists, func, or_, select

from engine.commerce.catalog.drafts import NamedList, named_lists
from engine.commerce.catalog.models import (
    Category,
    ImageState,
    MovementReason,
    Product,
    ProductCategory,
    ProductImage,
    ProductOption,
    ProductStatus,
    ProductTag,
    ProductTagLink,
    ProductWords,
    StockMovement,
    Variant,
    Visibility,
    title_of,
)
from engine.commerce.catalog.stock import highest_low, low_at
from engine.commerce.catalog.views import (
    ImageView,
    LowStock,
    MovementView,
    NamedLink,
    ProductView,
    VariantView,
)
from engine.core import narrowing
from engine.core.counting import count
from engine.core.ids import parse_id
from engine.core.narrowing import MOST_FOUND
from engine.core.paging import Page, PageRequest
from engine.media import public as media

_SORTS: dict[str, Any] = {
    "name": func.lower(Product.name),
    "price": Product.price_minor,
    "createdAt": Product.created_at,
    "updatedAt": Product.updated_at,
}
SORTS = tuple(_SORTS)
MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Which products. category: an id, slug or path, with those below; tag: an id or slug; prices in minor units.

    sort: one of SORTS, "-" before it for descending. shown_in: "catalog" or "search" leaves out active products that
    are hidden there.
    """

    search: str = ""
    category: str = ""
    tag: str = ""
    status: ProductStatus | None = None
    min_price: int | None = None
    max_price: int | None = None
    is_available: bool = False
    is_featured: bool | None = None
    shown_in: Visibility | None = None
    sort: str = "-createdAt"


def products(connection: Connection, found: ProductFilter, request: PageRequest) -> Page[ProductView]:
    """Return one page of products with everything that is shown of them."""
    conditions = _conditions(connection, replace(found, search=""))
    total: int | None = None
    name = found.sort.removeprefix("-")
    order = _SORTS.get(name, Product.created_at)
    is_down = found.sort.startswith("-")
    sort = (order.desc(), Product.id.desc()) if is_down else (order.asc(), Product.id.asc())
    ids = select(Product.id).where(*conditions)
    if words := found.search.split()[:MOST_WORDS]:
        ids = _with_words(words, conditions)
        some = connection.scalars(ids.limit(MOST_FOUND + 1)).all()
        if len(some) <= MOST_FOUND:
            conditions, total = [Product.id.in_(some)], len(some)
        else:  # what so many hold is soon come by in the order of the list
            held = select(ProductWords.product_id).where(ProductWords.product_id == Product.id, *_held(words))
            conditions = [*conditions, narrowing.one_by_one([held.exists()])]
    page = select(Product.id).where(*conditions).order_by(*sort).limit(request.limit).offset(request.offset)
    rows = select(Product.__table__).where(Product.id.in_(page)).order_by(*sort)
    return Page.of(_views(connection, rows), count(connection, ids) if total is None else total, request)


def products_after(connection: Connection, found: ProductFilter, slug: str, count: int) -> list[ProductView]:
    """Return the next products by address, those after `slug`: an export asks again until there are none."""
    by_address = Product.slug if connection.dialect.name == "sqlite" else collate(Product.slug, "C")
    conditions = _conditions(connection, found)
    statement = select(Product.__table__).where(*conditions, by_address > slug).order_by(by_address).limit(count)
    return _views(connection, statement)


def product(connection: Connection, key: str | UUID, *, include_unpublished: bool = False) -> ProductView | None:
    """Return a product by id or slug; one that is not active only if asked for."""
    id_ = key if isinstance(key, UUID) else parse_id(key)
    statement = select(Product.__table__).where(Product.id == id_ if id_ else Product.slug == key)
    if not include_unpublished:
        statement = statement.where(Product.status == ProductStatus.ACTIVE)
    return next(iter(_views(connection, statement)), None)


def products_by_id(connection: Connection, ids: Sequence[UUID]) -> list[ProductView]:
    """Return these products in this order, whatever their status."""
    if not ids:
        return []
    known = {view.id: view for view in _views(connection, select(Product.__table__).where(Product.id.in_(ids)))}
    return [known[id_] for id_ in ids if id_ in known]


def counts_by_status(connection: Connection) -> dict[ProductStatus, int]:
    """Return how many products stand in each status."""
    rows = connection.execute(select(Product.status, func.count()).group_by(Product.status))
    return {row[0]: row[1] for row in rows}


def movements(connection: Connection, product_id: UUID, limit: int = 50) -> list[MovementView]:
    """Return the history of a product's stock, the newest first."""
    rows = connection.execute(
        select(StockMovement.__table__, Variant.option_values)
        .join(Variant, Variant.id == StockMovement.variant_id)
        .where(Variant.product_id == product_id)
        .order_by(StockMovement.id.desc())
        .limit(limit)
    )
    return [
        MovementView(
            row.created_at,
            title_of(row.option_values),
            row.change,
            row.stock_after,
            MovementReason(row.reason),
            row.actor,
            row.note,
            row.reference_id,
        )
        for row in rows
    ]


def low_stock(connection: Connection, limit: int = 20) -> list[LowStock]:
    """Return the variants of active products that are nearly gone, the fewest first."""
    rows = connection.execute(
        select(Product.id, Product.name, Variant.option_values, Variant.stock)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.tracks_stock, Variant.stock <= highest_low())
        # As an expression, so that no index on the status seems better than that of the stock.
        .where(func.coalesce(cast(Product.status, String), "") == str(ProductStatus.ACTIVE))
        .where(Variant.stock <= low_at())
        .order_by(Variant.stock)  # and no further: of thousands that are gone, the first few will do
        .limit(limit)
    )
    found = sorted(rows, key=lambda row: (row.stock, row.name))
    return [LowStock(row.id, row.name, title_of(row.option_values), row.stock) for row in found]


def category_ids(connection: Connection, key: str) -> list[UUID]:
    """Return the category meant by an id, path or slug, with all below it; none where there is none such."""
    id_ = parse_id(key)
    start = select(Category.path).where(Category.id == id_ if id_ else or_(Category.path == key, Category.slug == key))
    path = connection.execute(start.order_by(Category.path != key, func.length(Category.path)).limit(1)).scalar()
    if path is None:
        return []
    below = Category.path.startswith(f"{path}/", autoescape=True)
    return list(connection.execute(select(Category.id).where(or_(Category.path == path, below))).scalars())


def _conditions(connection: Connection, found: ProductFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if found.status is not None:
        conditions.append(Product.status == found.status)
    if found.shown_in is not None:
        conditions.append(Product.visibility.in_((Visibility.VISIBLE, found.shown_in)))
    if found.is_featured is not None:
        conditions.append(Product.is_featured == found.is_featured)
    if found.min_price is not None:
        conditions.append(Product.price_minor >= found.min_price)
    if found.max_price is not None:
        conditions.append(Product.price_minor <= found.max_price)
    if words := found.search.split()[:MOST_WORDS]:
        conditions.append(Product.id.in_(_with_words(words)))
    if found.category:
        shelves = category_ids(connection, found.category)
        within = Product.id.in_(select(ProductCategory.product_id).where(ProductCategory.category_id.in_(shelves)))
        fullest = connection.scalar(select(func.max(Category.product_count)).where(Category.id.in_(shelves))) or 0
        conditions.append(narrowing.one_by_one([within]) if fullest > MOST_FOUND else within)
    if found.tag:
        id_ = parse_id(found.tag)
        tagged = select(ProductTagLink.product_id).join(ProductTag, ProductTag.id == ProductTagLink.tag_id)
        conditions.append(Product.id.in_(tagged.where(ProductTag.id == id_ if id_ else ProductTag.slug == found.tag)))
    if found.is_available:
        conditions.append(
            exists().where(Variant.product_id == Product.id, or_(~Variant.tracks_stock, Variant.stock > 0))
        )
    return conditions


def _with_words(words: Sequence[str], conditions: Sequence[ColumnElement[bool]] = ()) -> Select[Any]:
    """Return what finds the products whose name or SKUs hold these words: the words first, the rest of those alone."""
    fits = [select(Product.id).where(Product.id == ProductWords.product_id, *conditions).exists()] if conditions else []
    return select(ProductWords.product_id).where(*_held(words), *fits)


def _held(words: Sequence[str]) -> list[ColumnElement[bool]]:
    return [narrowing.holds_folded(ProductWords.words, word) for word in words]


def _views(connection: Connection, statement: Select[Any]) -> list[ProductView]:
    rows = connection.execute(statement).all()
    ids = [row.id for row in rows]
    if not ids:
        return []
    variants = _variants(connection, ids)
    options = _options(connection, ids)
    images = _images(connection, ids)
    categories = _links(connection, ids, ProductCategory, Category, ProductCategory.category_id)
    tags = _links(connection, ids, ProductTagLink, ProductTag, ProductTagLink.tag_id)
    return [
        ProductView(
            id=row.id,
            type=row.type,
            name=row.name,
            slug=row.slug,
            sku=row.sku or "",
            status=row.status,
            visibility=row.visibility,
            is_featured=row.is_featured,
            short_description=row.short_description,
            description=row.description,
            seo_title=row.seo_title,
            seo_description=row.seo_description,
            low_stock=row.low_stock,
            price_minor=row.price_minor,
            highest_price_minor=max((v.price_minor for v in variants[row.id]), default=row.price_minor),
            compare_at_minor=row.compare_at_minor,
            stock=_sum([v.stock for v in variants[row.id]]),
            details=named_lists(row.details),
            options=options[row.id],
            variants=variants[row.id],
            images=images[row.id],
            categories=categories[row.id],
            tags=tags[row.id],
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row in rows
    ]


def _sum(stocks: Sequence[int | None]) -> int | None:
    """Return what is available of all variants together; None where some never run out."""
    return None if None in stocks else sum(stock for stock in stocks if stock is not None)


def _variants(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[VariantView]]:
    found: dict[UUID, list[VariantView]] = defaultdict(list)
    statement = select(Variant.__table__).where(Variant.product_id.in_(ids)).order_by(Variant.position)
    for row in connection.execute(statement):
        found[row.product_id].append(
            VariantView(
                id=row.id,
                sku=row.sku or "",
                barcode=row.barcode,
                title=title_of(row.option_values),
                option_values=dict(row.option_values),
                price_minor=row.price_minor,
                compare_at_minor=row.compare_at_minor,
                cost_minor=row.cost_minor,
                stock=row.stock if row.tracks_stock else None,
                weight_grams=row.weight_grams,
                length_mm=row.length_mm,
                width_mm=row.width_mm,
                height_mm=row.height_mm,
                image_id=row.image_id,
            )
        )
    return found


def _options(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[NamedList]]:
    found: dict[UUID, list[NamedList]] = defaultdict(list)
    statement = select(ProductOption.__table__).where(ProductOption.product_id.in_(ids))
    for row in connection.execute(statement.order_by(ProductOption.position)):
        found[row.product_id].append(NamedList(name=row.name, values=tuple(row.values)))
    return found


def _images(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[ImageView]]:
    statement = select(ProductImage.__table__).where(ProductImage.product_id.in_(ids)).order_by(ProductImage.position)
    rows = connection.execute(statement).all()
    urls = media.urls(connection, [row.media_id for row in rows if row.media_id])
    found: dict[UUID, list[ImageView]] = defaultdict(list)
    for row in rows:
        found[row.product_id].append(
            ImageView(
                row.id, row.media_id, row.alt, row.source, ImageState(row.state), row.problem, urls.get(row.media_id)
            )
        )
    return found


def _links(connection: Connection, ids: Sequence[UUID], link: Any, kind: Any, key: Any) -> dict[UUID, list[NamedLink]]:
    path = kind.path if kind is Category else kind.slug
    statement = (
        select(link.product_id, kind.id, kind.name, kind.slug, path.label("path"))
        .join(kind, kind.id == key)
        .where(link.product_id.in_(ids))
        .order_by(link.position)
    )
    found: dict[UUID, list[NamedLink]] = defaultdict(list)
    for row in connection.execute(statement):
        found[row.product_id].append(NamedLink(row.id, row.name, row.slug, row.path))
    return found
