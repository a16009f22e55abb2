"""New products as rows: inserted table by table, because an import makes thousands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from engine.commerce.catalog.drafts import ProductDraft, VariantDraft
from engine.commerce.catalog.kept import sums_of, words_of
from engine.commerce.catalog.models import (
    ImageState,
    Product,
    ProductCategory,
    ProductImage,
    ProductOption,
    ProductStatus,
    ProductTagLink,
    ProductWords,
    Variant,
)
from engine.core.ids import new_id
from engine.core.transaction import Tx


@dataclass(frozen=True, slots=True)
class Made:
    """A product that was written. stock: what each of its variants has; is_waiting: for pictures."""

    id: UUID
    stock: Sequence[tuple[UUID, int | None]]
    is_waiting: bool


class Rows:
    """The rows of new products, table by table."""

    def __init__(self, now: datetime) -> None:
        self._times = {"created_at": now, "updated_at": now}
        self._tables: dict[type[Any], list[dict[str, Any]]] = {
            kind: []
            for kind in (Product, ProductWords, ProductOption, ProductImage, Variant, ProductCategory, ProductTagLink)
        }

    def add(self, draft: ProductDraft, slug: str) -> Made:
        """Add the rows of a product."""
        own = new_id()
        cheapest = min(draft.variants, key=lambda variant: variant.price_minor)
        is_active = draft.status is ProductStatus.ACTIVE
        pieces, fewest = sums_of([variant.stock for variant in draft.variants])
        self._tables[Product].append(
            {
                "id": own,
                "type": draft.type,
                "name": draft.name,
                "slug": slug,
                "sku": draft.sku or None,
                "status": draft.status,
                "visibility": draft.visibility,
                "is_featured": draft.is_featured,
                "short_description": draft.short_description,
                "description": draft.description,
                "details": [{"name": detail.name, "values": list(detail.values)} for detail in draft.details],
                "price_minor": cheapest.price_minor,
                "compare_at_minor": cheapest.compare_at_minor,
                "low_stock": draft.low_stock,
                "seo_title": draft.seo_title,
                "seo_description": draft.seo_description,
                "published_at": self._times["created_at"] if is_active else None,
                "stock": pieces,
                "fewest": fewest,
                **self._times,
            }
        )
        words = words_of(draft.name, draft.sku, [variant.sku for variant in draft.variants])
        self._tables[ProductWords].append({"product_id": own, "words": words})
        for position, option in enumerate(draft.options):
            row = {"id": new_id(), "product_id": own, "name": option.name, "position": position}
            self._tables[ProductOption].append({**row, "values": list(option.values)})
        images = self._add_images(own, draft)
        stock = [
            (self._add_variant(own, position, variant, images), variant.stock)
            for position, variant in enumerate(draft.variants)
        ]
        for kind, name, ids in (
            (ProductCategory, "category_id", draft.category_ids),
            (ProductTagLink, "tag_id", draft.tag_ids),
        ):
            self._tables[kind] += [
                {"product_id": own, name: id_, "position": position} for position, id_ in enumerate(dict.fromkeys(ids))
            ]
        return Made(own, stock, any(image.media_id is None for image in draft.images))

    async def insert(self, tx: Tx) -> None:
        """Write everything that was added."""
        for kind, rows in self._tables.items():
            if rows:
                await tx.execute(insert(kind), rows)

    def _add_images(self, own: UUID, draft: ProductDraft) -> list[UUID]:
        ids = []
        for position, image in enumerate(draft.images):
            ids.append(new_id())
            self._tables[ProductImage].append(
                {
                    "id": ids[-1],
                    "product_id": own,
                    "media_id": image.media_id,
                    "position": position,
                    "alt": image.alt,
                    "source": image.source,
                    "state": ImageState.READY if image.media_id else ImageState.WAITING,
                    "problem": "",
                }
            )
        return ids

    def _add_variant(self, own: UUID, position: int, draft: VariantDraft, images: Sequence[UUID]) -> UUID:
        id_ = new_id()
        self._tables[Variant].append(
            {
                "id": id_,
                "product_id": own,
                "position": position,
                "sku": draft.sku or None,
                "barcode": draft.barcode,
                "option_values": dict(draft.option_values),
                "price_minor": draft.price_minor,
                "compare_at_minor": draft.compare_at_minor,
                "cost_minor": draft.cost_minor,
                "tracks_stock": draft.stock is not None,
                "stock": draft.stock or 0,
                "weight_grams": draft.weight_grams,
                "length_mm": draft.length_mm,
                "width_mm": draft.width_mm,
                "height_mm": draft.height_mm,
                "image_id": images[draft.image] if draft.image is not None and draft.image < len(images) else None,
                **self._times,
            }
        )
        return id_
