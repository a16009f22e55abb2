"""A person's own orders."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from engine.api.request import Caller, House, signed_in
from engine.commerce.ordering import queries
from engine.commerce.ordering.queries import OrderFilter
from engine.commerce.ordering.views import OrderRow
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.money import Money
from engine.core.paging import Page
from ui.admin.lists import page_asked
from ui.respond import page
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
    return await order_page(request, house, order, title, cancel_url=cancel_url, home=HOME)


@router.post("/{order_id}/cancellations")
async def cancel_order(request: Request, order_id: UUID, house: House, actor: Caller) -> Response:
    """Cancel one of them while it is pending."""
    return await cancelled(request, house, actor, order_id, f"/account/orders/{order_id}")
