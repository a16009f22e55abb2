"""What the house does by itself: forget carts and keys that nobody comes back to, end orders that nobody pays."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select

from engine.commerce.ordering import payment_flows
from engine.commerce.ordering.models import Cart, CartItem
from engine.commerce.ordering.payment_flows import Till
from engine.commerce.ordering.payments import CLOSE
from engine.core import idempotency
from engine.core.running import JobKind, JobRun

IDLE_EMPTY = timedelta(days=1)
KEYS = timedelta(days=7)


async def _forget(job: JobRun) -> None:
    has_items = exists(select(CartItem.id).where(CartItem.cart_id == Cart.id))
    async with job.db.write() as tx:
        await tx.execute(delete(Cart).where(Cart.user_id.is_(None), Cart.updated_at < tx.now - IDLE_EMPTY, ~has_items))
    async with job.db.write() as tx:
        await idempotency.forget(tx, tx.now - KEYS)


FORGET = JobKind("carts.forget", _forget, every=timedelta(hours=6))


def payment_jobs(till: Till) -> tuple[JobKind, ...]:
    """Return the jobs of online payments: orders whose time is over, and attempts that must take no money any more."""

    async def expire(_job: JobRun) -> Mapping[str, Any]:
        return {"cancelled": await payment_flows.expire(till)}

    async def close(job: JobRun) -> None:
        await payment_flows.close(till, UUID(job.payload["order"]))

    return JobKind("payments.expire", expire, every=timedelta(minutes=1)), JobKind(CLOSE, close)
