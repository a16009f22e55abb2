"""The e-mails of an order: what they are filled with, and writing them with the change that causes them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.commerce.ordering.rules import DeliveryMethod, PaymentMethod
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.commerce.ordering.views import OrderView
from engine.core.addresses import lines_of
from engine.core.domain import EmailTemplate, LetterKind
from engine.core.i18n import Message, _
from engine.core.money import Money
from engine.core.secrets import Secrets
from engine.core.settings import Site
from engine.core.transaction import Tx
from engine.messaging import public as messaging

RECEIVED = "order_received"
FAILED = "payment_failed"
EXPIRED = "payment_expired"
REFUNDED = "payment_refunded"
BILL = "form_bill"
RECEIPT = "form_receipt"
#: Steps that the buyer is told of.
BY_STEP: Mapping[OrderStatus, str] = {
    OrderStatus.CONFIRMED: "order_confirmed",
    OrderStatus.SHIPPED: "order_shipped",
    OrderStatus.CANCELLED: "order_cancelled",
}


def status_url(order: OrderView, secrets: Secrets) -> str:
    """Return the secret address at which the buyer follows the order."""
    return signed_path(order.id, secrets)


def signed_path(order_id: UUID, secrets: Secrets) -> str:
    """Return the secret path of an order's pages."""
    return f"/orders/{order_id}/{secrets.signature('order', str(order_id))}"


async def write(
    tx: Tx,
    site: Site,
    secrets: Secrets,
    order: OrderView,
    template: str,
    note: str = "",
    *,
    refund: Money | None = None,
    reason: str = "",
) -> None:
    """Write one e-mail to the buyer. note: the shop's own words; what the buyer wrote, where the order is received.

    refund, reason: money that went back, and why.
    """
    if not order.email:  # its buyer was erased
        return
    returned = {"amount": refund.amount, "currency": refund.currency} if refund else None
    values = {**contents(order, site, secrets, note), "refund": returned, "reason": reason}
    await messaging.send(
        tx, template=template, to=order.email, values=values, locale=site.general.language, about=order.id
    )


def contents(order: OrderView, site: Site, secrets: Secrets, note: str = "") -> dict[str, Any]:
    """Return what the templates of orders are filled with, as JSON."""

    def money(minor: int) -> dict[str, Any]:
        return {"amount": minor, "currency": order.currency}

    address, is_pickup = order.shipping_address, order.shipping_method is DeliveryMethod.PICKUP
    is_card = order.payment_method is PaymentMethod.CARD
    return {
        "number": order.number,
        "name": order.name,
        "placed_at": order.created_at.isoformat(),
        "status_url": status_url(order, secrets),
        "items": [
            {
                "name": line.name,
                "details": line.variant_title,
                "quantity": line.quantity,
                "unit_price": money(line.unit_price_minor),
                "total": money(line.total_minor),
            }
            for line in order.lines
        ],
        "subtotal": money(order.subtotal_minor),
        "shipping_label": order.shipping_label,
        "shipping": money(order.shipping_minor) if order.shipping_method else None,
        "tax_label": f"{order.tax_label} {order.tax_rate_percent} %" if order.tax_minor else "",
        "tax": money(order.tax_minor),
        "is_tax_included": order.is_tax_included,
        "total": money(order.total_minor),
        "shipping_address": lines_of(address, site.general.language) if address else [],
        "pickup_instructions": site.shipping.pickup_instructions if is_pickup else "",
        "payment_instructions": site.payments.manual_instructions if order.is_payable and not is_card else "",
        "pay_until": order.payment_due_at.isoformat() if order.payment_due_at and order.is_payable else "",
        "is_paid": order.payment_status is not PaymentStatus.PENDING,
        "note": note,
        "refund": None,
        "reason": "",
    }


