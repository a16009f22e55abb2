"""What links can lead to in the catalogue: products, categories, and the places that every shop has."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from engine.commerce.catalog.facts import CategoryChanged, ProductCreated, ProductDeleted, ProductUpdated
from engine.commerce.catalog.models import Category, Product, ProductStatus, ProductWords
from engine.core import narrowing
from engine.core.i18n import Message, _
from engine.core.linking import LinkKind, LinkPlace, fixed_places, reference_to

_STATES: Mapping[ProductStatus, Message] = {
    ProductStatus.DRAFT: _("Draft"),
    ProductStatus.ARCHIVED: _("Archived"),
}
PRODUCT, CATEGORY = "product", "category"


def _products() -> Select[UUID, str, str, ProductStatus]:
    return select(Product.id, Product.name, Product.slug, Product.status)


def _product(row: Any) -> LinkPlace:
    is_public = row.status == ProductStatus.ACTIVE
    return LinkPlace(
        reference_to(PRODUCT, row.id), row.name, f"/products/{row.slug}", is_public, _STATES.get(row.status, "")
    )


def _find_products(connection: Connection, words: str, limit: int) -> Sequence[LinkPlace]:
    statement = _products().where(Product.status != ProductStatus.ARCHIVED)
    if words:
        folded = func.lower(Product.name)
        held = select(ProductWords.product_id).where(narrowing.holds_folded(ProductWords.words, words))
        statement = statement.where(Product.id.in_(held)).order_by(
            folded.startswith(words.lower(), autoescape=True).desc(), folded
        )
    else:
        statement = statement.order_by(Product.created_at.desc())
    return [_product(row) for row in connection.execute(statement.limit(limit))]


def _products_by_id(connection: Connection, ids: Sequence[UUID]) -> Mapping[UUID, LinkPlace]:
    return {row.id: _product(row) for row in connection.execute(_products().where(Product.id.in_(ids)))}


def _product_at(connection: Connection, path: str) -> LinkPlace | None:
    slug = path.removeprefix("/products/")
    if slug == path or "/" in slug:
        return None
    row = connection.execute(_products().where(Product.slug == slug)).first()
    return _product(row) if row else None


def _categories() -> Select[UUID, str, str]:
    return select(Category.id, Category.name, Category.path)


def _category(row: Any) -> LinkPlace:
    above = row.path.rpartition("/")[0].replace("/", " / ")
    return LinkPlace(reference_to(CATEGORY, row.id), row.name, f"/categories/{row.path}", note=above)


def _find_categories(connection: Connection, words: str, limit: int) -> Sequence[LinkPlace]:
    statement = _categories()
    if words:
        statement = statement.where(func.lower(Category.name).contains(words.lower(), autoescape=True))
    rows = connection.execute(statement.order_by(Category.path).limit(limit))
    return [_category(row) for row in rows]


def _categories_by_id(connection: Connection, ids: Sequence[UUID]) -> Mapping[UUID, LinkPlace]:
    return {row.id: _category(row) for row in connection.execute(_categories().where(Category.id.in_(ids)))}


def _category_at(connection: Connection, path: str) -> LinkPlace | None:
    row = connection.execute(_categories().where(Category.path == path.removeprefix("/categories/"))).first()
    return _category(row) if row and path.startswith("/categories/") else None


LINK_TARGETS = (
    fixed_places(
        "shop",
        _("Shop"),
        "store",
        (
            (_("All products"), "/products"),
            (_("Search"), "/search"),
            (_("Cart"), "/cart"),
            (_("My account"), "/account"),
            (_("My orders"), "/account/orders"),
        ),
    ),
    LinkKind(
        CATEGORY,
        _("Category"),
        _("Categories"),
        "folder",
        _find_categories,
        _categories_by_id,
        _category_at,
        (CategoryChanged,),
    ),
    LinkKind(
        PRODUCT,
        _("Product"),
        _("Products"),
        "package",
        _find_products,
        _products_by_id,
        _product_at,
        (ProductCreated, ProductUpdated, ProductDeleted),
    ),
)
