"""What pages and the wire show of the catalogue: frozen, complete, without a way back to the tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.commerce.catalog.drafts import NamedList
from engine.commerce.catalog.models import ImageState, MovementReason, ProductStatus, ProductType, Visibility
from engine.media.public import MediaUrls


@dataclass(frozen=True, slots=True)
class ImageView:
    """A picture of a product. urls None: it is still to come, or could not be fetched (`problem` says why)."""

    id: UUID
    media_id: UUID | None
    alt: str
    source: str
    state: ImageState
    problem: str
    urls: MediaUrls | None


@dataclass(frozen=True, slots=True)
class VariantView:
    """A thing to buy. stock None: not counted. cost_minor: for staff alone; what shoppers see has None."""

    id: UUID
    sku: str
    barcode: str
    title: str
    option_values: dict[str, str]
    price_minor: int
    compare_at_minor: int | None
    cost_minor: int | None
    stock: int | None
    weight_grams: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    image_id: UUID | None

    @property
    def is_available(self) -> bool:
        return self.stock is None or self.stock > 0


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A category or tag that a product bears. path: a category's address, a tag's slug."""

    id: UUID
    name: str
    slug: str
    path: str


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product with everything that is shown of it. highest_price_minor: of its variants."""

    id: UUID
    type: ProductType
    name: str
    slug: str
    sku: str
    status: ProductStatus
    visibility: Visibility
    is_featured: bool
    short_description: str
    description: str
    seo_title: str
    seo_description: str
    low_stock: int | None
    price_minor: int
    highest_price_minor: int
    compare_at_minor: int | None
    stock: int | None
    details: Sequence[NamedList]
    options: Sequence[NamedList]
    variants: Sequence[VariantView]
    images: Sequence[ImageView]
    categories: Sequence[NamedLink]
    tags: Sequence[NamedLink]
    created_at: datetime
    updated_at: datetime

    @property
    def url(self) -> str:
        return f"/products/{self.slug}"

    @property
    def is_available(self) -> bool:
        """Whether some variant can be bought now."""
        return self.status is ProductStatus.ACTIVE and any(variant.is_available for variant in self.variants)

    @property
    def main_image(self) -> MediaUrls | None:
        return next((image.urls for image in self.images if image.urls), None)


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category with those below it. product_count: of products that shoppers see, those below counted in."""

    id: UUID
    parent_id: UUID | None
    name: str
    slug: str
    path: str
    description: str
    position: int
    image: MediaUrls | None
    depth: int
    product_count: int
    children: Sequence["CategoryView"]

    @property
    def url(self) -> str:
        return f"/categories/{self.path}"


@dataclass(frozen=True, slots=True)
class TagView:
    """A tag, and how many products bear it."""

    id: UUID
    name: str
    slug: str
    product_count: int


@dataclass(frozen=True, slots=True)
class MovementView:
    """A line of a stock's history."""

    created_at: datetime
    variant_title: str
    change: int | None
    stock_after: int | None
    reason: MovementReason
    actor: str
    note: str
    reference_id: UUID | None


@dataclass(frozen=True, slots=True)
class LowStock:
    """A variant that is nearly gone."""

    product_id: UUID
    product_name: str
    variant_title: str
    stock: int