def _money(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR"}


_EXAMPLE: Mapping[str, Any] = {
    "number": "1042",
    "name": "Ada Lovelace",
    "placed_at": "2026-06-01T12:00:00+00:00",
    "status_url": "/orders/example/example",
    "items": [
        {"name": "Blue mug", "details": "Large", "quantity": 2, "unit_price": _money(1450), "total": _money(2900)},
        {"name": "Linen towel", "details": "", "quantity": 1, "unit_price": _money(1900), "total": _money(1900)},
    ],
    "subtotal": _money(4800),
    "shipping_label": "Standard delivery",
    "shipping": _money(490),
    "tax_label": "VAT 19 %",
    "tax": _money(845),
    "is_tax_included": True,
    "total": _money(5290),
    "shipping_address": ["Ada Lovelace", "12 St James’s Square", "LONDON", "SW1Y 4JH", "United Kingdom"],
    "pickup_instructions": "",
    "payment_instructions": "Please transfer the sum to DE02 1203 0000 0000 2020 51, with the order number.",
    "pay_until": "",
    "is_paid": False,
    "note": "",
    "refund": None,
    "reason": "",
}
_UNTIL = "2026-06-01T12:10:00+00:00"
_PAID_BY_CARD = {**_EXAMPLE, "payment_instructions": ""}

_FOR_A_FORM: Mapping[str, Any] = {
    **_EXAMPLE,
    "items": [
        {"name": "Membership", "details": "Family", "quantity": 1, "unit_price": _money(4000), "total": _money(4000)},
    ],
    "subtotal": _money(4000),
    "shipping_label": "",
    "shipping": None,
    "tax_label": "",
    "tax": _money(0),
    "total": _money(4000),
    "shipping_address": [],
}

_NAMES: Mapping[str, Message] = {
    "number": _("The order’s number"),
    "name": _("The buyer’s name"),
    "placed_at": _("When it was placed"),
    "status_url": _("The order’s page, as a link"),
    "items": _("What was ordered, as a table"),
    "items.name": _("Its name"),
    "items.details": _("Its options"),
    "items.quantity": _("How many"),
    "items.unit_price": _("The price of one"),
    "items.total": _("The price of all of it"),
    "totals": _("The sums, as a table"),
    "subtotal": _("The sum before delivery"),
    "shipping_label": _("How it is delivered"),
    "shipping": _("What delivery costs"),
    "tax_label": _("The tax’s name and rate"),
    "tax": _("The tax"),
    "is_tax_included": _("Whether prices hold the tax"),
    "total": _("The sum of all"),
    "shipping_address": _("Where it goes"),
    "pickup_instructions": _("Where to pick it up"),
    "payment_instructions": _("How to pay, where it is not by card"),
    "pay_until": _("Until when to pay by card"),
    "is_paid": _("Whether it is paid"),
    "note": _("A note: the buyer’s where the order is received, yours elsewhere"),
    "refund": _("What is returned"),
    "reason": _("Why it is returned"),
}


def _letter(
    key: str, title: Message, example: Mapping[str, Any], kind: LetterKind = LetterKind.ORDERS
) -> EmailTemplate:
    return EmailTemplate(key, title, example, kind, _NAMES)


TEMPLATES = (
    _letter(RECEIVED, _("Order received"), _EXAMPLE),
    _letter("order_confirmed", _("Order confirmed"), {**_EXAMPLE, "is_paid": True, "payment_instructions": ""}),
    _letter("order_shipped", _("Order shipped"), {**_EXAMPLE, "note": "Parcel 00340434161094042557"}),
    _letter("order_cancelled", _("Order cancelled"), {**_EXAMPLE, "note": "The mug broke. We are sorry."}),
    _letter(FAILED, _("Payment failed"), {**_PAID_BY_CARD, "pay_until": _UNTIL}, LetterKind.PAYMENTS),
    _letter(EXPIRED, _("Payment did not arrive in time"), _PAID_BY_CARD, LetterKind.PAYMENTS),
    _letter(
        REFUNDED,
        _("Money returned"),
        {**_PAID_BY_CARD, "refund": _money(5290), "reason": "The order was cancelled."},
        LetterKind.PAYMENTS,
    ),
    _letter(BILL, _("How to pay what a form asks for"), _FOR_A_FORM, LetterKind.PAYMENTS),
    _letter(
        RECEIPT,
        _("Receipt of what a form asks for"),
        {**_FOR_A_FORM, "is_paid": True, "payment_instructions": ""},
        LetterKind.PAYMENTS,
    ),
)
