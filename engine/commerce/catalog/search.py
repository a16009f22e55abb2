"""What of the catalogue can be found by words."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, select

from engine.commerce.catalog.facts import ProductCreated, ProductDeleted, ProductUpdated
from engine.commerce.catalog.models import Product, ProductStatus, Visibility
from engine.commerce.catalog.queries import products_by_id
from engine.commerce.catalog.views import ProductView
from engine.core.html import text_of
from engine.core.ports import SearchDocument
from engine.core.searching import Searchable

_SHOWN = (Visibility.VISIBLE, Visibility.SEARCH)
MAX_BODY = 5_000


def _document(view: ProductView) -> SearchDocument:
    skus = [view.sku, *(variant.sku for variant in view.variants), *(variant.barcode for variant in view.variants)]
    words = [*(link.name for link in (*view.categories, *view.tags)), *(v.title for v in view.variants)]
    words += [value for named in view.details for value in named.values]
    is_public = view.status is ProductStatus.ACTIVE and view.visibility in _SHOWN
    return SearchDocument(
        type="product",
        id=view.id,
        title=view.name,
        body=text_of(f"{view.short_description} {view.description}", MAX_BODY),
        url=view.url,
        keywords=" ".join(dict.fromkeys(filter(None, [*skus, *words]))),
        visibility="public" if is_public else "staff",
        facets={"status": (view.status,)},
    )


def _documents(connection: Connection, ids: Sequence[UUID]) -> list[SearchDocument]:
    return [_document(view) for view in products_by_id(connection, ids)]


def _all_ids(connection: Connection) -> list[UUID]:
    return list(connection.execute(select(Product.id)).scalars())


PRODUCTS = Searchable("product", (ProductCreated, ProductUpdated, ProductDeleted), _documents, _all_ids)
