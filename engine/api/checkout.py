"""`/checkout`: turns the caller's cart into an order, once for an `Idempotency-Key`."""

from fastapi import Request

from engine.api.apiwords import also
from engine.api.cart import CartId
from engine.api.keys import IdempotencyKey
from engine.api.order_wire import AddressCreate, OrderWire
from engine.api.request import Caller, House, origin_of, public
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.commerce.ordering import checkout, payment_flows
from engine.commerce.ordering.rules import PaymentMethod
from engine.commerce.ordering.states import PaymentStatus
from engine.commerce.ordering.terms import CheckoutRequest
from engine.commerce.ordering.views import OrderView
from engine.core.errors import Conflict, Unavailable

router = APIRouter(prefix="/checkout", tags=["checkout"], dependencies=[public])


class CheckoutCreate(Wire):
    """What a buyer says. Address and method may be left out where nothing is delivered."""

    email: str
    name: str
    shipping_address: AddressCreate | None = None
    shipping_method: str | None = None
    payment_method: str
    note: str | None = None

    def request(self) -> CheckoutRequest:
        """Return it as the verb takes it."""
        address = self.shipping_address.model_dump() if self.shipping_address else None
        return CheckoutRequest(
            email=self.email,
            name=self.name,
            shipping_address=address,
            shipping_method=self.shipping_method,
            payment_method=self.payment_method,
            note=self.note or "",
        )


class PaymentWire(Wire):
    """What becomes of the payment. redirectUrl: where the buyer pays, for methods that send them somewhere."""

    status: PaymentStatus
    redirect_url: str | None


class CheckoutWire(Wire):
    """The order that was placed, and its payment."""

    order: OrderWire
    payment: PaymentWire


@router.post("", status_code=201, responses=also(409))
async def place_order(
    sent: CheckoutCreate,
    request: Request,
    house: House,
    actor: Caller,
    cart_id: CartId,
    idempotency_key: IdempotencyKey = "",
) -> CheckoutWire:
    """Place the order. 409 names what is short or no longer sold; 422 the fields, or a key used for another order."""
    async with house.db.write() as tx:
        placed = await checkout.place(tx, actor, house.site, house.secrets, cart_id, idempotency_key, sent.request())
    order = OrderWire.from_view(placed.order, house.secrets, for_staff=False)
    redirect_url = await _page_of(placed.order, request, house, actor)
    return CheckoutWire(order=order, payment=PaymentWire(status=order.payment_status, redirect_url=redirect_url))


async def _page_of(order: OrderView, request: Request, house: House, actor: Caller) -> str | None:
    """Return where the buyer pays; None where nothing is due, or the provider is away: the order's page leads there."""
    if order.payment_method is not PaymentMethod.CARD:
        return None
    try:
        attempt = await payment_flows.pay(house.till, actor, order.id, origin=origin_of(request), holds_link=True)
    except (Conflict, Unavailable):
        return None
    return attempt.page_url or None if attempt.is_live else None
