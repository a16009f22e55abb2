"""What happened in the catalogue. Names are the guide's where it has one."""

from dataclasses import dataclass
from uuid import UUID

from engine.core.facts import Fact


@dataclass(frozen=True)
class ProductCreated(Fact, name="product.created"):
    """A product came into the catalogue."""

    product_id: UUID


@dataclass(frozen=True)
class ProductUpdated(Fact, name="product.updated"):
    """Something about a product that people see has changed."""

    product_id: UUID


@dataclass(frozen=True)
class ProductDeleted(Fact, name="product.deleted"):
    """A product is gone, with its address."""

    product_id: UUID
    slug: str


@dataclass(frozen=True)
class InventoryUpdated(Fact, name="inventory.updated"):
    """A variant's stock changed; None: it is no longer counted."""

    product_id: UUID
    variant_id: UUID
    stock: int | None


@dataclass(frozen=True)
class InventoryLow(Fact, name="inventory.low"):
    """A variant's stock fell to the level at which somebody should order more."""

    product_id: UUID
    variant_id: UUID
    stock: int


@dataclass(frozen=True)
class CategoryChanged(Fact, name="category.changed"):
    """A category was made, changed or deleted: the tree is another."""

    category_id: UUID
