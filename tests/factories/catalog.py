"""Products, categories and tags, made through their verbs."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine.commerce.catalog import categories, products, queries
from engine.commerce.catalog.drafts import NamedList, ProductDraft, VariantDraft
from engine.commerce.catalog.models import ProductStatus
from engine.commerce.catalog.resources import PRODUCT_TAGS
from engine.commerce.catalog.views import ProductView
from engine.core.actor import Actor, Role
from engine.core.database import Database
from engine.core.ids import new_id
from engine.core.records import writing

MANAGER = Actor.person(new_id(), Role.STORE_MANAGER, "mia@shop.example", "Mia")


class CatalogShelf:
    """A database's catalogue, filled by a store manager."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def product(
        self, name: str = "Blue mug", price: str = "20.00", stock: int | None = 7, **fields: Any
    ) -> ProductView:
        """Add an active product with one variant."""
        variant = VariantDraft(price_minor=minor(price), stock=stock)
        return await self.add(
            ProductDraft(name=name, **{"status": ProductStatus.ACTIVE, "variants": (variant,), **fields})
        )

    async def with_sizes(
        self, name: str = "Tee", sizes: Mapping[str, int | None] | None = None, price: str = "20.00"
    ) -> ProductView:
        """Add an active product with a variant a size. sizes: size -> stock."""
        sizes = sizes or {"S": 3, "M": 0}
        variants = tuple(
            VariantDraft(sku=f"{name}-{size}", option_values={"Size": size}, price_minor=minor(price), stock=stock)
            for size, stock in sizes.items()
        )
        options = (NamedList(name="Size", values=tuple(sizes)),)
        return await self.add(ProductDraft(name=name, status=ProductStatus.ACTIVE, options=options, variants=variants))

    async def add(self, draft: ProductDraft) -> ProductView:
        async with self.db.write() as tx:
            made = await products.create(tx, MANAGER, draft)
        return await self.see(made.id)

    async def change(self, product_id: UUID, **changes: Any) -> ProductView:
        async with self.db.write() as tx:
            await products.update(tx, MANAGER, product_id, changes)
        return await self.see(product_id)

    async def see(self, product_id: UUID) -> ProductView:
        view = await self.db.query(queries.product, product_id, include_unpublished=True)
        assert view is not None
        return view

    async def category(self, name: str, parent_id: UUID | None = None) -> UUID:
        async with self.db.write() as tx:
            return (await categories.create(tx, MANAGER, name=name, parent_id=parent_id)).id

    async def tag(self, name: str) -> UUID:
        async with self.db.write() as tx:
            return (await writing.create(tx, MANAGER, PRODUCT_TAGS, {"name": name})).id


def minor(price: str) -> int:
    """Return a price of a currency with cents in minor units."""
    return int(Decimal(price) * 100)
