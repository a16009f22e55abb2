"""The buyer's way to the payment page and back, and how the payment of an order stands in words."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from engine.api.ports import Ports
from engine.api.request import Caller, House, origin_of, public
from engine.api.routing import APIRouter
from engine.commerce.ordering import ledger, payment_flows, queries
from engine.commerce.ordering.ledger import AttemptLine
from engine.commerce.ordering.letters import status_url
from engine.commerce.ordering.rules import PaymentMethod
from engine.commerce.ordering.settling import AttemptStatus
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.commerce.ordering.views import OrderView
from engine.commerce.ports import TEST
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Conflict, NotFound, Unavailable
from engine.core.i18n import Message, _
from engine.core.money import Money
from ui.page import Flash
from ui.respond import redirect

router = APIRouter(include_in_schema=False, dependencies=[public])

#: Why a bank says no, by the provider's word.
FAILURES: Mapping[str, Message] = {
    "declined": _("The bank declined the card."),
    "card_declined": _("The bank declined the card."),
    "insufficient_funds": _("There is not enough money on the card."),
    "expired_card": _("The card is no longer valid."),
    "authentication_failed": _("The payment was not approved by the card’s owner."),
}


@dataclass(frozen=True)
class PaymentShown:
    """How the payment of an order stands, and what the buyer can do. pay_url: where a form leads to the payment page.

    look_url: where the page is asked for again while the bank works on it.
    """

    kind: Literal["info", "warning", "danger", "success"]
    title: Message
    text: Message | None = None
    pay_url: str | None = None
    pay_label: Message | None = None
    look_url: str | None = None
    is_test: bool = False


async def payment_shown(house: Ports, order: OrderView) -> PaymentShown | None:
    """Return how an online payment stands; None for orders that are paid otherwise, or where nothing is to be said."""
    if order.payment_method is not PaymentMethod.CARD:
        return None
    last = await house.db.query(ledger.last_attempt, order.id)
    shown = _open(house, order, last) if order.is_payable else _over(order)
    return replace(shown, is_test=last is not None and last.provider == TEST) if shown else None


def _open(house: Ports, order: OrderView, last: AttemptLine | None) -> PaymentShown:
    link = status_url(order, house.secrets)
    if last is not None and last.status is AttemptStatus.PROCESSING:
        text = _("Your bank is still working on it. You may close this page: we write to you as soon as we know.")
        return PaymentShown("info", _("We wait for your bank"), text, look_url=f"{link}/payments/return")
    if last is not None and last.status is AttemptStatus.FAILED:
        title = _("The payment did not go through")
        return PaymentShown("danger", title, why(last), f"{link}/payments", _("Try again"))
    total = Money(order.total_minor, order.currency).format(house.site.general.language)
    return PaymentShown("info", _("{total} is open").having(total=total), None, f"{link}/payments", _("Pay now"))


def _over(order: OrderView) -> PaymentShown | None:
    if order.payment_status is PaymentStatus.REFUND_NEEDED:
        text = _("A payment for this order arrived that we do not keep. We send it back and write to you.")
        return PaymentShown("warning", _("Your money comes back"), text)
    if order.status is OrderStatus.CANCELLED and order.expired_at is not None:
        text = _("The payment did not arrive in time, so the order was cancelled. Nothing was charged.")
        return PaymentShown("warning", _("Not paid in time"), text)
    return None


def why(attempt: AttemptLine) -> Message:
    """Return why an attempt came to nothing."""
    reason = FAILURES.get(attempt.failure, _("The bank did not accept the payment."))
    return _("{reason} Nothing was charged. Try again, with another card if you like.").having(reason=reason)


async def to_payment(request: Request, house: Ports, actor: Actor, order: OrderView) -> Response:
    """Lead the buyer of an order to the provider's page; where nothing is due or it is away, to the order's own."""
    link = status_url(order, house.secrets)
    try:
        attempt = await payment_flows.pay(house.till, actor, order.id, origin=origin_of(request), holds_link=True)
    except Unavailable:
        words = _("The payment page cannot be reached just now. Your order is kept: try again in a minute.")
        return redirect(link, flash=Flash(words, "warning"), request=request)
    except Conflict as refusal:
        return await _after(request, house, order.id, refusal)
    if not attempt.is_live:
        return await _after(request, house, order.id)
    if attempt.page_url.startswith("https://"):
        return RedirectResponse(attempt.page_url, 303)
    return redirect(attempt.page_url)


async def to_pay(request: Request, house: Ports, actor: Actor, order_id: UUID) -> Response:
    """Lead the buyer of an order on from where it was placed: to pay by card, or to the page that says how else."""
    order = await house.db.query(queries.order, order_id)
    assert order is not None  # noqa: S101 - it was placed a moment ago, and orders stay
    if order.payment_method is PaymentMethod.CARD and order.is_payable:
        return await to_payment(request, house, actor, order)
    return redirect(f"/checkout/confirmation{status_url(order, house.secrets).removeprefix('/orders')}")


@router.post("/orders/{order_id}/{signature}/payments")
async def pay(request: Request, order_id: UUID, signature: str, house: House, actor: Caller) -> Response:
    """Lead whoever has an order's link to the payment page, as often as they ask."""
    return await to_payment(request, house, actor, await signed_order(house, order_id, signature))


@router.get("/orders/{order_id}/{signature}/payments/return")
async def come_back(request: Request, order_id: UUID, signature: str, house: House) -> Response:
    """Take the buyer back from the payment page: ask how it stands, and show the order."""
    await signed_order(house, order_id, signature)
    with suppress(Unavailable, Conflict):
        await payment_flows.look(house.till, order_id)
    return await _after(request, house, order_id)


async def signed_order(house: Ports, order_id: UUID, signature: str) -> OrderView:
    """Return the order if the signature is its own; otherwise it is not found, whether it is there or not."""
    order = None
    if house.secrets.signed("order", str(order_id), signature):
        order = await house.db.query(queries.order, order_id)
    if order is None:
        raise NotFound(_("There is no order at this address. Copy the whole link from the e-mail."))
    return order


async def _after(request: Request, house: Ports, order_id: UUID, refusal: AgoraError | None = None) -> Response:
    """Lead to the thanks for an order that is paid, else to its page, which says what can be done."""
    order = await house.db.query(queries.order, order_id)
    assert order is not None  # noqa: S101 - it was there a moment ago, and orders stay
    link = status_url(order, house.secrets)
    if order.payment_status is PaymentStatus.PAID:
        return redirect(f"/checkout/confirmation{link.removeprefix('/orders')}")
    flash = Flash(refusal.message, "warning") if refusal else None
    return redirect(link, flash=flash, request=request)
