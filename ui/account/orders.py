"""A person's own orders."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from engine.api.request import Caller, House, signed_in
from engine.api.routing import APIRouter
from engine.commerce.ordering import queries, repeats
from engine.commerce.ordering.queries import OrderFilter
from engine.commerce.ordering.repeats import Repeated
from engine.commerce.ordering.views import OrderRow
from engine.core.errors import NotFound
from engine.core.i18n import Message, _
from engine.core.money import Money
from engine.core.paging import Page
from ui.admin.lists import page_asked
from ui.page import Flash
from ui.respond import page, redirect
from ui.storefront.held import private
from ui.storefront.status import cancelled, order_page
from ui.storytelling import payment_state

router = APIRouter(prefix="/account/orders", include_in_schema=False, dependencies=[signed_in])
LIMIT = 20
HOME = (_("My orders"), "/account/orders")


@dataclass(frozen=True)
class OwnRow:
    """One of them."""

    id: UUID
    order: OrderRow
    total: Money
    payment: str


@dataclass(frozen=True)
class OwnOrders:
    """The list."""

    found: Page[OwnRow]


@router.get("")
async def show_orders(request: Request, house: House, actor: Caller) -> Response:
    """Answer the list, newest first."""
    wanted = OrderFilter(user_id=actor.user_id)
    rows = await house.db.query(queries.order_rows, wanted, page_asked(request, LIMIT))
    found = rows.map(
        lambda row: OwnRow(
            row.id, row, Money(row.total_minor, row.currency), payment_state(row.status, row.payment_status)
        )
    )
    answer = await page(request, "account/orders.html", OwnOrders(found), title=_("My orders"), indexed=False)
    return private(answer)


@router.get("/{order_id}")
async def show_order(request: Request, order_id: UUID, house: House, actor: Caller) -> Response:
    """Answer one of them; somebody else's is not found."""
    order = await house.db.query(queries.order, order_id, user_id=actor.user_id)
    if order is None:
        raise NotFound(_("There is no such order."))
    title = _("Order {number}").having(number=order.number)
    cancel_url = f"/account/orders/{order.id}/cancellations"
    repeat_url = f"/account/orders/{order.id}/repeats"
    return await order_page(request, house, order, title, cancel_url=cancel_url, home=HOME, repeat_url=repeat_url)


@router.post("/{order_id}/cancellations")
async def cancel_order(request: Request, order_id: UUID, house: House, actor: Caller) -> Response:
    """Cancel one of them while it is pending."""
    return await cancelled(request, house, actor, order_id, f"/account/orders/{order_id}")


@router.post("/{order_id}/repeats")
async def repeat_order(request: Request, order_id: UUID, house: House, actor: Caller) -> Response:
    """Put what an order held into the cart, as far as it is still sold, and show it there."""
    async with house.db.write() as tx:
        repeated = await repeats.order_again(tx, actor, house.site, order_id)
    return redirect("/cart", flash=_told(repeated), request=request)


def _told(repeated: Repeated) -> Flash | Message:
    """Return what went into the cart, and what did not."""
    if not repeated.missing:
        return _("All of it is in your cart again.")
    names = ", ".join(f"“{one.name}”" for one in repeated.missing)
    if not repeated.added:
        return Flash(_("Nothing of this order can be had now: {names}.").having(names=names), "warning")
    message = _("The rest is in your cart. Not there, or not in these numbers: {names}.").having(names=names)
    return Flash(message, "warning")
