"""Placing an order: once, whole, and only with the stock to fill it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from engine.commerce.catalog import public as catalog
from engine.commerce.catalog.public import Offer, Shortage
from engine.commerce.ordering import carts, letters
from engine.commerce.ordering.models import OWN_NUMBERS, Cart, CartItem, Numbers, Order, OrderItem
from engine.commerce.ordering.placing import enter
from engine.commerce.ordering.rules import PaymentMethod, Totals, totals
from engine.commerce.ordering.settling import PAYMENT_TIME
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.commerce.ordering.terms import CheckoutRequest, Terms, agreed
from engine.commerce.ordering.views import OrderView, order_from_json, order_json
from engine.core import access, idempotency
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Conflict
from engine.core.i18n import Message, _
from engine.core.ids import new_id
from engine.core.money import Money
from engine.core.secrets import Secrets
from engine.core.settings import Site
from engine.core.transaction import Tx

Line = tuple[CartItem, Offer]


@dataclass(frozen=True, slots=True)
class Placed:
    """The order as it was when it was placed. is_repeat: it had been placed before, under the same key."""

    order: OrderView
    is_repeat: bool


async def place(
    tx: Tx,
    actor: Actor,
    site: Site,
    secrets: Secrets,
    cart_id: UUID | None,
    key: str,
    request: CheckoutRequest,
    numbers: Numbers = OWN_NUMBERS,
) -> Placed:
    """Turn the cart into an order, once for a key: a repeat is answered as the first time, before the cart is read.

    Raises KeyReused for a key that came with another request, Conflict for a cart that is empty, holds what is not
    sold or not there in these numbers (`details` name it), or costs another sum than the buyer was shown; Invalid
    naming the fields that are missing or wrong.
    """
    access.require(actor, Permission.PLACE_ORDER)
    once = await idempotency.begin(tx, f"checkout:{actor.user_id or cart_id}", key, asdict(request))
    if once.replay is not None:
        return Placed(order_from_json(once.replay), is_repeat=True)
    cart, lines = await _lines(tx, actor, cart_id)
    sums = [offer.unit_price_minor * item.quantity for item, offer in lines]
    needs_delivery = any(offer.is_shippable for _item, offer in lines)
    terms = agreed(request, site, needs_delivery=needs_delivery, subtotal_minor=sum(sums))
    worth = totals(sums, terms.delivery.price_minor if terms.delivery else 0, site.tax)
    _check_expected(request.expected_total_minor, worth.total_minor, site)
    order_id = new_id()
    short = await catalog.take_stock(tx, actor, [(offer.variant_id, item.quantity) for item, offer in lines], order_id)
    if short:
        raise _too_few(short)
    order = _order(order_id, actor, site, terms, worth, tx.now)
    items = [_item(order_id, i, line, worth.line_taxes[i]) for i, line in enumerate(lines)]
    await carts.empty(tx, cart)
    view = await enter(tx, actor, order, items, numbers)
    await letters.write(tx, site, secrets, view, letters.RECEIVED, order.note)
    await idempotency.finish(tx, once, order_json(view))
    return Placed(view, is_repeat=False)


async def _lines(tx: Tx, actor: Actor, cart_id: UUID | None) -> tuple[Cart, list[Line]]:
    """Return the locked cart and its lines with locked offers. Raises Conflict if it is empty or holds what is gone."""
    cart = await carts.find(tx, actor, cart_id)
    items: Sequence[CartItem] = []
    if cart is not None:
        items = list((await tx.execute(_ITEMS, {"cart": cart.id})).scalars())
    if cart is None or not items:
        raise Conflict(_("Your cart is empty. Put something into it first; if you have just ordered, it is done."))
    offers = await catalog.locked_offers(tx, [item.variant_id for item in items])
    gone = [item for item in items if item.variant_id not in offers]
    if gone:
        names = await _names(tx, gone)
        raise Conflict(
            _("No longer sold: {products}. Take it out of your cart to order the rest."),
            details=[
                {"variantId": str(item.variant_id), "product": names[item.variant_id], "reason": "unavailable"}
                for item in gone
            ],
            products=", ".join(f"“{names[item.variant_id]}”" for item in gone),
        )
    return cart, [(item, offers[item.variant_id]) for item in items]


async def _names(tx: Tx, items: Sequence[CartItem]) -> Mapping[UUID, str]:
    ids = [item.variant_id for item in items]
    found = await tx.session.run_sync(lambda session: catalog.offers(session.connection(), ids))
    return {id_: found[id_].product_name if id_ in found else "?" for id_ in ids}


def _too_few(short: Sequence[Shortage]) -> Conflict:
    """Return the refusal that says what is short, and by how much."""

    def sentence(one: Shortage) -> Message:
        if one.left <= 0:
            return _("“{product}” is sold out.").having(product=one.product_name)
        values = {"left": one.left, "product": one.product_name, "wanted": one.wanted}
        return _("Only {left} of “{product}” are left; you asked for {wanted}.").having(**values)

    sentences = [sentence(one) for one in short]
    return Conflict(
        Message(" ".join(f"{{s{i}}}" for i in range(len(sentences))), {f"s{i}": s for i, s in enumerate(sentences)}),
        details=[
            {
                "variantId": str(one.variant_id),
                "product": one.product_name,
                "reason": "short",
                "wanted": one.wanted,
                "left": one.left,
            }
            for one in short
        ],
    )


def _check_expected(expected: int | None, total: int, site: Site) -> None:
    if expected is not None and expected != total:
        currency, language = site.general.currency, site.general.language
        raise Conflict(
            _("The total is now {now}; it was {before} when you looked. Check it and place the order again."),
            details=[{"reason": "price", "total": total, "expected": expected}],
            now=Money(total, currency).format(language),
            before=Money(expected, currency).format(language),
        )


def _order(order_id: UUID, actor: Actor, site: Site, terms: Terms, worth: Totals, now: datetime) -> Order:
    is_free = worth.total_minor == 0
    return Order(
        id=order_id,
        user_id=actor.user_id,
        email=terms.email,
        name=terms.name,
        status=OrderStatus.CONFIRMED if is_free else OrderStatus.PENDING,
        payment_status=PaymentStatus.PAID if is_free else PaymentStatus.PENDING,
        payment_method=terms.payment_method,
        shipping_method=terms.delivery.method if terms.delivery else None,
        shipping_label=terms.delivery.label if terms.delivery else "",
        currency=site.general.currency,
        subtotal_minor=worth.subtotal_minor,
        shipping_minor=worth.shipping_minor,
        tax_minor=worth.tax_minor,
        total_minor=worth.total_minor,
        shipping_tax_minor=worth.shipping_tax_minor,
        tax_label=site.tax.label if site.tax.enabled else "",
        tax_rate_percent=f"{site.tax.rate_percent.normalize():f}" if site.tax.enabled else "0",
        is_tax_included=site.tax.prices_include_tax,
        shipping_address=asdict(terms.address) if terms.address else None,
        note=terms.note,
        payment_due_at=now + PAYMENT_TIME if terms.payment_method is PaymentMethod.CARD and not is_free else None,
        expired_at=None,
    )


def _item(order_id: UUID, position: int, line: Line, tax_minor: int) -> OrderItem:
    item, offer = line
    return OrderItem(
        order_id=order_id,
        position=position,
        product_id=offer.product_id,
        variant_id=offer.variant_id,
        name=offer.product_name[:300],
        variant_title=offer.variant_title[:300],
        sku=offer.sku,
        url=offer.url,
        image_url=offer.image_url,
        quantity=item.quantity,
        unit_price_minor=offer.unit_price_minor,
        total_minor=offer.unit_price_minor * item.quantity,
        tax_minor=tax_minor,
        is_shippable=offer.is_shippable,
        weight_grams=offer.weight_grams,
    )


_ITEMS = select(CartItem).where(CartItem.cart_id == bindparam("cart")).order_by(CartItem.id)
