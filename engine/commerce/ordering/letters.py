"""The e-mails of an order: what they are filled with, and writing them with the change that causes them."""

from collections.abc import Mapping
from typing import Any

from engine.commerce.ordering.rules import DeliveryMethod
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.commerce.ordering.views import OrderView
from engine.core.addresses import lines_of
from engine.core.domain import EmailTemplate
from engine.core.i18n import _
from engine.core.secrets import Secrets
from engine.core.settings import Site
from engine.core.transaction import Tx
from engine.messaging import public as messaging

RECEIVED = "order_received"
#: Steps that the buyer is told of.
BY_STEP: Mapping[OrderStatus, str] = {
    OrderStatus.CONFIRMED: "order_confirmed",
    OrderStatus.SHIPPED: "order_shipped",
    OrderStatus.CANCELLED: "order_cancelled",
}


def status_url(order: OrderView, secrets: Secrets) -> str:
    """Return the secret address at which the buyer follows the order."""
    return f"/orders/{order.id}/{secrets.signature('order', str(order.id))}"


async def write(tx: Tx, site: Site, secrets: Secrets, order: OrderView, template: str, note: str = "") -> None:
    """Write one e-mail to the buyer. note: the shop's own words; what the buyer wrote, where the order is received."""
    values = contents(order, site, secrets, note)
    await messaging.send(
        tx, template=template, to=order.email, values=values, locale=site.general.language, about=order.id
    )


def contents(order: OrderView, site: Site, secrets: Secrets, note: str = "") -> dict[str, Any]:
    """Return what the templates of orders are filled with, as JSON."""

    def money(minor: int) -> dict[str, Any]:
        return {"amount": minor, "currency": order.currency}

    address, is_pickup = order.shipping_address, order.shipping_method is DeliveryMethod.PICKUP
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
        "payment_instructions": site.payments.manual_instructions if order.is_payable else "",
        "is_paid": order.payment_status is not PaymentStatus.PENDING,
        "note": note,
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
    "is_paid": False,
    "note": "",
}

TEMPLATES = (
    EmailTemplate(RECEIVED, _("Order received"), _EXAMPLE),
    EmailTemplate("order_confirmed", _("Order confirmed"), {**_EXAMPLE, "is_paid": True, "payment_instructions": ""}),
    EmailTemplate("order_shipped", _("Order shipped"), {**_EXAMPLE, "note": "Parcel 00340434161094042557"}),
    EmailTemplate("order_cancelled", _("Order cancelled"), {**_EXAMPLE, "note": "The mug broke. We are sorry."}),
)
