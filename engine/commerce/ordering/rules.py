"""The arithmetic of a cart and an order: sums, delivery, tax. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from engine.commerce.ports import TEST
from engine.core.site import Payments, Reach, Shipping, Tax

MAX_QUANTITY = 999
MAX_LINES = 100


class DeliveryMethod(StrEnum):
    """How goods reach the buyer."""

    FLAT_RATE = "flat_rate"
    PICKUP = "pickup"


class PaymentMethod(StrEnum):
    """How the buyer pays. `manual`: cash or a bank transfer, marked as paid by staff; `card`: at the provider."""

    MANUAL = "manual"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A way of delivery that is offered for a cart, and what it costs."""

    method: DeliveryMethod
    label: str
    price_minor: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What an order comes to, in minor units. `tax_minor` is inside `total_minor` either way.

    line_taxes and shipping_tax_minor add up to tax_minor exactly.
    """

    subtotal_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    line_taxes: tuple[int, ...]
    shipping_tax_minor: int


def deliveries(shipping: Shipping, subtotal_minor: int) -> list[Delivery]:
    """Return the ways of delivery that the settings offer for goods of this sum."""
    offered = []
    if shipping.flat_rate_enabled:
        is_free = shipping.free_from_minor is not None and subtotal_minor >= shipping.free_from_minor
        price = 0 if is_free else shipping.flat_rate_minor
        offered.append(Delivery(DeliveryMethod.FLAT_RATE, shipping.flat_rate_label, price))
    if shipping.pickup_enabled:
        offered.append(Delivery(DeliveryMethod.PICKUP, shipping.pickup_label, 0))
    return offered


def payment_methods(payments: Payments, storefront: Reach) -> list[PaymentMethod]:
    """Return the ways to pay that the settings offer. storefront: who may reach the shop."""
    card = [PaymentMethod.CARD] if gateway_of(payments, storefront) else []
    return [*card, PaymentMethod.MANUAL] if payments.manual_enabled else card


def gateway_of(payments: Payments, storefront: Reach) -> str | None:
    """Return the provider that takes cards now; None where none does.

    Without a key it is the test gateway, and that only while not everyone can reach the shop or the owner allows it.
    With a key it would be Stripe, which this version does not speak: no card is taken then, rather than in pretence.
    """
    has_key = bool(payments.live_secret_key if payments.mode == "live" else payments.test_secret_key)
    if not payments.enabled or has_key or payments.mode == "live":
        return None
    is_open = storefront is Reach.EVERYONE and not payments.test_gateway_for_everyone
    return None if is_open else TEST


def totals(line_totals: Sequence[int], shipping_minor: int, tax: Tax) -> Totals:
    """Return the sums of an order: the tax is rounded once, on the whole, and shared out to lines and delivery."""
    subtotal = sum(line_totals)
    taxed = [*line_totals, shipping_minor if tax.applies_to_shipping else 0]
    whole = _tax_of(sum(taxed), tax)
    shares = shared(whole, taxed)
    added = 0 if tax.prices_include_tax else whole
    return Totals(
        subtotal_minor=subtotal,
        shipping_minor=shipping_minor,
        tax_minor=whole,
        total_minor=subtotal + shipping_minor + added,
        line_taxes=tuple(shares[:-1]),
        shipping_tax_minor=shares[-1],
    )


def _tax_of(amount: int, tax: Tax) -> int:
    """Return the tax on an amount, or inside it, halves rounded up."""
    if not tax.enabled:
        return 0
    rate = tax.rate_percent / 100
    exact = amount * rate / (1 + rate) if tax.prices_include_tax else amount * rate
    return int(Decimal(exact).to_integral_value(ROUND_HALF_UP))


def shared(whole: int, weights: Sequence[int]) -> list[int]:
    """Return whole numbers in proportion to the weights that add up to `whole` (largest remainders first)."""
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    shares = [whole * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(whole * weights[i] % total), i))
    for i in by_remainder[: whole - sum(shares)]:
        shares[i] += 1
    return shares
