"""Where the catalogue uses files of the media library."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import Connection, Select, select

from engine.commerce.catalog.models import Product, ProductImage
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


PRODUCT_PICTURES = MediaUse(_ids, _places)
