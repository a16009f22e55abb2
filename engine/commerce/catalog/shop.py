"""What the shop's pages read: no page more than four queries, whatever it shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, String, and_, case, cast, exists, func, or_, select

from engine.commerce.catalog.drafts import NamedList, named_lists
from engine.commerce.catalog.models import (
    Product,
    ProductCategory,
    ProductImage,
    ProductOption,
    ProductStatus,
    ProductTag,
    ProductTagLink,
    ProductType,
    Variant,
    Visibility,
    title_of,
)
from engine.commerce.catalog.views import VariantView
from engine.core.ids import parse_id
from engine.core.paging import Page, PageRequest
from engine.media import public as media
from engine.media.public import MediaUrls

SHOWN = and_(Product.status == ProductStatus.ACTIVE, Product.visibility.in_((Visibility.VISIBLE, Visibility.CATALOG)))
_BUYABLE = exists().where(Variant.product_id == Product.id, or_(~Variant.tracks_stock, Variant.stock > 0))
_ORDERS: dict[str, tuple[Any, ...]] = {
    "featured": (Product.is_featured.desc(), Product.published_at.desc(), Product.id.desc()),
    "newest": (Product.published_at.desc(), Product.id.desc()),
    "price": (Product.price_minor, Product.id),
    "-price": (Product.price_minor.desc(), Product.id.desc()),
    "name": (func.lower(Product.name), Product.id),
}
SORTS = tuple(_ORDERS)
MOST_TAGS = 12


@dataclass(frozen=True, slots=True)
class Card:
    """A product beside others. highest_price_minor: of its variants, so that a page can say “from”."""

    id: UUID
    name: str
    slug: str
    price_minor: int
    highest_price_minor: int
    compare_at_minor: int | None
    is_available: bool
    is_featured: bool
    published_at: datetime | None
    image: MediaUrls | None

    @property
    def url(self) -> str:
        return f"/products/{self.slug}"

    @property
    def has_range(self) -> bool:
        return self.highest_price_minor > self.price_minor

    @property
    def is_reduced(self) -> bool:
        return self.compare_at_minor is not None and self.compare_at_minor > self.price_minor


@dataclass(frozen=True, slots=True)
class Choice:
    """What a shopper asked a list for. category_ids: None means all; tags: slugs, each of which must be borne.

    bands: of prices ("500-1000", minor units, the upper end not in it), of which one must fit. options: name -> values
    of which one must be made; the search index knows them, `listing` does not ask for them.
    """

    category_ids: Sequence[UUID] | None = None
    tags: tuple[str, ...] = ()
    min_price: int | None = None
    max_price: int | None = None
    is_available: bool = False
    is_reduced: bool = False
    bands: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "featured"


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag, and how many products of the list bear it."""

    slug: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, and what it can be narrowed by: prices in minor units and tags, before any narrowing."""

    page: Page[Card]
    lowest_minor: int
    highest_minor: int
    tags: Sequence[TagCount]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a product."""

    id: UUID
    alt: str
    urls: MediaUrls


@dataclass(frozen=True, slots=True)
class Detail:
    """A product on its own page."""

    id: UUID
    type: ProductType
    name: str
    slug: str
    sku: str
    short_description: str
    description: str
    details: Sequence[NamedList]
    options: Sequence[NamedList]
    variants: Sequence[VariantView]
    images: Sequence[Picture]
    category_ids: Sequence[UUID]
    is_indexed: bool

    @property
    def url(self) -> str:
        return f"/products/{self.slug}"


