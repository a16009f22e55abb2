"""An order as its buyer follows it: by the secret link of the confirmation, without signing in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from engine.api.ports import Ports
from engine.api.request import Caller, House, public
from engine.api.routing import APIRouter
from engine.commerce.ordering import orders
from engine.commerce.ordering.letters import status_url
from engine.commerce.ordering.rules import DeliveryMethod, PaymentMethod
from engine.commerce.ordering.states import OrderStatus, Party, PaymentStatus
from engine.commerce.ordering.views import OrderView
from engine.content.files import links
from engine.content.files.queries import opened_by_entry
from engine.content.forms import queries as forms
from engine.content.forms.models import AfterSending
from engine.content.forms.queries import FormView
from engine.core.errors import AgoraError
from engine.core.i18n import Message, _, format_message
from engine.core.money import Money
from engine.core.settings import Site
from ui.page import Flash
from ui.respond import own_address, page, redirect
from ui.storefront.held import private
from ui.storefront.navigation import dial_address
from ui.storefront.paying import PaymentShown, payment_shown, signed_order
from ui.storefront.progress import Step, next_of, steps_of
from ui.storytelling import MEANING, Chapter, ItemShown, address_of, items_of, payment_state, sums_of, told, total_of

router = APIRouter(include_in_schema=False, dependencies=[public])


@dataclass(frozen=True)
class OrderPage:
    """An order as the buyer sees it.

    cancel_url: where it can be cancelled, while that is possible; repeat_url: where a signed-in buyer orders it again.
    said, go_on: the words and the page that the form has for who paid, where a form asked for the order; files: what
    the form opens to them, each with the page that it is had from.
    help_address, help_phone: mailto: and tel: addresses of who can help, empty where there are none.
    """

    order: OrderView
    title: Message
    text: Message
    is_new: bool
    items: list[ItemShown]
    sums: list[tuple[Message | str, str]]
    total: Money
    payment: str
    payment_text: str
    paying: PaymentShown | None
    pay_until: datetime | None
    here: str
    pickup_text: str
    address: list[str]
    story: list[Chapter]
    steps: list[Step]
    next: Message
    said: str
    go_on: str
    files: Sequence[tuple[str, str]]
    contact_email: str
    phone: str
    help_address: str
    help_phone: str
    repeat_url: str | None
    cancel_url: str | None
    home: tuple[Message, str] | None


@router.get("/checkout/confirmation/{order_id}/{signature}")
async def show_confirmation(request: Request, order_id: UUID, signature: str, house: House) -> Response:
    """Answer the page after ordering."""
    order = await signed_order(house, order_id, signature)
    thanks = _("Thank you. Your order is in.")
    if order.entry_id is not None:
        is_paid = order.payment_status is PaymentStatus.PAID
        thanks = _("Thank you. Your payment is here.") if is_paid else _("Thank you. We have what you sent.")
    return await order_page(request, house, order, thanks, cancel_url=None, is_new=True)


@router.get("/orders/{order_id}/{signature}")
async def show_status(request: Request, order_id: UUID, signature: str, house: House) -> Response:
    """Answer an order to whoever has its link."""
    order = await signed_order(house, order_id, signature)
    title = _("Order {number}").having(number=order.number)
    cancel_url = f"{status_url(order, house.secrets)}/cancellations"
    return await order_page(request, house, order, title, cancel_url=cancel_url)


@router.post("/orders/{order_id}/{signature}/cancellations")
async def cancel_order(request: Request, order_id: UUID, signature: str, house: House, actor: Caller) -> Response:
    """Cancel a pending order for whoever has its link."""
    order = await signed_order(house, order_id, signature)
    return await cancelled(request, house, actor, order.id, status_url(order, house.secrets), holds_link=True)


async def cancelled(
    request: Request, house: Ports, actor: Caller, order_id: UUID, back: str, *, holds_link: bool = False
) -> Response:
    """Cancel an order for its buyer; say what came of it on the page they came from."""
    flash: Flash | Message = _("The order is cancelled.")
    try:
        async with house.db.write() as tx:
            await orders.step(
                tx, actor, house.site, house.secrets, order_id, OrderStatus.CANCELLED, holds_link=holds_link
            )
    except AgoraError as error:
        flash = Flash(error.message, "danger")
    return redirect(back, flash=flash, request=request)


async def order_page(
    request: Request,
    house: Ports,
    order: OrderView,
    title: Message,
    *,
    cancel_url: str | None,
    is_new: bool = False,
    home: tuple[Message, str] | None = None,
    repeat_url: str | None = None,
) -> Response:
    """Answer an order's page for its buyer."""
    site = house.site
    can_cancel = OrderStatus.CANCELLED in order.next_steps(Party.BUYER)
    is_picked_up = order.shipping_method is DeliveryMethod.PICKUP
    paying = await payment_shown(house, order)
    form = await _form_of(house, order)
    sent_to = _("The confirmation goes to {email}.").having(email=order.email)
    context = OrderPage(
        order=order,
        title=title,
        text=sent_to if is_new else _meaning(order, paying),
        is_new=is_new,
        items=items_of(order),
        sums=sums_of(order, site),
        total=total_of(order),
        payment=payment_state(order.status, order.payment_status),
        payment_text=site.payments.manual_instructions if order.is_payable else "",
        paying=paying,
        pay_until=order.payment_due_at if paying and paying.pay_url else None,
        here=request.url.path,
        pickup_text=site.shipping.pickup_instructions if is_picked_up else "",
        address=address_of(order, site),
        story=told(order.public_events, with_names=False),
        steps=steps_of(order),
        next=next_of(order),
        said=form.confirmation if form else "",
        go_on=own_address(form.confirmation_url, "") if form and form.after is AfterSending.PAGE else "",
        files=await _files_of(house, order),
        contact_email=site.general.contact_email,
        phone=site.general.phone,
        help_address=_mail_address(site, order),
        help_phone=dial_address(site.general.phone),
        repeat_url=repeat_url if order.entry_id is None else None,
        cancel_url=cancel_url if can_cancel else None,
        home=home,
    )
    answer = await page(request, "storefront/order.html", context, title=title, indexed=False)
    return private(answer)


async def _form_of(house: Ports, order: OrderView) -> FormView | None:
    """Return the form that a paid order was made for, where it still is there."""
    if order.entry_id is None or order.payment_status is not PaymentStatus.PAID:
        return None
    return await house.db.query(forms.asked_by, order.entry_id)


async def _files_of(house: Ports, order: OrderView) -> list[tuple[str, str]]:
    """Return (title, page) of each file that is theirs who paid for the entry."""
    entry_id = order.entry_id
    if entry_id is None:
        return []
    found, now = await house.db.query(opened_by_entry, entry_id), house.clock.now()
    return [(one.title, f"/files/{one.slug}?fill={links.fill(house.secrets, one.id, entry_id, now)}") for one in found]


def _mail_address(site: Site, order: OrderView) -> str:
    if not site.general.contact_email:
        return ""
    subject = format_message(_("Order {number}").having(number=order.number), site.general.language)
    return f"mailto:{site.general.contact_email}?subject={quote(subject)}"


def _meaning(order: OrderView, paying: PaymentShown | None) -> Message:
    """Return what the order's state means to the buyer; one that waits for its payment says so."""
    if paying is not None and paying.kind == "danger":
        return _("The payment did not go through. We keep everything for you while you try again.")
    if order.payment_method is PaymentMethod.CARD and order.status is OrderStatus.PENDING:
        return _("We keep everything for you while you pay.")
    return MEANING[order.status]
