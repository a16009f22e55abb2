"""The cart: what is in it, how many, and the way to the checkout."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from engine.api.ports import Ports
from engine.api.request import Caller, House, public
from engine.commerce.ordering import carts, queries
from engine.commerce.ordering.rules import MAX_QUANTITY
from engine.commerce.ordering.views import CartLine, CartView, Trouble
from engine.core.errors import AgoraError, Invalid, NotFound
from engine.core.i18n import Message, _, format_message, ngettext
from engine.core.ids import parse_id
from engine.core.money import Money
from ui.page import Flash
from ui.respond import came_from, page, redirect
from ui.storefront.held import held_cart, keep_cart, private, seen_cart

router = APIRouter(prefix="/cart", include_in_schema=False, dependencies=[public])
OPTION = "option:"


@dataclass(frozen=True)
class LineShown:
    """A line as the page shows it. trouble: why it cannot be bought as it stands, changed: what it cost before."""

    id: UUID
    line: CartLine
    details: str
    total: Money
    most: int
    trouble: Message | None
    changed: Message | None
    is_gone: bool


@dataclass(frozen=True)
class CartPage:
    """The cart."""

    lines: list[LineShown]
    pieces: int
    subtotal: Money
    has_trouble: bool


@dataclass(frozen=True)
class CountShown:
    """The number over the cart's icon."""

    pieces: int


@router.get("")
async def show_cart(request: Request, house: House, actor: Caller) -> Response:
    """Answer the cart."""
    cart = await seen_cart(request, house, actor)
    answer = await page(request, "storefront/cart.html", _cart_page(cart, house), title=_("Your cart"), indexed=False)
    return private(answer)


@router.get("/count")
async def show_count(request: Request, house: House, actor: Caller) -> Response:
    """Answer the number of pieces in the cart, for the head of every page."""
    pieces = await house.db.query(queries.pieces_in, actor, held_cart(request))
    answer = await page(
        request, "storefront/cart_count.html", CountShown(pieces), title=_("Your cart"), block="count", indexed=False
    )
    return private(answer)


@router.post("/items")
async def add_item(request: Request, house: House, actor: Caller) -> Response:
    """Put what a product's page asks for into the cart; then show it."""
    form = await request.form()
    back = came_from(request, "/products")
    product_id = parse_id(_text(form, "productId"))
    if product_id is None:
        raise NotFound(_("This product is not sold here. Look for another one."))
    options = {name.removeprefix(OPTION): str(value) for name, value in form.items() if name.startswith(OPTION)}
    try:
        async with house.db.write() as tx:
            cart = await carts.add(
                tx,
                actor,
                house.site,
                held_cart(request),
                product_id=product_id,
                variant_id=parse_id(_text(form, "variantId")),
                options=options,
                quantity=_quantity(form),
            )
    except AgoraError as error:
        return redirect(back, flash=_refusal(error), request=request)
    answer = redirect("/cart", flash=_("It is in your cart."), request=request)
    keep_cart(answer, request, actor, cart.id)
    return answer


@router.post("/items/{item_id}")
async def change_item(request: Request, item_id: UUID, house: House, actor: Caller) -> Response:
    """Set how many pieces a line holds; none takes it out."""
    form = await request.form()
    try:
        async with house.db.write() as tx:
            cart = await carts.change(tx, actor, house.site, held_cart(request), item_id, _quantity(form))
    except (Invalid, NotFound) as error:
        return redirect("/cart", flash=_refusal(error), request=request)
    answer = redirect("/cart")
    keep_cart(answer, request, actor, cart.id)
    return answer


def _cart_page(cart: CartView, house: Ports) -> CartPage:
    return CartPage(
        lines=[line_shown(line, cart.currency, house.site.general.language) for line in cart.lines],
        pieces=cart.pieces,
        subtotal=Money(cart.subtotal_minor, cart.currency),
        has_trouble=cart.has_trouble,
    )


def line_shown(line: CartLine, currency: str, locale: str) -> LineShown:
    """Return a line with its sums and what is to be said about it."""
    trouble: Message | None = None
    if line.trouble is Trouble.GONE:
        trouble = _("This is no longer sold. Take it out to order the rest.")
    elif line.trouble is Trouble.SHORT and line.left:
        trouble = ngettext("Only {count} left. Take fewer.", "Only {count} left. Take fewer.", line.left)
    elif line.trouble is Trouble.SHORT:
        trouble = _("Sold out meanwhile. Take it out to order the rest.")
    price = Money(line.unit_price_minor, currency).format(locale)
    each = format_message(_("{price} each").having(price=price), locale) if line.quantity > 1 else ""
    was = Money(line.was_minor, currency).format(locale) if line.was_minor is not None else None
    return LineShown(
        id=line.id,
        line=line,
        details=" · ".join(part for part in (line.variant_title, each) if part),
        total=Money(line.total_minor, currency),
        most=MAX_QUANTITY if line.left is None else max(1, min(line.left, MAX_QUANTITY)),
        trouble=trouble,
        changed=_("The price changed: it was {was}.").having(was=was) if was else None,
        is_gone=line.trouble is Trouble.GONE or line.left == 0,
    )


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _quantity(form: FormData) -> int:
    text = _text(form, "quantity").strip() or "1"
    if not text.isdecimal() or len(text) > 6:
        message = _("“{value}” is not a number of pieces.").having(value=text[:20])
        raise Invalid(message, {"quantity": message})
    return int(text)


def _refusal(error: AgoraError) -> Flash:
    first = next(iter(error.fields.values()), error.message) if isinstance(error, Invalid) else error.message
    return Flash(first, "danger")
