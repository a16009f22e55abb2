"""The cart: what is in it, how many, and the way to the checkout."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from engine.api.ports import Ports
from engine.api.request import Caller, House, public, site_of
from engine.api.routing import APIRouter
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
SHEET_ATTRS: Mapping[str, str] = {
    "hx-boost": "true",
    "hx-target": "#cart-sheet",
    "hx-swap": "outerHTML",
    "hx-push-url": "false",
}


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
    """The cart. added: what just went in, said in the sheet; sheet_attrs: how forms in the sheet are sent."""

    lines: list[LineShown]
    pieces: int
    subtotal: Money
    has_trouble: bool
    added: Message | None = None
    sheet_attrs: Mapping[str, str] = field(default_factory=lambda: SHEET_ATTRS)


@dataclass(frozen=True)
class CountShown:
    """The number over the cart's icon."""

    pieces: int


@router.get("")
async def show_cart(request: Request, house: House, actor: Caller) -> Response:
    """Answer the cart; htmx gets it as a sheet beside the page."""
    cart = await seen_cart(request, house, actor)
    if _is_fragment(request):
        return await _sheet(request, house, cart, "drawer")
    answer = await page(request, "storefront/cart.html", _cart_page(cart, house), title=_("Your cart"), indexed=False)
    return private(answer)


@router.get("/count")
async def show_count(request: Request, house: House, actor: Caller) -> Response:
    """Answer the number of pieces in the cart, for the head of every page."""
    pieces = await house.db.glance(queries.pieces_in, actor, held_cart(request))
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
        flash = _refusal(error)
        return _toast(request, flash) if _is_fragment(request) else redirect(back, flash=flash, request=request)
    if _is_fragment(request):
        seen = await house.db.glance(queries.cart, cart.id, cart.currency)
        answer = await _sheet(request, house, seen, "drawer", added=product_id)
    else:
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
        flash = _refusal(error)
        return _toast(request, flash) if _is_fragment(request) else redirect("/cart", flash=flash, request=request)
    if _is_fragment(request):
        seen = await house.db.glance(queries.cart, cart.id, cart.currency)
        answer = await _sheet(request, house, seen, "inside")
    else:
        answer = redirect("/cart")
    keep_cart(answer, request, actor, cart.id)
    return answer


async def _sheet(request: Request, house: Ports, cart: CartView, block: str, added: UUID | None = None) -> Response:
    """Answer the cart beside the page. added: the product that just went in."""
    name = next((line.name for line in cart.lines if line.product_id == added), None)
    said = _("“{product}” is in your cart.").having(product=name) if name else None
    context = replace(_cart_page(cart, house), added=said)
    answer = await page(
        request, "storefront/cart_drawer.html", context, title=_("Your cart"), block=block, indexed=False
    )
    return private(answer)


def _toast(request: Request, flash: Flash) -> Response:
    """Answer nothing but words: what is on the page stays as it is."""
    language = site_of(request).general.language
    words = format_message(flash.message, language) if isinstance(flash.message, Message) else flash.message
    said = json.dumps({"toast": {"message": words, "kind": flash.kind}})
    return Response(status_code=204, headers={"HX-Trigger": said, "Cache-Control": "private, no-store"})


def _is_fragment(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


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