def listing(connection: Connection, choice: Choice, request: PageRequest) -> Listing:
    """Return one page of what is shown, by what was chosen: four queries."""
    within = [SHOWN, *_in_categories(choice.category_ids)]
    narrowed = _narrowed(choice)
    counted = func.coalesce(func.sum(case((and_(True, *narrowed), 1), else_=0)), 0)
    total, lowest, highest = connection.execute(
        select(counted, func.min(Product.price_minor), func.max(Product.price_minor)).where(*within)
    ).one()
    tags = connection.execute(
        select(ProductTag.slug, ProductTag.name, func.count())
        .join(ProductTagLink, ProductTagLink.tag_id == ProductTag.id)
        .join(Product, Product.id == ProductTagLink.product_id)
        .where(*within)
        .group_by(ProductTag.id, ProductTag.slug, ProductTag.name)
        .order_by(func.count().desc(), ProductTag.name)
        .limit(MOST_TAGS)
    )
    rows = (
        _cards()
        .where(*within, *narrowed)
        .order_by(*_ORDERS.get(choice.sort, _ORDERS["featured"]))
        .limit(request.limit)
        .offset(request.offset)
    )
    page = Page.of(_shown(connection, rows), total, request)
    return Listing(page, lowest or 0, highest or 0, [TagCount(*row) for row in tags])


def front(connection: Connection, limit: int) -> list[Card]:
    """Return what the front page shows: featured products first, then the newest."""
    return _shown(connection, _cards().where(SHOWN).order_by(*_ORDERS["featured"]).limit(limit))


def cards(connection: Connection, ids: Sequence[UUID]) -> list[Card]:
    """Return these products, in this order, without those that are not sold."""
    rows = _cards().where(Product.id.in_(ids), Product.status == ProductStatus.ACTIVE)
    known = {card.id: card for card in _shown(connection, rows)} if ids else {}
    return [known[id_] for id_ in ids if id_ in known]


def related(connection: Connection, slug: str, limit: int = 4) -> list[Card]:
    """Return others of the same categories, those that can be had first."""
    of_this = (
        select(ProductCategory.category_id)
        .join(Product, Product.id == ProductCategory.product_id)
        .where(Product.slug == slug)
    )
    beside = select(ProductCategory.product_id).where(ProductCategory.category_id.in_(of_this))
    rows = (
        _cards()
        .where(SHOWN, Product.id.in_(beside), Product.slug != slug)
        .order_by(_BUYABLE.desc(), *_ORDERS["featured"])
        .limit(limit)
    )
    return _shown(connection, rows)


def detail(connection: Connection, slug: str) -> Detail | None:
    """Return an active product by the last part of its address, or None: four queries."""
    categories = (
        select(func.aggregate_strings(cast(ProductCategory.category_id, String), ","))
        .where(ProductCategory.product_id == Product.id)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            Product.__table__,
            categories.label("category_ids"),
            ProductOption.name.label("option_name"),
            ProductOption.values.label("option_values"),
        )
        .outerjoin(ProductOption, ProductOption.product_id == Product.id)
        .where(Product.slug == slug, Product.status == ProductStatus.ACTIVE)
        .order_by(ProductOption.position)
    ).all()
    if not rows:
        return None
    row = rows[0]
    ids = [parse_id(text) for text in (row.category_ids or "").split(",")]
    return Detail(
        id=row.id,
        type=ProductType(row.type),
        name=row.name,
        slug=row.slug,
        sku=row.sku or "",
        short_description=row.short_description,
        description=row.description,
        details=named_lists(row.details),
        options=[NamedList(name=r.option_name, values=tuple(r.option_values)) for r in rows if r.option_name],
        variants=_variants(connection, row.id),
        images=_pictures(connection, row.id),
        category_ids=[id_ for id_ in ids if id_ is not None],
        is_indexed=row.visibility != Visibility.HIDDEN,
    )


def cover(connection: Connection, category_ids: Sequence[UUID]) -> MediaUrls | None:
    """Return a picture that stands for these categories: of a product that has one."""
    pictured = (
        select(_first_picture().label("media_id"))
        .where(SHOWN, *_in_categories(category_ids), Product.id.in_(_with_picture()))
        .order_by(Product.is_featured, Product.published_at, Product.id)  # not one that the front page shows anyway
        .limit(1)
    )
    media_id = connection.execute(pictured).scalar()
    return media.urls(connection, [media_id]).get(media_id) if media_id else None


