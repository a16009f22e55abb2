"""What a product should be: complete, frozen, before it is written. Forms, the API and imports all make these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from engine.commerce.catalog.models import Product, ProductStatus, ProductType, Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedList:
    """A name with values: an option to choose by, or a detail to read."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageDraft:
    """A picture: in the media library already, or named by where it is to be fetched from."""

    id: UUID | None = None
    media_id: UUID | None = None
    source: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantDraft:
    """One thing to buy. id: the variant it is already. stock None: not counted. image: the place of the product's.

    cost_minor: what the shop pays for it.
    """

    id: UUID | None = None
    sku: str = ""
    barcode: str = ""
    option_values: Mapping[str, str] = field(default_factory=dict)
    price_minor: int = 0
    compare_at_minor: int | None = None
    cost_minor: int | None = None
    stock: int | None = None
    weight_grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    image: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDraft:
    """The whole of a product. slug "": made from the name. variants: at least one. low_stock None: as the shop says."""

    name: str
    type: ProductType = ProductType.PHYSICAL
    slug: str = ""
    sku: str = ""
    status: ProductStatus = ProductStatus.DRAFT
    visibility: Visibility = Visibility.VISIBLE
    is_featured: bool = False
    short_description: str = ""
    description: str = ""
    seo_title: str = ""
    seo_description: str = ""
    low_stock: int | None = None
    options: Sequence[NamedList] = ()
    details: Sequence[NamedList] = ()
    variants: Sequence[VariantDraft] = (VariantDraft(),)
    images: Sequence[ImageDraft] = ()
    category_ids: Sequence[UUID] = ()
    tag_ids: Sequence[UUID] = ()


def draft_of(product: Product) -> ProductDraft:
    """Return a product as it is, to be changed in parts. Its variants and their like must be loaded."""
    places = {image.id: place for place, image in enumerate(product.images)}
    return ProductDraft(
        name=product.name,
        type=product.type,
        slug=product.slug,
        sku=product.sku or "",
        status=product.status,
        visibility=product.visibility,
        is_featured=product.is_featured,
        short_description=product.short_description,
        description=product.description,
        seo_title=product.seo_title,
        seo_description=product.seo_description,
        low_stock=product.low_stock,
        options=tuple(NamedList(name=o.name, values=tuple(o.values)) for o in product.options),
        details=named_lists(product.details),
        variants=tuple(
            VariantDraft(
                id=variant.id,
                sku=variant.sku or "",
                barcode=variant.barcode,
                option_values=dict(variant.option_values),
                price_minor=variant.price_minor,
                compare_at_minor=variant.compare_at_minor,
                cost_minor=variant.cost_minor,
                stock=variant.available,
                weight_grams=variant.weight_grams,
                length_mm=variant.length_mm,
                width_mm=variant.width_mm,
                height_mm=variant.height_mm,
                image=places.get(variant.image_id) if variant.image_id else None,
            )
            for variant in product.variants
        ),
        images=tuple(
            ImageDraft(id=image.id, media_id=image.media_id, source=image.source, alt=image.alt)
            for image in product.images
        ),
        category_ids=tuple(link.category_id for link in product.category_links),
        tag_ids=tuple(link.tag_id for link in product.tag_links),
    )


def named_lists(stored: Sequence[Mapping[str, Any]]) -> tuple[NamedList, ...]:
    """Return what `details` holds in the table."""
    return tuple(NamedList(name=item["name"], values=tuple(item["values"])) for item in stored)
