"""What a buyer does with a cart: put in, change, take out. Stock is decided at the checkout, not here."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from engine.commerce.catalog import public as catalog
from engine.commerce.ordering.facts import CartUpdated
from engine.commerce.ordering.models import Cart, CartItem
from engine.commerce.ordering.rules import MAX_LINES, MAX_QUANTITY
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Conflict, Invalid, NotFound
from engine.core.i18n import _
from engine.core.ids import new_random_id
from engine.core.settings import Site
from engine.core.tables import table_of
from engine.core.transaction import Tx


async def find(tx: Tx, actor: Actor, cart_id: UUID | None) -> Cart | None:
    """Return the cart that the actor holds, locked, or None: a person's own, or the guest's cart with this id.

    A guest's cart that a person comes with after signing in goes into their own.
    """
    guest = await tx.get(Cart, cart_id, locked=True) if cart_id and not actor.is_signed_in else None
    if not actor.is_signed_in:
        return guest if guest is not None and guest.user_id is None else None
    own = await _own(tx, actor.user_id)
    guest = await tx.get(Cart, cart_id, locked=True) if cart_id else None
    if guest is None or guest.user_id is not None:
        return own
    if own is None:
        own = await _made(tx, actor.user_id, guest.currency)
    await _merge(tx, guest, own)
    return own


async def find_or_make(tx: Tx, actor: Actor, site: Site, cart_id: UUID | None) -> Cart:
    """Return the cart that the actor holds, or a fresh one with an id of its own, locked."""
    access.require(actor, Permission.PLACE_ORDER)
    cart = await find(tx, actor, cart_id) or await _made(tx, actor.user_id, site.general.currency)
    if cart.currency != site.general.currency:
        cart.currency = site.general.currency
    return cart


async def add(
    tx: Tx,
    actor: Actor,
    site: Site,
    cart_id: UUID | None,
    *,
    product_id: UUID,
    variant_id: UUID | None = None,
    options: Mapping[str, str] | None = None,
    quantity: int = 1,
) -> Cart:
    """Put pieces of a product into the cart, making one where there is none; return it.

    options: {name: value} that choose the variant where its id is not given.
    Raises NotFound for a product that is not sold, Invalid naming `variantId` where one must be chosen.
    """
    cart = await find_or_make(tx, actor, site, cart_id)
    variant_id = variant_id or await _chosen(tx, product_id, options or {})
    offer = (await catalog.locked_offers(tx, [variant_id])).get(variant_id)
    if offer is None or offer.product_id != product_id:
        raise NotFound(_("This product is not sold here any more, or not in this version. Look for another one."))
    items = list((await tx.execute(_ITEMS, {"cart": cart.id})).scalars())
    item = next((item for item in items if item.variant_id == variant_id), None)
    if item is None:
        if len(items) >= MAX_LINES:
            raise Conflict(_("A cart holds {most} different things. Order these first."), most=MAX_LINES)
        item = CartItem(cart_id=cart.id, variant_id=variant_id, quantity=0, unit_price_minor=0)
        tx.add(item)
    item.quantity = _quantity(item.quantity + _quantity(quantity))
    item.unit_price_minor = offer.unit_price_minor
    return await touched(tx, cart)


async def change(tx: Tx, actor: Actor, site: Site, cart_id: UUID | None, item_id: UUID, quantity: int) -> Cart:
    """Set how many pieces a line holds; none takes it out. Return the cart."""
    cart = await find_or_make(tx, actor, site, cart_id)
    item = await tx.get(CartItem, item_id)
    if item is None or item.cart_id != cart.id:
        raise NotFound(_("This line is not in your cart. Load the cart again."))
    if quantity == 0:
        await tx.delete(item)
    else:
        item.quantity = _quantity(quantity)
        offer = (await catalog.locked_offers(tx, [item.variant_id])).get(item.variant_id)
        item.unit_price_minor = offer.unit_price_minor if offer else item.unit_price_minor
    return await touched(tx, cart)


async def remove(tx: Tx, actor: Actor, site: Site, cart_id: UUID | None, item_id: UUID) -> Cart:
    """Take a line out. Return the cart."""
    return await change(tx, actor, site, cart_id, item_id, 0)


async def empty(tx: Tx, cart: Cart) -> None:
    """Take everything out of a cart whose order was placed."""
    await tx.execute(_EMPTY, {"cart": cart.id})
    cart.updated_at = tx.now
    tx.publish(CartUpdated(cart.id))


async def touched(tx: Tx, cart: Cart) -> Cart:
    """Say that a cart holds something else now; return it."""
    cart.updated_at = tx.now
    await tx.flush()
    tx.publish(CartUpdated(cart.id))
    return cart


async def _own(tx: Tx, user_id: UUID | None) -> Cart | None:
    found: Cart | None = await tx.scalar(_OWN, {"user": user_id})
    return found


async def _made(tx: Tx, user_id: UUID | None, currency: str) -> Cart:
    """Return a fresh cart; of two requests that make a person's first one, both get the same."""
    cart_id = new_random_id()
    values = {"id": cart_id, "user_id": user_id, "currency": currency, "created_at": tx.now, "updated_at": tx.now}
    is_new = await tx.insert_new(Cart, values)
    cart = await tx.get(Cart, cart_id) if is_new else await _own(tx, user_id)
    assert cart is not None  # noqa: S101 - the insert made it or met it
    return cart


async def _merge(tx: Tx, guest: Cart, own: Cart) -> None:
    """Put a guest's lines into a person's own cart; the guest's is gone then."""
    held = {item.variant_id: item for item in await tx.scalars(select(CartItem).where(CartItem.cart_id == own.id))}
    for item in await tx.scalars(select(CartItem).where(CartItem.cart_id == guest.id)):
        if mine := held.get(item.variant_id):
            mine.quantity = min(MAX_QUANTITY, mine.quantity + item.quantity)
            await tx.delete(item)
        else:
            item.cart_id = own.id
    await touched(tx, own)
    await tx.execute(delete(Cart).where(Cart.id == guest.id))
    tx.session.expunge(guest)


async def _chosen(tx: Tx, product_id: UUID, options: Mapping[str, str]) -> UUID:
    """Return the variant that the options choose, or the only one."""

    def look(session: Session) -> tuple[UUID | None, bool]:
        connection = session.connection()
        if options:
            found = catalog.variant_by_options(connection, product_id, dict(options))
        else:
            found = catalog.default_variant_id(connection, product_id)
        return found, found is not None or catalog.has_variants(connection, product_id)

    found, is_known = await tx.session.run_sync(look)
    if not is_known:
        raise NotFound(_("This product is not sold here. Look for another one."))
    if found is None:
        chosen = " / ".join(options.values())[:100]
        message = (
            _("There is no “{chosen}” of this. Choose another version.").having(chosen=chosen)
            if options
            else _("This comes in several versions. Choose one.")
        )
        raise Invalid(message, {"variantId": message})
    return found


def _quantity(wanted: int) -> int:
    if not 1 <= wanted <= MAX_QUANTITY:
        message = _("“{value}” is not a number of pieces. Enter 1 to {most}.").having(value=wanted, most=MAX_QUANTITY)
        raise Invalid(message, {"quantity": message})
    return wanted


# Made once.
_ITEMS = select(CartItem).where(CartItem.cart_id == bindparam("cart"))
_EMPTY = delete(table_of(CartItem)).where(table_of(CartItem).c.cart_id == bindparam("cart"))
_OWN = select(Cart).where(Cart.user_id == bindparam("user")).with_for_update().execution_options(populate_existing=True)
