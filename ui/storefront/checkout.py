"""The checkout: one page that asks little and shows the sum all the time."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from fastapi import Request
from fastapi.responses import Response

from engine.accounts import addresses
from engine.accounts.addresses import KnownAddress
from engine.api.ports import Ports
from engine.api.request import Caller, House, public
from engine.api.routing import APIRouter
from engine.commerce.ordering import checkout, queries
from engine.commerce.ordering.rules import DeliveryMethod, deliveries, payment_methods, totals
from engine.commerce.ordering.terms import CheckoutRequest
from engine.commerce.ordering.views import CartView, OrderView
from engine.core.actor import Actor
from engine.core.addresses import AddressForm, countries, lines_of
from engine.core.errors import AgoraError, Conflict, Invalid, KeyReused
from engine.core.i18n import Message, _
from engine.core.ids import new_secret, parse_id
from engine.core.money import Money
from engine.core.settings import Site
from ui.forms import Errors, errors_of, typed
from ui.respond import page, redirect
from ui.storefront.cart import LineShown, line_shown
from ui.storefront.guessing import country_of_reader
from ui.storefront.held import forget_cart, held_cart, private, seen_cart
from ui.storefront.paying import to_pay
from ui.storefront.postal import blank, form_for, parts_of, values_of
from ui.storefront.ways import WAYS

router = APIRouter(prefix="/checkout", include_in_schema=False, dependencies=[public])
ADDRESS = "shippingAddress."


@dataclass(frozen=True)
class Sums:
    """What it comes to with one way of delivery. rows: (label, amount as written)."""

    method: str
    label: str
    price: Money
    rows: list[tuple[Message | str, str]]
    total: Money
    note: Message | None


@dataclass(frozen=True)
class CheckoutPage:
    """The form, what was typed into it, and the sums for each way of delivery. saved: (id, lines, is default)."""

    key: str
    lines: list[LineShown]
    pieces: int
    ways: list[Sums]
    needs_delivery: bool
    values: Mapping[str, str]
    chosen: str
    delivery_choices: list[tuple[str, str, Message]]
    delivers: bool
    address: AddressForm
    countries: list[tuple[str, str]]
    payment_text: str
    payment_choices: list[tuple[str, Message, Message]]
    is_signed_in: bool
    saved: Sequence[tuple[str, list[str], bool]]
    errors: Errors = field(default_factory=dict)
    problem: Message | str | None = None


@router.get("")
async def show_checkout(request: Request, house: House, actor: Caller) -> Response:
    """Answer the form; what is known of a person is in it already."""
    cart = await seen_cart(request, house, actor)
    if not cart.lines or cart.has_trouble:
        return redirect("/cart")
    values = await _known(house, actor)
    values.setdefault(f"{ADDRESS}country", _first_country(request, house.site))
    return await _answer(request, house, actor, cart, {"key": new_secret(), **values})


@router.post("/address")
async def change_country(request: Request, house: House, actor: Caller) -> Response:
    """Answer the form again, asking for what the chosen country needs; nothing is ordered."""
    cart = await seen_cart(request, house, actor)
    return await _answer(request, house, actor, cart, await typed(request), block="address_fields")


@router.post("")
async def place_order(request: Request, house: House, actor: Caller) -> Response:
    """Place the order and lead on to its confirmation; what is missing or changed is said on the same page."""
    values = await _with_saved(house, actor, await typed(request))
    asked = _request_of(values)
    try:
        async with house.db.write() as tx:
            placed = await checkout.place(
                tx, actor, house.site, house.secrets, held_cart(request), values.get("key", ""), asked
            )
    except (Invalid, Conflict, KeyReused) as error:
        return await _refused(request, house, actor, values, error)
    order = placed.order
    answer = await to_pay(request, house, actor, order.id)
    if actor.is_signed_in:
        forget_cart(answer, request)
        if values.get("keepAddress") == "true" and not placed.is_repeat:
            await _keep(house, actor, order)
    return answer


async def _keep(house: Ports, actor: Actor, order: OrderView) -> None:
    """Save where an order goes for the next time; the order stands whether or not there is room for it."""
    if order.shipping_address is None:
        return
    try:
        async with house.db.write() as tx:
            await addresses.add(tx, actor, asdict(order.shipping_address))
    except Conflict:
        return


async def _refused(
    request: Request, house: Ports, actor: Actor, values: Mapping[str, str], error: AgoraError
) -> Response:
    """Answer the form with what was typed, what was wrong, and the sums as they are now."""
    cart = await seen_cart(request, house, actor)
    if not cart.lines:
        return redirect("/cart", flash=error.message, request=request)
    if isinstance(error, Invalid):
        return await _answer(request, house, actor, cart, values, errors=errors_of(error), status=422)
    if isinstance(error, KeyReused):
        values = {**values, "key": new_secret()}
        problem = _("You sent this page before with other answers. Look at your cart, then order again.")
        return await _answer(request, house, actor, cart, values, problem=problem, status=422)
    return await _answer(request, house, actor, cart, values, problem=error.message, status=409)


async def _answer(
    request: Request,
    house: Ports,
    actor: Actor,
    cart: CartView,
    values: Mapping[str, str],
    *,
    errors: Errors | None = None,
    problem: Message | str | None = None,
    status: int = 200,
    block: str = "content",
) -> Response:
    site = house.site
    ways = sums_of(cart, site)
    offered = payment_methods(site.payments, site.system.surfaces.storefront)
    chosen = next((way.method for way in ways if way.method == values.get("shippingMethod")), ways[0].method)
    context = CheckoutPage(
        key=values.get("key") or new_secret(),
        lines=[line_shown(line, cart.currency, site.general.language) for line in cart.lines],
        pieces=cart.pieces,
        ways=ways,
        needs_delivery=cart.needs_delivery,
        values=_blank() | {name: text for name, text in values.items() if text},
        chosen=chosen,
        delivery_choices=[(way.method, way.label, _choice(way, site.general.language)) for way in ways],
        delivers=any(way.method == DeliveryMethod.FLAT_RATE for way in ways),
        address=form_for(values.get(f"{ADDRESS}country", ""), site),
        countries=_countries(site),
        payment_text=site.payments.manual_instructions,
        payment_choices=[(str(one), *WAYS[one]) for one in offered],
        is_signed_in=actor.is_signed_in,
        saved=[
            (str(known.id), lines_of(known.address, site.general.language), known.is_default)
            for known in await _saved(house, actor)
        ],
        errors=errors or {},
        problem=problem,
    )
    answer = await page(
        request,
        "storefront/checkout.html",
        context,
        title=_("Checkout"),
        status=status,
        block=block,
        indexed=False,
    )
    return private(answer)


def sums_of(cart: CartView, site: Site) -> list[Sums]:
    """Return what the cart comes to with each way of delivery that is offered; one without any where none is needed."""
    offered = deliveries(site.shipping, cart.subtotal_minor) if cart.needs_delivery else []
    ways = [(str(way.method), way.label, way.price_minor) for way in offered] or [("", "", 0)]
    return [_sums(cart, site, *way) for way in ways]


def _sums(cart: CartView, site: Site, method: str, label: str, price_minor: int) -> Sums:
    locale = site.general.language

    def written(minor: int) -> str:
        return Money(minor, cart.currency).format(locale)

    worth = totals([line.total_minor for line in cart.lines], price_minor, site.tax)
    rows: list[tuple[Message | str, str]] = [(_("Subtotal"), written(worth.subtotal_minor))]
    if method:
        rows.append((label, written(price_minor)))
    tax_name = f"{site.tax.label} {site.tax.rate_percent.normalize():f} %"
    if worth.tax_minor and not site.tax.prices_include_tax:
        rows.append((tax_name, written(worth.tax_minor)))
    is_inside = worth.tax_minor and site.tax.prices_include_tax
    note = _("Includes {tax}: {amount}.").having(tax=tax_name, amount=written(worth.tax_minor)) if is_inside else None
    return Sums(
        method=method,
        label=label,
        price=Money(price_minor, cart.currency),
        rows=rows,
        total=Money(worth.total_minor, cart.currency),
        note=note,
    )


def _choice(way: Sums, locale: str) -> Message:
    """Return what a choice costs, and what everything comes to with it."""
    price = way.price.format(locale) if way.price.amount else _("Free")
    return _("{price} – in total {total}").having(price=price, total=way.total.format(locale))


def _request_of(values: Mapping[str, str]) -> CheckoutRequest:
    """Return what was typed as the verb takes it. An address belongs to a delivery only."""
    method = values.get("shippingMethod") or None
    expected = values.get(f"expected.{method or ''}", "")
    address = parts_of(values, ADDRESS) if method == DeliveryMethod.FLAT_RATE else None
    return CheckoutRequest(
        email=values.get("email", ""),
        name=values.get("name", ""),
        shipping_address=address,
        shipping_method=method,
        payment_method=values.get("paymentMethod", ""),
        note=values.get("note", ""),
        expected_total_minor=int(expected) if expected.isdecimal() and len(expected) < 18 else None,
    )


def _blank() -> dict[str, str]:
    return {**dict.fromkeys(("email", "name", "note", "savedAddress", "keepAddress"), ""), **blank(ADDRESS)}


async def _known(house: Ports, actor: Actor) -> dict[str, str]:
    """Return what a person need not type again: who they are, and where their last order went."""
    if actor.user_id is None:
        return {}
    known = {"email": actor.email, "name": actor.name}
    if saved := await _saved(house, actor):
        return {**known, "savedAddress": str(saved[0].id)}
    if address := await house.db.query(queries.last_address, actor.user_id):
        known |= values_of(address, ADDRESS)
    return known


async def _saved(house: Ports, actor: Actor) -> list[KnownAddress]:
    """Return the addresses that a person has saved, where parcels go to; the one to begin with first."""
    allowed = house.site.shipping.countries
    found = await house.db.query(addresses.of_user, actor.user_id) if actor.user_id else []
    return [known for known in found if not allowed or known.address.country in allowed]


async def _with_saved(house: Ports, actor: Actor, values: dict[str, str]) -> dict[str, str]:
    """Return what was typed, with the saved address that was chosen in its place."""
    wanted = parse_id(values.get("savedAddress", ""))
    known = next((one for one in await _saved(house, actor) if one.id == wanted), None) if wanted else None
    return {**values, **values_of(known.address, ADDRESS)} if known else values


def _first_country(request: Request, site: Site) -> str:
    allowed = site.shipping.countries
    guess = country_of_reader(request.headers.get("accept-language", ""), site)
    return guess if not allowed or guess in allowed else allowed[0]


def _countries(site: Site) -> list[tuple[str, str]]:
    known = countries(site.general.language)
    allowed = site.shipping.countries
    return [pair for pair in known if not allowed or pair[0] in allowed]
