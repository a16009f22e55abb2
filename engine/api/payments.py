"""What buyers pay online and staff return: attempts, refunds, and the webhooks of payment providers."""

from datetime import datetime
from uuid import UUID

from fastapi import Request

from engine.api.apiwords import also
from engine.api.keys import IdempotencyKey
from engine.api.order_wire import OrderWire
from engine.api.request import Caller, House, allow, origin_of, public
from engine.api.routing import APIRouter
from engine.api.wire import MoneyWire, Wire
from engine.commerce.ordering import ledger, payment_flows, queries, refunding
from engine.commerce.ordering.attempts import Attempt
from engine.commerce.ordering.ledger import AttemptLine, Ledger, PaymentLine, RefundLine
from engine.commerce.ordering.rules import PaymentMethod
from engine.commerce.ordering.settling import AttemptStatus, RefundReason, RefundStatus
from engine.core.access import Permission
from engine.core.errors import NotFound
from engine.core.i18n import _

router = APIRouter(tags=["payments"])


class AttemptCreate(Wire):
    """signature: the last part of the order's statusUrl, for buyers without an account."""

    signature: str | None = None


class AttemptWire(Wire):
    """An attempt to pay. redirectUrl: where the buyer pays, while that is possible; failure: the provider's word."""

    id: UUID
    status: AttemptStatus
    amount: MoneyWire
    failure: str
    redirect_url: str | None

    @classmethod
    def from_attempt(cls, attempt: Attempt) -> "AttemptWire":
        return cls(
            id=attempt.id,
            status=attempt.status,
            amount=MoneyWire.from_money(attempt.amount),
            failure=attempt.failure,
            redirect_url=attempt.page_url or None if attempt.is_live else None,
        )


class AttemptRecord(Wire):
    """An attempt as staff read it. intentId: the provider's name for it."""

    id: UUID
    provider: str
    status: AttemptStatus
    amount: MoneyWire
    intent_id: str | None
    failure: str
    created_at: datetime

    @classmethod
    def from_line(cls, line: AttemptLine) -> "AttemptRecord":
        return cls(
            id=line.id,
            provider=line.provider,
            status=line.status,
            amount=MoneyWire.from_money(line.amount),
            intent_id=line.intent_id,
            failure=line.failure,
            created_at=line.created_at,
        )


class PaymentRecord(Wire):
    """Money that arrived."""

    id: UUID
    method: PaymentMethod
    amount: MoneyWire
    note: str
    created_at: datetime

    @classmethod
    def from_line(cls, line: PaymentLine) -> "PaymentRecord":
        amount = MoneyWire.from_money(line.amount)
        return cls(id=line.id, method=line.method, amount=amount, note=line.note, created_at=line.created_at)


class RefundRecord(Wire):
    """A payment that goes back. isOnline: the provider can send it; otherwise staff do, and mark it."""

    id: UUID
    payment_id: UUID
    amount: MoneyWire
    reason: RefundReason
    status: RefundStatus
    receipt: str
    is_online: bool
    created_at: datetime
    done_at: datetime | None

    @classmethod
    def from_line(cls, line: RefundLine) -> "RefundRecord":
        return cls(
            id=line.id,
            payment_id=line.payment_id,
            amount=MoneyWire.from_money(line.amount),
            reason=line.reason,
            status=line.status,
            receipt=line.receipt,
            is_online=line.is_online,
            created_at=line.created_at,
            done_at=line.done_at,
        )


class LedgerWire(Wire):
    """An order's money: what was tried, what arrived, what goes back."""

    attempts: list[AttemptRecord]
    payments: list[PaymentRecord]
    refunds: list[RefundRecord]

    @classmethod
    def from_ledger(cls, found: Ledger) -> "LedgerWire":
        return cls(
            attempts=[AttemptRecord.from_line(line) for line in found.attempts],
            payments=[PaymentRecord.from_line(line) for line in found.payments],
            refunds=[RefundRecord.from_line(line) for line in found.refunds],
        )


class ReturnCreate(Wire):
    """note: how staff sent the money, in their own words."""

    note: str | None = None


class WebhookWire(Wire):
    """isNew: false for a message that was taken up before."""

    is_new: bool


@router.post("/orders/{order_id}/payment-attempts", status_code=201, dependencies=[public], responses=also(404, 409))
async def start_payment(
    order_id: UUID,
    request: Request,
    house: House,
    actor: Caller,
    sent: AttemptCreate | None = None,
    idempotency_key: IdempotencyKey = "",
) -> AttemptWire:
    """Begin to pay by card, or go on: `redirectUrl` leads to the provider's page. 409 where nothing is due."""
    signature = (sent.signature if sent else None) or ""
    attempt = await payment_flows.pay(
        house.till,
        actor,
        order_id,
        origin=origin_of(request),
        key=idempotency_key,
        holds_link=house.secrets.signed("order", str(order_id), signature),
    )
    return AttemptWire.from_attempt(attempt)


@router.get("/orders/{order_id}/payments", dependencies=[allow(Permission.MANAGE_ORDERS)])
async def read_payments(order_id: UUID, house: House) -> LedgerWire:
    """Return what was tried, paid and returned for an order."""
    await _order(house, order_id)
    return LedgerWire.from_ledger(await house.db.query(ledger.ledger, order_id))


@router.post("/orders/{order_id}/refunds", dependencies=[allow(Permission.MANAGE_ORDERS)], responses=also(409))
async def refund_order(order_id: UUID, house: House, actor: Caller, idempotency_key: IdempotencyKey = "") -> LedgerWire:
    """Send back what is owed of an order, through its payment provider. 409 where nothing is, or staff must send it."""
    await payment_flows.refund(house.till, actor, order_id, key=idempotency_key)
    return LedgerWire.from_ledger(await house.db.query(ledger.ledger, order_id))


@router.post(
    "/orders/{order_id}/refunds/{refund_id}/marks",
    dependencies=[allow(Permission.MANAGE_ORDERS)],
    responses=also(409),
)
async def mark_refund(
    order_id: UUID, refund_id: UUID, house: House, actor: Caller, sent: ReturnCreate | None = None
) -> OrderWire:
    """Keep that you sent this money back by another way. 409 where it was returned already."""
    words = (sent.note if sent else None) or ""
    async with house.db.write() as tx:
        order = await refunding.mark(tx, actor, house.site, house.secrets, order_id, refund_id, words)
    return OrderWire.from_view(order, house.secrets, for_staff=True)


@router.post("/webhooks/payments/{provider}", dependencies=[public], responses=also(404))
async def hear_provider(provider: str, request: Request, house: House) -> WebhookWire:
    """Take up what a payment provider says; 422 where it did not sign it. A repeat does nothing."""
    if provider not in house.till.providers:
        raise NotFound(_("No payment provider of that name sends anything here."))
    signature = request.headers.get("stripe-signature", "")
    return WebhookWire(is_new=await payment_flows.hear(house.till, provider, await request.body(), signature))


async def _order(house: House, order_id: UUID) -> None:
    if await house.db.query(queries.order, order_id) is None:
        raise NotFound(_("There is no such order."))
