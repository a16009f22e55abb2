"""Orders: the list as it fills, one order's whole story on one page, and every step that can be taken from there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from engine.api.ports import Ports
from engine.api.request import Caller, House, actor_of, allow
from engine.api.routing import APIRouter
from engine.commerce.ordering import finding, ledger, orders, payment_flows, payments, queries, refunding
from engine.commerce.ordering.ledger import Ledger
from engine.commerce.ordering.letters import status_url
from engine.commerce.ordering.queries import TO_SHIP, OrderCounts, OrderFilter
from engine.commerce.ordering.states import OrderStatus, Party, PaymentStatus
from engine.commerce.ordering.views import OrderRow, OrderView
from engine.content.forms import queries as forms
from engine.core import access
from engine.core.access import Permission
from engine.core.errors import AgoraError, NotFound
from engine.core.i18n import Message, _
from engine.core.money import Money
from engine.core.paging import Page
from ui.admin.lists import address, asked, next_pages, page_asked
from ui.admin.orders.money import WAYS, Owed, Tried, owed_of, tried_of
from ui.admin.orders.words import Step, steps_of
from ui.forms import Errors, errors_of, typed
from ui.page import Flash
from ui.respond import page, redirect
from ui.storytelling import Chapter, ItemShown, address_of, items_of, payment_state, sums_of, told, total_of

HOME = "/admin/orders"
OPEN = tuple(s for s in OrderStatus if s not in (OrderStatus.CANCELLED, OrderStatus.REFUNDED, OrderStatus.RETURNED))
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_ORDERS)])

VIEWS: Mapping[str, tuple[Message, OrderFilter]] = {
    "": (_("All"), OrderFilter()),
    "new": (_("New"), OrderFilter(statuses=[OrderStatus.PENDING])),
    "to-ship": (_("To send"), OrderFilter(statuses=TO_SHIP)),
    "unpaid": (_("Unpaid"), OrderFilter(statuses=OPEN, payment_statuses=[PaymentStatus.PENDING])),
    "refund": (_("Refund needed"), OrderFilter(payment_statuses=[PaymentStatus.REFUND_NEEDED])),
    "cancelled": (_("Cancelled"), OrderFilter(statuses=[OrderStatus.CANCELLED])),
}


@dataclass(frozen=True)
class RowShown:
    """An order in the list."""

    id: UUID
    order: OrderRow
    total: Money
    payment: str


@dataclass(frozen=True)
class OrderList:
    """The list. is_searched: whether words narrow it."""

    found: Page[RowShown]
    tabs: list[tuple[Message, str, int | None]]
    here: str
    view: str
    search: str
    pages_url: str
    storefront_url: str


@dataclass(frozen=True)
class OrderStory:
    """One order, whole."""

    order: OrderView
    items: list[ItemShown]
    sums: list[tuple[Message | str, str]]
    total: Money
    payment: str
    address: list[str]
    story: list[Chapter]
    steps: list[Step]
    link: str
    url: str
    owed: list[Owed]
    attempts: list[Tried]
    way: Message
    form: tuple[str, str] | None = None
    note: str = ""
    errors: Errors = field(default_factory=dict)


@router.get("")
async def show_orders(request: Request, house: House) -> Response:
    """Answer the list; new orders arrive in it by themselves."""
    view = asked(request, "view") if asked(request, "view") in VIEWS else ""
    search = asked(request, "q")
    base = VIEWS[view][1]
    wanted = OrderFilter(statuses=base.statuses, payment_statuses=base.payment_statuses, search=search)
    wanted = await finding.narrowed(house.db, house.search, wanted)
    rows = await house.db.query(queries.order_rows, wanted, page_asked(request))
    counts = await house.db.query(queries.order_counts)
    kept = {"view": view, "q": search}
    context = OrderList(
        found=rows.map(
            lambda row: RowShown(
                row.id, row, Money(row.total_minor, row.currency), payment_state(row.status, row.payment_status)
            )
        ),
        tabs=[(label, address(HOME, {"view": name}), _count(counts, name)) for name, (label, _wanted) in VIEWS.items()],
        here=address(HOME, kept, page=rows.page if rows.page > 1 else ""),
        view=view,
        search=search,
        pages_url=next_pages(HOME, kept),
        storefront_url="/",
    )
    return await page(request, "admin/orders/list.html", context, title=_("Orders"), block="orders_card")


@router.get("/{order_id}")
async def show_order(request: Request, order_id: UUID, house: House) -> Response:
    """Answer one order with everything about it; its story goes on by itself."""
    return await _story(request, house, order_id)


@router.post("/{order_id}/transitions")
async def step(request: Request, order_id: UUID, house: House, actor: Caller) -> Response:
    """Bring the order to its next state, with words to the buyer where staff wrote some."""
    said = await typed(request)
    try:
        to = OrderStatus(said.get("to", ""))
    except ValueError:
        return _back(request, order_id, Flash(_("There is no such state. Choose one of the buttons."), "danger"))
    try:
        async with house.db.write() as tx:
            await orders.step(tx, actor, house.site, house.secrets, order_id, to, said.get("note", ""))
    except AgoraError as error:
        return _back(request, order_id, _refusal(error))
    return _back(request, order_id, _("Done. The story goes on."))


@router.post("/{order_id}/payments")
async def pay(request: Request, order_id: UUID, house: House, actor: Caller) -> Response:
    """Mark the order as paid."""
    said = await typed(request)
    try:
        async with house.db.write() as tx:
            await payments.receive(tx, actor, house.site, house.secrets, order_id, note=said.get("note", ""))
    except AgoraError as error:
        return _back(request, order_id, _refusal(error))
    return _back(request, order_id, _("It is marked as paid."))


@router.post("/{order_id}/refunds")
async def refund(request: Request, order_id: UUID, house: House, actor: Caller) -> Response:
    """Send back through the payment provider what is owed of the order."""
    said = await typed(request)
    try:
        await payment_flows.refund(house.till, actor, order_id, key=said.get("key", ""))
    except AgoraError as error:
        return _back(request, order_id, _refusal(error))
    return _back(request, order_id, _("The money is on its way back, and the buyer is told."))


@router.post("/{order_id}/refunds/{refund_id}/marks")
async def mark_refund(request: Request, order_id: UUID, refund_id: UUID, house: House, actor: Caller) -> Response:
    """Keep that staff sent the money back by another way."""
    said = await typed(request)
    try:
        async with house.db.write() as tx:
            await refunding.mark(tx, actor, house.site, house.secrets, order_id, refund_id, said.get("note", ""))
    except AgoraError as error:
        return _back(request, order_id, _refusal(error))
    return _back(request, order_id, _("It is marked as returned, and the buyer is told."))


@router.post("/{order_id}/notes")
async def note(request: Request, order_id: UUID, house: House, actor: Caller) -> Response:
    """Keep a note with the order, for staff only."""
    said = await typed(request)
    try:
        async with house.db.write() as tx:
            await orders.note(tx, actor, order_id, said.get("note", ""))
    except NotFound:
        raise
    except AgoraError as error:
        return await _story(request, house, order_id, note=said.get("note", ""), errors=errors_of(error), status=422)
    return _back(request, order_id, _("The note is kept."))


async def _story(
    request: Request, house: House, order_id: UUID, *, note: str = "", errors: Errors | None = None, status: int = 200
) -> Response:
    order = await house.db.query(queries.order, order_id)
    if order is None:
        raise NotFound(_("There is no such order. It may have been on another installation."))
    found = await house.db.query(ledger.ledger, order_id)
    context = OrderStory(
        order=order,
        items=items_of(order),
        sums=sums_of(order, house.site),
        total=total_of(order),
        payment=payment_state(order.status, order.payment_status),
        address=address_of(order, house.site),
        story=told(order.events, with_names=True),
        steps=steps_of(order.standing, _steps_left(order, found)),
        link=status_url(order, house.secrets),
        url=f"{HOME}/{order.id}",
        owed=owed_of(found),
        attempts=tried_of(found),
        way=WAYS[order.payment_method],
        form=await _form_of(request, house, order),
        note=note,
        errors=errors or {},
    )
    title = _("Order {number}").having(number=order.number)
    return await page(request, "admin/orders/show.html", context, title=title, status=status, block="story")


async def _form_of(request: Request, house: Ports, order: OrderView) -> tuple[str, str] | None:
    """Return the name of the form that asked for an order and the address of its entry, for who may read entries."""
    if order.entry_id is None or not access.allows(await actor_of(request), Permission.MANAGE_FORMS):
        return None
    form = await house.db.query(forms.asked_by, order.entry_id)
    return (form.name, f"/admin/form-entries/{order.entry_id}") if form else None


def _steps_left(order: OrderView, found: Ledger) -> list[OrderStatus]:
    """Return the steps that have a button of their own: money that is owed has buttons where it is told."""
    return [to for to in order.next_steps(Party.STAFF) if to is not OrderStatus.REFUNDED or not found.owed]


def _count(counts: OrderCounts, view: str) -> int | None:
    by_view = {
        "": counts.all,
        "new": counts.pending,
        "to-ship": counts.to_ship,
        "unpaid": counts.unpaid,
        "refund": counts.refund_needed,
    }
    return by_view.get(view) or None


def _back(request: Request, order_id: UUID, flash: Flash | Message) -> Response:
    return redirect(f"{HOME}/{order_id}", flash=flash, request=request)


def _refusal(error: AgoraError) -> Flash:
    if isinstance(error, NotFound):
        raise error
    return Flash(next(iter(errors_of(error).values())), "danger")
