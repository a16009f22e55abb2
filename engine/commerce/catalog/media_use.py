"""Where the catalogue uses files of the media library."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import Connection, Select, select

from engine.commerce.catalog.models import Category, Product, ProductImage
from engine.core.domain import MediaPlace, MediaUse
from engine.core.i18n import _


def _ids() -> Select[tuple[UUID | None]]:
    return select(ProductImage.media_id)


def _places(connection: Connection, ids: Sequence[UUID]) -> Iterator[MediaPlace]:
    statement = (
        select(ProductImage.media_id, Product.id, Product.name)
        .join(Product, Product.id == ProductImage.product_id)
        .where(ProductImage.media_id.in_(ids))
        .order_by(Product.name, Product.id)
        .distinct()
    )
    for media_id, product_id, name in connection.execute(statement):
        if media_id is not None:
            yield MediaPlace(media_id, _("Product"), name, f"/admin/products/{product_id}")


def _category_ids() -> Select[tuple[UUID | None]]:
    return select(Category.image_id)


def _category_places(connection: Connection, ids: Sequence[UUID]) -> Iterator[MediaPlace]:
    statement = select(Category.image_id, Category.id, Category.name).where(Category.image_id.in_(ids))
    for media_id, category_id, name in connection.execute(statement.order_by(Category.path)):
        if media_id is not None:
            yield MediaPlace(media_id, _("Category"), name, f"/admin/categories/{category_id}")


PRODUCT_PICTURES = MediaUse(_ids, _places)
CATEGORY_PICTURES = MediaUse(_category_ids, _category_places)
