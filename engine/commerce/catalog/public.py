"""What ordering, the other domains and the faces may ask of the catalogue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, select

from engine.commerce.catalog.models import (
    MovementReason,
    Product,
    ProductImage,
    ProductStatus,
    ProductType,
    Variant,
    title_of,
)
from engine.commerce.catalog.stock import Shortage, give_back, take
from engine.core.actor import Actor
from engine.core.transaction import Tx
from engine.media import public as media


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant as it can be bought now. stock None: not counted, never short."""

    variant_id: UUID
    product_id: UUID
    product_name: str
    variant_title: str
    sku: str
    url: str
    image_url: str | None
    unit_price_minor: int
    is_available: bool
    is_shippable: bool
    weight_grams: int | None
    stock: int | None


def offers(connection: Connection, variant_ids: Iterable[UUID]) -> dict[UUID, Offer]:
    """Return what these variants are offered for; those that are gone are left out, those not sold not available."""
    ids = list(variant_ids)
    if not ids:
        return {}
    rows = connection.execute(_OFFERED, {"ids": ids}).all()
    pictures = _pictures(connection, rows)
    return {row.id: _offer(row, pictures) for row in rows}


async def locked_offers(tx: Tx, variant_ids: Iterable[UUID]) -> dict[UUID, Offer]:
    """Return the offers of active products, their variants locked in the order of their ids until the commit."""
    ids = sorted(set(variant_ids))
    if not ids:
        return {}
    rows = (await tx.execute(_LOCKED, {"ids": ids})).all()
    connection = await tx.session.connection()
    pictures = await connection.run_sync(_pictures, rows)
    return {row.id: _offer(row, pictures) for row in rows if row.status == ProductStatus.ACTIVE}


async def take_stock(tx: Tx, actor: Actor, lines: Sequence[tuple[UUID, int]], reference_id: UUID) -> list[Shortage]:
    """Take (variant, pieces) for an order, all or nothing: what comes back is short, and then nothing was taken."""
    return await take(tx, actor, lines, reference_id)


async def return_stock(
    tx: Tx,
    actor: Actor,
    lines: Sequence[tuple[UUID, int]],
    reference_id: UUID,
    reason: MovementReason = MovementReason.RETURNED,
) -> None:
    """Give an order's (variant, pieces) back."""
    await give_back(tx, actor, lines, reference_id, reason)


def default_variant_id(connection: Connection, product_id: UUID) -> UUID | None:
    """Return the variant that a product without options is bought as; None if it has options or is gone."""
    rows = connection.execute(
        select(Variant.id, Variant.option_values).where(Variant.product_id == product_id).limit(2)
    ).all()
    return rows[0].id if len(rows) == 1 and not rows[0].option_values else None


def has_variants(connection: Connection, product_id: UUID) -> bool:
    """Return whether there is such a product."""
    return connection.execute(select(Variant.id).where(Variant.product_id == product_id).limit(1)).first() is not None


def variant_by_options(connection: Connection, product_id: UUID, chosen: dict[str, str]) -> UUID | None:
    """Return the variant with exactly these choices, {option: value}; None where there is none."""
    rows = connection.execute(select(Variant.id, Variant.option_values).where(Variant.product_id == product_id))
    return next((row.id for row in rows if row.option_values == chosen), None)


def _offered() -> Select[Any]:
    return (
        select(
            Variant.id,
            Variant.product_id,
            Variant.option_values,
            Variant.sku,
            Variant.price_minor,
            Variant.tracks_stock,
            Variant.stock,
            Variant.weight_grams,
            Variant.image_id,
            Product.name,
            Product.slug,
            Product.type,
            Product.status,
            Product.sku.label("product_sku"),
        )
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.id.in_(bindparam("ids", expanding=True)))
    )


# Made once, as in `statements.py`: a checkout asks each of them.
_OFFERED = _offered()
_LOCKED = _OFFERED.order_by(Variant.id).with_for_update(of=Variant)
_PICTURES_OF = (
    select(ProductImage.id, ProductImage.product_id, ProductImage.media_id)
    .where(
        ProductImage.product_id.in_(bindparam("product_ids", expanding=True)),
        ProductImage.media_id.is_not(None),
    )
    .order_by(ProductImage.position)
)


def _pictures(connection: Connection, rows: Sequence[Any]) -> dict[UUID, str]:
    """Return the thumbnail of each variant: its own picture, else its product's first."""
    found = connection.execute(_PICTURES_OF, {"product_ids": list({row.product_id for row in rows})}).all()
    urls = media.urls(connection, [image.media_id for image in found])
    by_image = {image.id: urls[image.media_id].thumbnail for image in found if image.media_id in urls}
    first: dict[UUID, str] = {}
    for image in found:
        if image.id in by_image:
            first.setdefault(image.product_id, by_image[image.id])
    shown = {row.id: by_image.get(row.image_id) or first.get(row.product_id) for row in rows}
    return {variant_id: url for variant_id, url in shown.items() if url}


def _offer(row: Any, pictures: dict[UUID, str]) -> Offer:
    return Offer(
        variant_id=row.id,
        product_id=row.product_id,
        product_name=row.name,
        variant_title=title_of(row.option_values),
        sku=row.sku or row.product_sku or "",
        url=f"/products/{row.slug}",
        image_url=pictures.get(row.id),
        unit_price_minor=row.price_minor,
        is_available=row.status == ProductStatus.ACTIVE and (not row.tracks_stock or row.stock > 0),
        is_shippable=row.type == ProductType.PHYSICAL,
        weight_grams=row.weight_grams,
        stock=row.stock if row.tracks_stock else None,
    )


__all__ = [
    "MovementReason",
    "Offer",
    "Shortage",
    "default_variant_id",
    "has_variants",
    "locked_offers",
    "offers",
    "return_stock",
    "take_stock",
    "variant_by_options",
]
