"""An order's story in words: what each event is called, shown the same to the buyer and to staff."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.commerce.ordering.models import EventKind
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.commerce.ordering.views import EventView, OrderView
from engine.core.addresses import lines_of
from engine.core.i18n import Message, _
from engine.core.money import Money
from engine.core.settings import Site

S = OrderStatus
_STEPS: Mapping[OrderStatus, tuple[Message, str, str]] = {
    S.PENDING: (_("Ordered"), "neutral", "shopping-bag"),
    S.CONFIRMED: (_("Confirmed"), "success", "circle-check"),
    S.PROCESSING: (_("Being prepared"), "neutral", "package"),
    S.SHIPPED: (_("Shipped"), "success", "truck"),
    S.IN_TRANSIT: (_("On its way"), "neutral", "truck"),
    S.DELIVERED: (_("Delivered"), "success", "house"),
    S.COMPLETED: (_("Completed"), "success", "check"),
    S.CANCELLED: (_("Cancelled"), "danger", "x"),
    S.REFUNDED: (_("Refunded"), "neutral", "undo-2"),
    S.RETURNED: (_("Goods returned"), "warning", "undo-2"),
}
#: What an order in this state means to the buyer.
MEANING: Mapping[OrderStatus, Message] = {
    S.PENDING: _("We have your order and will confirm it soon."),
    S.CONFIRMED: _("Your order is confirmed. We get it ready now."),
    S.PROCESSING: _("We are getting your order ready."),
    S.SHIPPED: _("Your order has left us."),
    S.IN_TRANSIT: _("Your order is on its way to you."),
    S.DELIVERED: _("Your order has arrived. Enjoy it."),
    S.COMPLETED: _("This order is done. Thank you."),
    S.CANCELLED: _("This order was cancelled. Nothing is sent."),
    S.REFUNDED: _("You have your money back."),
    S.RETURNED: _("Your goods came back to us."),
}


@dataclass(frozen=True)
class Chapter:
    """One event as a timeline shows it."""

    id: UUID
    title: Message
    at: datetime
    by: str
    text: str
    meaning: str
    icon: str


@dataclass(frozen=True)
class ItemShown:
    """One line of an order, with its sum."""

    name: str
    details: str
    sku: str
    url: str
    image_url: str | None
    quantity: int
    unit_price: Money
    total: Money


def told(events: Iterable[EventView], *, with_names: bool) -> list[Chapter]:
    """Return the story, newest first."""
    return [_chapter(event, with_names=with_names) for event in reversed(list(events))]


def _chapter(event: EventView, *, with_names: bool) -> Chapter:
    title, meaning, icon = _STEPS[event.status]
    if event.kind is EventKind.PAYMENT:
        title, meaning, icon = _("Paid"), "success", "banknote"
    elif event.kind is EventKind.PAYMENT_FAILED:
        title, meaning, icon = _("Payment did not go through"), "danger", "credit-card"
    elif event.kind is EventKind.REFUND:
        title, meaning, icon = _("Money returned"), "neutral", "undo-2"
    elif event.kind is EventKind.NOTE:
        title, meaning, icon = _("Note"), "neutral", "pencil"
    elif event.kind is EventKind.PLACED:
        title, meaning, icon = _STEPS[S.PENDING]
    by = event.actor if with_names else ""
    return Chapter(event.id, title, event.created_at, by, event.note, meaning, icon)


def items_of(order: OrderView) -> list[ItemShown]:
    """Return the lines with their sums."""
    return [
        ItemShown(
            name=line.name,
            details=line.variant_title,
            sku=line.sku,
            url=line.url,
            image_url=line.image_url,
            quantity=line.quantity,
            unit_price=Money(line.unit_price_minor, order.currency),
            total=Money(line.total_minor, order.currency),
        )
        for line in order.lines
    ]


def sums_of(order: OrderView, site: Site) -> list[tuple[Message | str, str]]:
    """Return what the order is made up of, line by line, without the total."""

    def written(minor: int) -> str:
        return Money(minor, order.currency).format(site.general.language)

    rows: list[tuple[Message | str, str]] = [(_("Subtotal"), written(order.subtotal_minor))]
    if order.shipping_method:
        rows.append((order.shipping_label, written(order.shipping_minor)))
    if order.tax_minor:
        name = f"{order.tax_label} {order.tax_rate_percent} %"
        label = _("Includes {tax}").having(tax=name) if order.is_tax_included else name
        rows.append((label, written(order.tax_minor)))
    return rows


def total_of(order: OrderView) -> Money:
    """Return what the order comes to."""
    return Money(order.total_minor, order.currency)


def address_of(order: OrderView, site: Site) -> list[str]:
    """Return where it goes, line by line; an empty list where nothing is sent."""
    return lines_of(order.shipping_address, site.general.language) if order.shipping_address else []


def payment_state(status: OrderStatus, payment: PaymentStatus) -> str:
    """Return the word that a badge knows for where the money is; nothing is owed for what was cancelled unpaid."""
    if payment is not PaymentStatus.PENDING:
        return payment.value
    return "not_due" if status in (S.CANCELLED, S.RETURNED, S.REFUNDED) else "unpaid"
