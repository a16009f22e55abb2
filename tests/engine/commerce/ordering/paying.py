"""What the tests of online payments ask again and again."""

from sqlalchemy import select

from engine.commerce.ordering import payment_flows
from engine.commerce.ordering.models import Payment, PaymentAttempt, Refund
from engine.commerce.ordering.settling import RefundReason, RefundStatus
from engine.commerce.ordering.states import OrderStatus, PaymentStatus
from engine.commerce.ordering.views import OrderView
from engine.commerce.ports import TEST, MemoryProvider
from engine.messaging.models import Message
from tests.factories.shop import Shop

S, P = OrderStatus, PaymentStatus


async def expire(shop: Shop) -> int:
    return await payment_flows.expire(shop.house.till)


async def hear(shop: Shop, provider: MemoryProvider, body: bytes, signature: str = "signed") -> bool:
    return await payment_flows.hear(shop.till(provider), TEST, body, signature)


async def letters(shop: Shop) -> list[str]:
    async with shop.db.read() as session:
        return list(await session.scalars(select(Message.template).order_by(Message.id)))


async def rows(shop: Shop, table: type[PaymentAttempt | Payment | Refund]) -> list[object]:
    async with shop.db.read() as session:
        return list(await session.scalars(select(table).order_by(table.id)))


async def refund_reasons(shop: Shop) -> list[tuple[RefundReason, RefundStatus]]:
    return [(one.reason, one.status) for one in await rows(shop, Refund)]  # type: ignore[attr-defined]


def state(order: OrderView) -> tuple[OrderStatus, PaymentStatus]:
    return order.status, order.payment_status
