"""`/orders`: their own for customers, all of them for store managers."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query

from engine.api.apiwords import also
from engine.api.cart import CartWire
from engine.api.keys import IdempotencyKey
from engine.api.order_wire import OrderPage, OrderWire
from engine.api.request import Caller, House, allow, signed_in
from engine.api.routing import APIRouter
from engine.api.wire import MoneyWire, Paging, Wire
from engine.commerce.ordering import finding, orders, payments, queries, repeats
from engine.commerce.ordering.queries import OrderFilter
from engine.commerce.ordering.repeats import Lacking
from engine.commerce.ordering.rules import PaymentMethod
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.commerce.ordering.views import OrderView
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.money import Money

router = APIRouter(prefix="/orders", tags=["orders"])


class TransitionCreate(Wire):
    """The state to bring an order to. note: words to the buyer."""

    to: OrderStatus
    note: str | None = None


class PaymentCreate(Wire):
    """Money that arrived by hand. amount: the order's total, or left out. note: staff's own words."""

    amount: MoneyWire | None = None
    method: Literal[PaymentMethod.MANUAL] = PaymentMethod.MANUAL
    note: str | None = None


class MissingWire(Wire):
    """A line that is not in the cart as it was in the order. left: the pieces that went in."""

    name: str
    wanted: int
    left: int
    reason: Lacking


class RepeatWire(Wire):
    """The cart after ordering again. added: pieces that went in."""

    cart: CartWire
    added: int
    missing: list[MissingWire]


@router.get("", dependencies=[signed_in])
async def list_orders(
    house: House,
    actor: Caller,
    paging: Paging,
    status: OrderStatus | None = None,
    payment_status: Annotated[PaymentStatus | None, Query(alias="paymentStatus")] = None,
    search: Annotated[str, Query(max_length=200)] = "",
) -> OrderPage:
    """Return orders, newest first. search: in number, name and e-mail."""
    wanted = OrderFilter(
        user_id=None if _manages(actor) else actor.user_id,
        statuses=[status] if status else (),
        payment_statuses=[payment_status] if payment_status else (),
        search=search,
    )
    wanted = await finding.narrowed(house.db, house.search, wanted)
    found = await house.db.query(queries.orders, wanted, paging)
    return OrderPage(
        items=[_wire(order, house, actor) for order in found.items],
        total=found.total,
        page=found.page,
        limit=found.limit,
    )


@router.get("/{order_id}", dependencies=[signed_in])
async def read_order(order_id: UUID, house: House, actor: Caller) -> OrderWire:
    """Return an order with its story; somebody else's is not found."""
    found = await house.db.query(queries.order, order_id, user_id=None if _manages(actor) else actor.user_id)
    if found is None:
        raise NotFound(_("There is no such order."))
    return _wire(found, house, actor)


@router.post("/{order_id}/transitions", dependencies=[signed_in], responses=also(403, 409))
async def step_order(order_id: UUID, sent: TransitionCreate, house: House, actor: Caller) -> OrderWire:
    """Bring an order to its next state. Buyers may cancel their own while it is pending."""
    async with house.db.write() as tx:
        order = await orders.step(tx, actor, house.site, house.secrets, order_id, sent.to, sent.note or "")
    return _wire(order, house, actor)


@router.post("/{order_id}/payments", dependencies=[allow(Permission.MANAGE_ORDERS)], responses=also(409))
async def pay_order(
    order_id: UUID,
    house: House,
    actor: Caller,
    sent: PaymentCreate | None = None,
    idempotency_key: IdempotencyKey = "",
) -> OrderWire:
    """Mark an order as paid by hand; a pending one is confirmed by it. 409 where it is paid already."""
    asked = sent or PaymentCreate()
    async with house.db.write() as tx:
        order = await payments.receive(
            tx,
            actor,
            house.site,
            house.secrets,
            order_id,
            amount=Money(asked.amount.amount, asked.amount.currency) if asked.amount else None,
            note=asked.note or "",
            key=idempotency_key,
        )
    return _wire(order, house, actor)


@router.post("/{order_id}/repeats", dependencies=[signed_in], responses=also(404))
async def repeat_order(order_id: UUID, house: House, actor: Caller) -> RepeatWire:
    """Put what one's own order held into one's cart, and name what is not sold any more or not in these numbers."""
    async with house.db.write() as tx:
        repeated = await repeats.order_again(tx, actor, house.site, order_id)
    cart = await house.db.query(queries.cart, repeated.cart.id, repeated.cart.currency)
    missing = [MissingWire.model_validate(one) for one in repeated.missing]
    return RepeatWire(cart=CartWire.from_view(cart), added=repeated.added, missing=missing)


def _manages(actor: Actor) -> bool:
    return access.allows(actor, Permission.MANAGE_ORDERS)


def _wire(order: OrderView, house: House, actor: Actor) -> OrderWire:
    return OrderWire.from_view(order, house.secrets, for_staff=_manages(actor))
