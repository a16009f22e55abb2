"""`/products`: everybody sees active ones, staff all; store managers write."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path, Query, Response
from sqlalchemy import Connection

from engine.api.apiwords import also
from engine.api.catalog_wire import ProductCreate, ProductPage, ProductUpdate, ProductWire
from engine.api.records import routes as records
from engine.api.request import Caller, CurrentSite, House, WriteTx, allow, public
from engine.api.routing import APIRouter
from engine.api.wire import Paging
from engine.commerce.catalog import products, queries
from engine.commerce.catalog.models import ProductStatus, Visibility
from engine.commerce.catalog.product_list import PRODUCTS
from engine.commerce.catalog.queries import ProductFilter
from engine.commerce.catalog.views import ProductView
from engine.content import public as content
from engine.core import access
from engine.core.access import Permission
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.records import writing
from engine.core.transaction import Tx

router = APIRouter(prefix="/products", tags=["products"])
Sort = Literal["name", "-name", "price", "-price", "createdAt", "-createdAt"]
Words = Annotated[str, Query(max_length=200)]
Key = Annotated[str, Path(description="Its id or its slug")]
Price = Annotated[int | None, Query(ge=0, le=10**12)]


@router.get("", dependencies=[public], responses=also(403))
async def list_products(
    house: House,
    actor: Caller,
    site: CurrentSite,
    paging: Paging,
    search: Words = "",
    category: Words = "",
    tag: Words = "",
    status: ProductStatus | None = None,
    min_price: Annotated[Price, Query(alias="minPrice")] = None,
    max_price: Annotated[Price, Query(alias="maxPrice")] = None,
    sort: Sort = "-createdAt",
) -> ProductPage:
    """List products. category and tag: an id or slug; prices in minor units."""
    sees_all = access.allows(actor, Permission.VIEW_PRODUCTS)
    if status not in (None, ProductStatus.ACTIVE):
        access.require(actor, Permission.VIEW_PRODUCTS)
    wanted = ProductFilter(
        search=search,
        category=category,
        tag=tag,
        status=status if sees_all else ProductStatus.ACTIVE,
        min_price=min_price,
        max_price=max_price,
        shown_in=None if sees_all else (Visibility.SEARCH if search.strip() else Visibility.CATALOG),
        sort=sort,
    )
    page = await house.db.query(queries.products, wanted, paging)
    currency = site.general.currency
    return ProductPage(
        items=[ProductWire.of(view, currency, is_for_staff=sees_all) for view in page.items],
        total=page.total,
        page=page.page,
        limit=page.limit,
    )


@router.get("/bin", dependencies=[allow(Permission.MANAGE_PRODUCTS)], include_in_schema=False)
async def list_bin(house: House, actor: Caller, paging: Paging) -> Response:
    """Return what was deleted in the last 30 days, as every list does: the address of one product would win else."""
    return await records.list_bin(PRODUCTS, house, actor, paging)


@router.get("/{key}", dependencies=[public])
async def read_product(key: Key, house: House, actor: Caller, site: CurrentSite) -> ProductWire:
    """Return a product by id or slug; an address that it had before finds it too."""
    sees_all = access.allows(actor, Permission.VIEW_PRODUCTS)
    view = await house.db.query(_find, key, include_unpublished=sees_all)
    if view is None:
        raise NotFound(_("There is no product “{key}”."), key=key[:100])
    return ProductWire.of(view, site.general.currency, is_for_staff=sees_all)


@router.post("", status_code=201, dependencies=[allow(Permission.MANAGE_PRODUCTS)])
async def create_product(sent: ProductCreate, actor: Caller, site: CurrentSite, tx: WriteTx) -> ProductWire:
    """Add a product."""
    draft, changes = sent.draft(site.general.currency)
    product = await products.create(tx, actor, products.changed(draft, changes))
    return await _written(tx, product.id, site.general.currency)


@router.patch("/{product_id}", dependencies=[allow(Permission.MANAGE_PRODUCTS)])
async def update_product(
    product_id: UUID, sent: ProductUpdate, actor: Caller, site: CurrentSite, tx: WriteTx
) -> ProductWire:
    """Change the fields that are sent. A changed slug leaves a redirect."""
    await products.update(tx, actor, product_id, sent.changes(site.general.currency))
    return await _written(tx, product_id, site.general.currency)


@router.delete("/{product_id}", status_code=204, dependencies=[allow(Permission.MANAGE_PRODUCTS)])
async def delete_product(product_id: UUID, actor: Caller, tx: WriteTx) -> Response:
    """Put a product into the bin for 30 days; orders keep what they say of it."""
    await writing.delete(tx, actor, PRODUCTS, product_id)
    return Response(status_code=204)


def _find(connection: Connection, key: str, *, include_unpublished: bool) -> ProductView | None:
    found = queries.product(connection, key, include_unpublished=include_unpublished)
    if found is not None:
        return found
    moved = content.redirect_for(connection, products.address(key))
    if moved is None or not moved.target_url.startswith(products.address("")):
        return None
    slug = moved.target_url.removeprefix(products.address(""))
    return queries.product(connection, slug, include_unpublished=include_unpublished)


async def _written(tx: Tx, product_id: UUID, currency: str) -> ProductWire:
    """Return the product as the transaction leaves it."""
    await tx.flush()
    connection = await tx.session.connection()
    view = await connection.run_sync(lambda c: queries.product(c, product_id, include_unpublished=True))
    assert view is not None  # noqa: S101 - it was just written
    return ProductWire.of(view, currency, is_for_staff=True)
