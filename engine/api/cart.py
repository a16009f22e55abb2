"""`/cart`: the cart of whoever asks, by `X-Cart-Id` or, signed in, their own. Each call answers the whole cart."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header
from pydantic import Field

from engine.api.apiwords import also
from engine.api.request import Caller, House, public
from engine.api.routing import APIRouter
from engine.api.wire import MoneyWire, Wire
from engine.commerce.ordering import carts, queries
from engine.commerce.ordering.models import Cart
from engine.commerce.ordering.rules import MAX_QUANTITY
from engine.commerce.ordering.views import CartLine, CartView
from engine.core.ids import parse_id

router = APIRouter(prefix="/cart", tags=["cart"], dependencies=[public])


class CartProductWire(Wire):
    """The product of a line."""

    id: UUID
    name: str
    url: str
    image: str | None


class CartVariantWire(Wire):
    """The version of the product. stock: what is available, null where it is not counted."""

    id: UUID
    title: str
    sku: str
    stock: int | None


class CartItemWire(Wire):
    """One line of a cart, at today's price."""

    id: UUID
    product: CartProductWire
    variant: CartVariantWire
    quantity: int
    unit_price: MoneyWire
    total: MoneyWire


class CartWire(Wire):
    """A cart. Send its id as `X-Cart-Id` with the next call."""

    id: UUID
    items: list[CartItemWire]
    subtotal: MoneyWire
    currency: str

    @classmethod
    def from_view(cls, cart: CartView) -> "CartWire":
        assert cart.id is not None  # noqa: S101 - it was made by the same request
        items = [_item(line, cart.currency) for line in cart.lines]
        subtotal = MoneyWire.of(cart.subtotal_minor, cart.currency)
        return cls(id=cart.id, items=items, subtotal=subtotal, currency=cart.currency)


class CartItemCreate(Wire):
    """What goes into the cart. variantId may be left out where a product has one version only."""

    product_id: UUID
    variant_id: UUID | None = None
    quantity: Annotated[int, Field(ge=1, le=MAX_QUANTITY)] = 1


class CartItemUpdate(Wire):
    """How many pieces a line holds; 0 takes it out."""

    quantity: Annotated[int, Field(ge=0, le=MAX_QUANTITY)]


async def _cart_id(
    x_cart_id: Annotated[str | None, Header(alias="X-Cart-Id", max_length=100)] = None,
) -> UUID | None:
    return parse_id(x_cart_id) if x_cart_id else None


#: The cart that the caller names; what is no id is an unknown cart.
CartId = Annotated[UUID | None, Depends(_cart_id)]


@router.get("")
async def read_cart(house: House, actor: Caller, cart_id: CartId) -> CartWire:
    """Return the cart; an unknown id gets a fresh cart with its own id."""
    seen = await house.db.query(queries.cart_of, actor, cart_id, house.site.general.currency)
    if seen.id is not None and (not actor.is_signed_in or cart_id in (None, seen.id)):
        return CartWire.from_view(seen)
    async with house.db.write() as tx:
        cart = await carts.find_or_make(tx, actor, house.site, cart_id)
    return await _answer(house, cart)


@router.post("/items", responses=also(404, 409))
async def add_item(sent: CartItemCreate, house: House, actor: Caller, cart_id: CartId) -> CartWire:
    """Put pieces of a product into the cart; of what is in it already, there are more."""
    async with house.db.write() as tx:
        cart = await carts.add(
            tx,
            actor,
            house.site,
            cart_id,
            product_id=sent.product_id,
            variant_id=sent.variant_id,
            quantity=sent.quantity,
        )
    return await _answer(house, cart)


@router.patch("/items/{item_id}")
async def change_item(item_id: UUID, sent: CartItemUpdate, house: House, actor: Caller, cart_id: CartId) -> CartWire:
    """Set how many pieces a line holds."""
    async with house.db.write() as tx:
        cart = await carts.change(tx, actor, house.site, cart_id, item_id, sent.quantity)
    return await _answer(house, cart)


@router.delete("/items/{item_id}")
async def remove_item(item_id: UUID, house: House, actor: Caller, cart_id: CartId) -> CartWire:
    """Take a line out of the cart."""
    async with house.db.write() as tx:
        cart = await carts.remove(tx, actor, house.site, cart_id, item_id)
    return await _answer(house, cart)


async def _answer(house: House, cart: Cart) -> CartWire:
    return CartWire.from_view(await house.db.query(queries.cart, cart.id, cart.currency))


def _item(line: CartLine, currency: str) -> CartItemWire:
    return CartItemWire(
        id=line.id,
        product=CartProductWire(id=line.product_id, name=line.name, url=line.url, image=line.image_url),
        variant=CartVariantWire(id=line.variant_id, title=line.variant_title, sku=line.sku, stock=line.left),
        quantity=line.quantity,
        unit_price=MoneyWire.of(line.unit_price_minor, currency),
        total=MoneyWire.of(line.total_minor, currency),
    )
