"""Ordering again: what an order held goes back into its buyer's cart, as far as it is still sold."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from engine.commerce.catalog import public as catalog
from engine.commerce.catalog.public import Offer
from engine.commerce.ordering import carts
from engine.commerce.ordering.models import Cart, CartItem, Order, OrderItem
from engine.commerce.ordering.rules import MAX_LINES, MAX_QUANTITY
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.settings import Site
from engine.core.transaction import Tx


class Lacking(StrEnum):
    """Why a thing is not in the cart as it was in the order."""

    GONE = "gone"
    SOLD_OUT = "sold_out"
    FEWER = "fewer"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Missing:
    """A line of the order that is not in the cart as it was. left: the pieces that went in."""

    name: str
    wanted: int
    left: int
    reason: Lacking


@dataclass(frozen=True, slots=True)
class Repeated:
    """The cart, how many pieces went into it, and what did not."""

    cart: Cart
    added: int
    missing: tuple[Missing, ...]


async def order_again(tx: Tx, actor: Actor, site: Site, order_id: UUID) -> Repeated:
    """Put what one of the actor's orders held into their cart, at today's prices.

    Raises NotFound for an order that is not theirs. What is not sold any more, or not in these numbers, is named.
    """
    access.require(actor, Permission.PLACE_ORDER)
    order = await tx.get(Order, order_id)
    if order is None or actor.user_id is None or order.user_id != actor.user_id:
        raise NotFound(_("There is no such order."))
    cart = await carts.find_or_make(tx, actor, site, None)
    lines = list(await tx.scalars(select(OrderItem).where(OrderItem.order_id == order_id).order_by(OrderItem.position)))
    offers = await catalog.locked_offers(tx, [line.variant_id for line in lines if line.variant_id])
    items = {item.variant_id: item for item in await tx.scalars(select(CartItem).where(CartItem.cart_id == cart.id))}
    added, missing = 0, []
    for line in lines:
        offer = offers.get(line.variant_id) if line.variant_id else None
        held = items.get(line.variant_id) if line.variant_id else None
        taken, lacking = _taken(line.quantity, offer, held.quantity if held else 0)
        if offer is not None and held is None and taken:
            if len(items) >= MAX_LINES:
                taken, lacking = 0, Lacking.FULL
            else:
                held = CartItem(cart_id=cart.id, variant_id=offer.variant_id, quantity=0, unit_price_minor=0)
                items[offer.variant_id] = held
                tx.add(held)
        if offer is not None and held is not None and taken:
            held.quantity += taken
            held.unit_price_minor = offer.unit_price_minor
        added += taken
        if lacking is not None:
            missing.append(Missing(_named(line), line.quantity, taken, lacking))
    await carts.touched(tx, cart)
    return Repeated(cart, added, tuple(missing))


def _taken(wanted: int, offer: Offer | None, held: int) -> tuple[int, Lacking | None]:
    """Return how many pieces more can go in beside those held, and why not all of them."""
    if offer is None:
        return 0, Lacking.GONE
    if not offer.is_available:
        return 0, Lacking.SOLD_OUT
    most = MAX_QUANTITY if offer.stock is None else min(MAX_QUANTITY, offer.stock)
    room = max(0, most - held)
    return (wanted, None) if wanted <= room else (room, Lacking.FEWER)


def _named(line: OrderItem) -> str:
    return f"{line.name} ({line.variant_title})" if line.variant_title else line.name
