"""Stock: taken and given back by orders, corrected by staff, each change with its line in the history."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, case, func, insert, select, update

from engine.commerce.catalog import kept
from engine.commerce.catalog.facts import InventoryLow, InventoryUpdated
from engine.commerce.catalog.models import MovementReason, Product, StockMovement, Variant
from engine.core.actor import Actor
from engine.core.ids import new_id
from engine.core.settings import SiteSetting
from engine.core.site import Catalog
from engine.core.tables import table_of
from engine.core.transaction import Tx

_LOW = "low_at"


@dataclass(frozen=True, slots=True)
class Shortage:
    """A variant of which there is less than was wanted."""

    variant_id: UUID
    product_name: str
    wanted: int
    left: int


def low_at() -> ColumnElement[int]:
    """Return at how few pieces a variant is nearly gone: as its product says, else as the shop does."""
    kept = select(SiteSetting.value["lowStock"].as_integer()).where(SiteSetting.key == Catalog.key).scalar_subquery()
    return func.coalesce(Product.low_stock, kept, Catalog().low_stock)


def highest_low() -> ColumnElement[int]:
    """Return what no variant that is nearly gone has more of, whatever its product: so few are looked at."""
    own = func.coalesce(select(func.max(Product.low_stock)).scalar_subquery(), 0)
    kept = select(SiteSetting.value["lowStock"].as_integer()).where(SiteSetting.key == Catalog.key).scalar_subquery()
    shops = func.coalesce(kept, Catalog().low_stock)
    return case((own > shops, own), else_=shops)


async def take(tx: Tx, actor: Actor, lines: Sequence[tuple[UUID, int]], reference_id: UUID) -> list[Shortage]:
    """Take pieces for an order: all of them or, returning what is short, none.

    Variants are taken in the order of their ids, so that two orders never wait for each other; what is not counted is
    never short. reference_id: the order's.
    """
    wanted = _sums(lines)
    known = {row.id: row for row in (await tx.execute(_COUNTED, {"ids": list(wanted)})).all()}
    short = [
        Shortage(id_, known[id_].name if id_ in known else "", count, known[id_].stock if id_ in known else 0)
        for id_, count in wanted.items()
        if id_ not in known or (known[id_].tracks_stock and known[id_].stock < count)
    ]
    if short:
        return short
    moved: list[tuple[UUID, int | None, int | None]] = []
    for id_, count in wanted.items():
        if known[id_].tracks_stock:
            left = (await tx.execute(_TAKE, {"variant": id_, "pieces": count})).scalar()
            if left is None:
                raise RuntimeError(f"the stock of {id_} changed while it was locked")
            _tell(tx, known[id_], id_, left + count, left)
            moved.append((id_, -count, left))
    if moved:
        await kept.keep_stock(tx, (known[id_].product_id for id_, _change, _left in moved))
        await _note(tx, actor, moved, MovementReason.SOLD, reference_id)
    return []


async def give_back(
    tx: Tx,
    actor: Actor,
    lines: Sequence[tuple[UUID, int]],
    reference_id: UUID,
    reason: MovementReason = MovementReason.RETURNED,
) -> None:
    """Return an order's pieces to the shelf. Variants that are gone, or not counted any more, are passed over."""
    counts = _sums(lines)
    known = {row.id: row for row in (await tx.execute(_COUNTED, {"ids": list(counts)})).all()}
    moved: list[tuple[UUID, int | None, int | None]] = []
    for id_, count in counts.items():
        if id_ in known and known[id_].tracks_stock:
            after = (await tx.execute(_GIVE, {"variant": id_, "pieces": count})).scalar_one()
            _tell(tx, known[id_], id_, after - count, after)
            moved.append((id_, count, after))
    if moved:
        await kept.keep_stock(tx, (known[id_].product_id for id_, _change, _after in moved))
        await _note(tx, actor, moved, reason, reference_id)


