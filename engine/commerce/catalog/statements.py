"""What the shop's pages ask the database: each statement made once, for making one takes longer than answering it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
)

from engine.commerce.catalog.models import (
    Product,
    ProductCategory,
    ProductImage,
    ProductOption,
    ProductStatus,
    ProductTag,
    ProductTagLink,
    Variant,
    Visibility,
)
from engine.commerce.catalog.stock import low_at
from engine.content.reviews import public as reviews
from engine.core.quick import Quick

SHOWN = and_(Product.status == ProductStatus.ACTIVE, Product.visibility.in_((Visibility.VISIBLE, Visibility.CATALOG)))
_BUYABLE = exists().where(Variant.product_id == Product.id, or_(~Variant.tracks_stock, Variant.stock > 0))
ORDERS: dict[str, tuple[Any, ...]] = {
    "featured": (Product.is_featured.desc(), Product.published_at.desc(), Product.id.desc()),
    "newest": (Product.published_at.desc(), Product.id.desc()),
    "price": (Product.price_minor, Product.id),
    "-price": (Product.price_minor.desc(), Product.id.desc()),
    "name": (func.lower(Product.name), Product.id),
}
SORTS = tuple(ORDERS)
MOST_TAGS = 12
_CATEGORY_IDS = bindparam("category_ids", expanding=True, type_=Uuid())
_LIMIT, _OFFSET = bindparam("limit", type_=Integer()), bindparam("offset", type_=Integer())


@dataclass(frozen=True, slots=True)
class ListStatements:
    """What a list asks. total: how many there are; tags: of the list before it was narrowed, with their counts."""

    total: Select[Any]
    tags: Select[Any]
    rows: Quick


@lru_cache(maxsize=512)
def list_statements(
    has_categories: bool,
    has_min: bool,
    has_max: bool,
    is_available: bool,
    is_reduced: bool,
    bands: tuple[str, ...],
    tag_count: int,
    sort: str,
) -> ListStatements:
    """Return the statements of a list, made once for each shape: making them took longer than running them."""
    within = [SHOWN, *([_in_categories(_CATEGORY_IDS)] if has_categories else [])]
    narrowed: list[ColumnElement[bool]] = [_bears(number) for number in range(tag_count)]
    narrowed += [Product.price_minor >= bindparam("min_price")] if has_min else []
    narrowed += [Product.price_minor <= bindparam("max_price")] if has_max else []
    narrowed += [_BUYABLE] if is_available else []
    narrowed += [Product.compare_at_minor > Product.price_minor] if is_reduced else []
    narrowed += [or_(*(_in_band(band) for band in bands))] if bands else []
    total = select(func.count()).select_from(Product).where(*within, *narrowed)
    most = (
        select(ProductTagLink.tag_id, func.count().label("count"))
        .join(Product, Product.id == ProductTagLink.product_id)
        .where(*within)
        .group_by(ProductTagLink.tag_id)
        .order_by(func.count().desc(), ProductTagLink.tag_id)
        .limit(MOST_TAGS)
        .subquery()
    )
    tags = (
        select(ProductTag.slug, ProductTag.name, most.c.count)
        .join(most, most.c.tag_id == ProductTag.id)
        .order_by(most.c.count.desc(), ProductTag.name)
    )
    return ListStatements(total, tags, _cards_of([*within, *narrowed], ORDERS[sort]))


def _cards() -> Select[Any]:
    highest = select(func.max(Variant.price_minor)).where(Variant.product_id == Product.id).scalar_subquery()
    cards: Select[Any] = select(
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
        *reviews.stars_columns("product", Product.id),
    )
    return cards


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


def _cards_of(conditions: Sequence[ColumnElement[bool]], order: tuple[Any, ...]) -> Quick:
    """Return the cards from `offset` on, `limit` of them: only those that are shown are looked at closely."""
    ids = select(Product.id).where(*conditions).order_by(*order).limit(_LIMIT).offset(_OFFSET)
    return Quick(_cards().where(Product.id.in_(ids)).order_by(*order))


def _in_categories(ids: Any) -> ColumnElement[bool]:
    return Product.id.in_(select(ProductCategory.product_id).where(ProductCategory.category_id.in_(ids)))


def _in_band(band: str) -> ColumnElement[bool]:
    low, _dash, high = band.partition("-")
    above = Product.price_minor >= int(low)
    return and_(above, Product.price_minor < int(high)) if high else above


def _bears(number: int) -> ColumnElement[bool]:
    bearing = select(ProductTagLink.product_id).join(ProductTag, ProductTag.id == ProductTagLink.tag_id)
    return Product.id.in_(bearing.where(ProductTag.slug == bindparam(f"tag_{number}")))


def _related_rows() -> Quick:
    of_this = (
        select(ProductCategory.category_id)
        .join(Product, Product.id == ProductCategory.product_id)
        .where(Product.slug == bindparam("slug"))
    )
    beside = select(ProductCategory.product_id).where(ProductCategory.category_id.in_(of_this))
    conditions = [SHOWN, Product.id.in_(beside), Product.slug != bindparam("slug")]
    return _cards_of(conditions, (_BUYABLE.desc(), *ORDERS["featured"]))


def _detail_rows() -> Quick:
    """Return a product's row, once for each of its options."""
    categories = (
        select(func.aggregate_strings(cast(ProductCategory.category_id, String), ","))
        .where(ProductCategory.product_id == Product.id)
        .scalar_subquery()
    )
    return Quick(
        select(
            Product.id,
            Product.type,
            Product.name,
            Product.slug,
            Product.sku,
            Product.short_description,
            Product.description,
            Product.seo_title,
            Product.seo_description,
            Product.details,
            Product.visibility,
            categories.label("category_ids"),
            low_at().label("low_at"),
            ProductOption.name.label("option_name"),
            ProductOption.values.label("option_values"),
            reviews.rating_column("product", Product.id),
        )
        .outerjoin(ProductOption, ProductOption.product_id == Product.id)
        .where(Product.slug == bindparam("slug"), Product.status == ProductStatus.ACTIVE)
        .order_by(ProductOption.position)
    )


# Made once: with SQLAlchemy, making a statement takes longer than SQLite takes to answer it.
FRONT = _cards_of([SHOWN], ORDERS["featured"])
BY_ID = Quick(_cards().where(Product.id.in_(bindparam("ids", expanding=True)), Product.status == ProductStatus.ACTIVE))
RELATED = _related_rows()
DETAIL = _detail_rows()
VARIANTS = Quick(
    select(
        Variant.id,
        Variant.sku,
        Variant.barcode,
        Variant.option_values,
        Variant.price_minor,
        Variant.compare_at_minor,
        Variant.stock,
        Variant.tracks_stock,
        Variant.weight_grams,
        Variant.length_mm,
        Variant.width_mm,
        Variant.height_mm,
        Variant.image_id,
    )
    .where(Variant.product_id == bindparam("product_id"))
    .order_by(Variant.position)
)
PICTURES = Quick(
    select(ProductImage.id, ProductImage.alt, ProductImage.media_id)
    .where(ProductImage.product_id == bindparam("product_id"), ProductImage.media_id.is_not(None))
    .order_by(ProductImage.position)
)
COVER = (
    select(_first_picture().label("media_id"))
    .where(SHOWN, _in_categories(_CATEGORY_IDS), Product.id.in_(_with_picture()))
    .order_by(Product.is_featured, Product.published_at, Product.id)  # not one that the front page shows anyway
    .limit(1)
)