def _cards() -> Select[Any]:
    highest = select(func.max(Variant.price_minor)).where(Variant.product_id == Product.id).scalar_subquery()
    return select(
        Product.id,
        Product.name,
        Product.slug,
        Product.price_minor,
        Product.compare_at_minor,
        Product.is_featured,
        Product.published_at,
        highest.label("highest"),
        _BUYABLE.label("is_available"),
        _first_picture().label("media_id"),
    )


def _first_picture() -> Any:
    return (
        select(ProductImage.media_id)
        .where(ProductImage.product_id == Product.id, ProductImage.media_id.is_not(None))
        .order_by(ProductImage.position)
        .limit(1)
        .scalar_subquery()
    )


def _with_picture() -> Select[Any]:
    return select(ProductImage.product_id).where(ProductImage.media_id.is_not(None))


def _shown(connection: Connection, statement: Select[Any]) -> list[Card]:
    rows = connection.execute(statement).all()
    urls = media.urls(connection, [row.media_id for row in rows if row.media_id])
    return [
        Card(
            id=row.id,
            name=row.name,
            slug=row.slug,
            price_minor=row.price_minor,
            highest_price_minor=row.highest or row.price_minor,
            compare_at_minor=row.compare_at_minor,
            is_available=bool(row.is_available),
            is_featured=row.is_featured,
            published_at=row.published_at,
            image=urls.get(row.media_id),
        )
        for row in rows
    ]


def _in_categories(ids: Sequence[UUID] | None) -> list[ColumnElement[bool]]:
    if ids is None:
        return []
    return [Product.id.in_(select(ProductCategory.product_id).where(ProductCategory.category_id.in_(ids)))]


def _narrowed(choice: Choice) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if choice.min_price is not None:
        conditions.append(Product.price_minor >= choice.min_price)
    if choice.max_price is not None:
        conditions.append(Product.price_minor <= choice.max_price)
    if choice.is_available:
        conditions.append(_BUYABLE)
    if choice.is_reduced:
        conditions.append(Product.compare_at_minor > Product.price_minor)
    if choice.bands:
        conditions.append(or_(*(_in_band(band) for band in choice.bands)))
    for slug in choice.tags:
        bearing = select(ProductTagLink.product_id).join(ProductTag, ProductTag.id == ProductTagLink.tag_id)
        conditions.append(Product.id.in_(bearing.where(ProductTag.slug == slug)))
    return conditions


def _in_band(band: str) -> ColumnElement[bool]:
    low, _dash, high = band.partition("-")
    above = Product.price_minor >= int(low)
    return and_(above, Product.price_minor < int(high)) if high else above


def _variants(connection: Connection, product_id: UUID) -> list[VariantView]:
    rows = connection.execute(
        select(Variant.__table__).where(Variant.product_id == product_id).order_by(Variant.position)
    )
    return [
        VariantView(
            id=row.id,
            sku=row.sku or "",
            barcode=row.barcode,
            title=title_of(row.option_values),
            option_values=dict(row.option_values),
            price_minor=row.price_minor,
            compare_at_minor=row.compare_at_minor,
            stock=row.stock if row.tracks_stock else None,
            weight_grams=row.weight_grams,
            image_id=row.image_id,
        )
        for row in rows
    ]


def _pictures(connection: Connection, product_id: UUID) -> list[Picture]:
    rows = connection.execute(
        select(ProductImage.id, ProductImage.alt, ProductImage.media_id)
        .where(ProductImage.product_id == product_id, ProductImage.media_id.is_not(None))
        .order_by(ProductImage.position)
    ).all()
    urls = media.urls(connection, [row.media_id for row in rows])
    return [
        Picture(row.id, row.alt or urls[row.media_id].alt, urls[row.media_id]) for row in rows if row.media_id in urls
    ]