async def first(tx: Tx, actor: Actor, lines: Iterable[tuple[UUID, int | None]], reason: MovementReason) -> None:
    """Note the first stock of new variants, (variant, pieces); those that are not counted have none."""
    if moved := [(id_, pieces, pieces) for id_, pieces in lines if pieces is not None]:
        await _note(tx, actor, moved, reason, None)


async def count(
    tx: Tx,
    actor: Actor,
    variants: Iterable[tuple[Variant, int | None]],
    reason: MovementReason,
    note: str = "",
) -> None:
    """Set variants to what was counted (None: no longer counted), noting the difference. The rows are the session's.

    The verb that calls this has checked who may.
    """
    moved: list[tuple[UUID, int | None, int | None]] = []
    changed = [(variant, counted) for variant, counted in variants if variant.available != counted]
    levels = await _levels(tx, [variant.product_id for variant, _counted in changed])
    for variant, counted in changed:
        before = variant.available
        variant.tracks_stock = counted is not None
        variant.stock = counted or 0
        moved.append((variant.id, None if counted is None else counted - (before or 0), counted))
        _tell(tx, levels[variant.product_id], variant.id, before, counted)
    if moved:
        await tx.flush()
        await _note(tx, actor, moved, reason, None, note)


def _sums(lines: Sequence[tuple[UUID, int]]) -> Mapping[UUID, int]:
    sums: Counter[UUID] = Counter()
    for id_, quantity in lines:
        if quantity < 1:
            raise ValueError(f"{quantity} of {id_}: stock moves by whole pieces, at least one")
        sums[id_] += quantity
    return dict(sorted(sums.items()))


# Made once, as in `statements.py`: a checkout asks each of them.
_COUNTED = (
    select(Variant.id, Variant.product_id, Variant.tracks_stock, Variant.stock, Product.name, low_at().label(_LOW))
    .join(Product, Product.id == Variant.product_id)
    .where(Variant.id.in_(bindparam("ids", expanding=True)))
    .order_by(Variant.id)
    .with_for_update(of=Variant)
)
_LEVELS = select(Product.id.label("product_id"), low_at().label(_LOW)).where(
    Product.id.in_(bindparam("ids", expanding=True))
)
_STOCK = table_of(Variant).c.stock
_PIECES = bindparam("pieces", type_=_STOCK.type)
_TAKE = (
    update(table_of(Variant))
    .where(table_of(Variant).c.id == bindparam("variant"), _STOCK >= _PIECES)
    .values(stock=_STOCK - _PIECES)
    .returning(_STOCK)
)
_GIVE = (
    update(table_of(Variant))
    .where(table_of(Variant).c.id == bindparam("variant"))
    .values(stock=_STOCK + _PIECES)
    .returning(_STOCK)
)
_NOTE = insert(table_of(StockMovement))


async def _levels(tx: Tx, product_ids: Iterable[UUID]) -> Mapping[UUID, Any]:
    """Return, by product, a row with its id and at how few pieces it is nearly gone."""
    ids = set(product_ids)
    rows = (await tx.execute(_LEVELS, {"ids": sorted(ids)})).all() if ids else ()
    return {row.product_id: row for row in rows}


def _tell(tx: Tx, known: Any, variant_id: UUID, before: int | None, after: int | None) -> None:
    """Publish that a stock moved. known: a row with the product's id and its level."""
    tx.publish(InventoryUpdated(known.product_id, variant_id, after))
    if after is not None and after <= known.low_at and (before is None or before > known.low_at):
        tx.publish(InventoryLow(known.product_id, variant_id, after))


async def _note(
    tx: Tx,
    actor: Actor,
    moved: Sequence[tuple[UUID, int | None, int | None]],
    reason: MovementReason,
    reference_id: UUID | None,
    note: str = "",
) -> None:
    who = actor.email or actor.name
    rows = [
        {
            "id": new_id(),
            "variant_id": variant_id,
            "change": change,
            "stock_after": after,
            "reason": reason,
            "reference_id": reference_id,
            "actor": who,
            "note": note,
            "created_at": tx.now,
        }
        for variant_id, change, after in moved
    ]
    await tx.execute(_NOTE, rows)
