"""What ordering, the other domains and the faces may ask of the catalogue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, select

from engine.commerce.catalog.models import (
    MovementReason,
    Product,
    ProductStatus,
    ProductType,
    Variant,
    title_of,
)
from engine.commerce.catalog.stock import Shortage, give_back, take
from engine.core.actor import Actor
from engine.core.transaction import Tx


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
    return {row.id: _offer(row) for row in connection.execute(_offered(ids))}


async def locked_offers(tx: Tx, variant_ids: Iterable[UUID]) -> dict[UUID, Offer]:
    """Return the offers of active products, their variants locked in the order of their ids until the commit."""
    ids = sorted(set(variant_ids))
    if not ids:
        return {}
    rows = await tx.execute(_offered(ids).order_by(Variant.id).with_for_update(of=Variant))
    return {row.id: _offer(row) for row in rows if row.status == ProductStatus.ACTIVE}


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


def _offered(ids: Sequence[UUID]) -> Select[Any]:
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
            Product.name,
            Product.slug,
            Product.type,
            Product.status,
            Product.sku.label("product_sku"),
        )
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.id.in_(ids))
    )


def _offer(row: Any) -> Offer:
    return Offer(
        variant_id=row.id,
        product_id=row.product_id,
        product_name=row.name,
        variant_title=title_of(row.option_values),
        sku=row.sku or row.product_sku or "",
        url=f"/products/{row.slug}",
        image_url=None,
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
