"""Orders that forms ask for: one line of a named thing, no goods, paid by the ways and on the pages of the shop."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.commerce.ordering import letters
from engine.commerce.ordering.models import Order, OrderItem
from engine.commerce.ordering.placing import enter
from engine.commerce.ordering.rules import PaymentMethod, Totals, payment_methods, totals
from engine.commerce.ordering.settling import PAYMENT_TIME
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.content.forms.public import Bill
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.ids import new_id
from engine.core.secrets import Secrets
from engine.core.settings import SettingsStore, Site
from engine.core.site import Tax
from engine.core.transaction import Tx


@dataclass(frozen=True, slots=True)
class ShopCashier:
    """Takes the money of forms through the shop: their `Cashier`."""

    settings: SettingsStore
    secrets: Secrets

    @property
    def currency(self) -> str:
        return self.settings.site.general.currency

    def ways(self) -> tuple[str, ...]:
        """Return the ways to pay that the checkout offers too."""
        site = self.settings.site
        return tuple(str(one) for one in payment_methods(site.payments, site.system.surfaces.storefront))

    async def bill(self, tx: Tx, actor: Actor, bill: Bill) -> UUID:
        """Make the order of an entry; a second one for the same entry cannot be written down."""
        access.require(actor, Permission.PLACE_ORDER)
        site = self.settings.site
        worth = totals([bill.amount.amount], 0, _inside(site.tax, is_taxed=bill.is_taxed))
        order = _order(bill, actor, site, worth, tx.now)
        view = await enter(tx, actor, order, [_item(order.id, bill, worth)])
        if order.payment_method is PaymentMethod.MANUAL:
            await letters.write(tx, site, self.secrets, view, letters.BILL)
        return order.id

    def page_of(self, order_id: UUID) -> str:
        return letters.signed_path(order_id, self.secrets)


def _inside(tax: Tax, *, is_taxed: bool) -> Tax:
    """Return the tax as forms have it: inside the amount that a visitor was shown, whatever prices of goods are."""
    return tax.model_copy(update={"enabled": tax.enabled and is_taxed, "prices_include_tax": True})


def _order(bill: Bill, actor: Actor, site: Site, worth: Totals, now: datetime) -> Order:
    is_taxed = worth.tax_minor > 0
    method = PaymentMethod(bill.way)
    return Order(
        id=new_id(),
        entry_id=bill.entry_id,
        user_id=actor.user_id,
        email=bill.email,
        name=bill.name[:200],
        status=OrderStatus.PENDING,
        payment_status=PaymentStatus.PENDING,
        payment_method=method,
        shipping_method=None,
        shipping_label="",
        currency=bill.amount.currency,
        subtotal_minor=worth.subtotal_minor,
        shipping_minor=0,
        tax_minor=worth.tax_minor,
        total_minor=worth.total_minor,
        shipping_tax_minor=0,
        tax_label=site.tax.label if is_taxed else "",
        tax_rate_percent=f"{site.tax.rate_percent.normalize():f}" if is_taxed else "0",
        is_tax_included=True,
        shipping_address=None,
        note="",
        payment_due_at=now + PAYMENT_TIME if method is PaymentMethod.CARD else None,
        expired_at=None,
    )


def _item(order_id: UUID, bill: Bill, worth: Totals) -> OrderItem:
    return OrderItem(
        order_id=order_id,
        position=0,
        product_id=None,
        variant_id=None,
        name=bill.what[:300],
        variant_title=bill.details[:300],
        sku="",
        url=bill.url[:300],
        image_url=None,
        quantity=1,
        unit_price_minor=bill.amount.amount,
        total_minor=bill.amount.amount,
        tax_minor=worth.line_taxes[0],
        is_shippable=False,
        weight_grams=None,
    )
