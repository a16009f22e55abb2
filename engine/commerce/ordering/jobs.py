"""What the house does by itself: forget carts that nobody comes back to, and keys that nobody repeats."""

from datetime import timedelta

from sqlalchemy import delete, exists, select

from engine.commerce.ordering.models import Cart, CartItem
from engine.core import idempotency
from engine.core.running import JobKind, JobRun

IDLE = timedelta(days=30)
IDLE_EMPTY = timedelta(days=1)
KEYS = timedelta(days=7)


async def _forget(job: JobRun) -> None:
    has_items = exists(select(CartItem.id).where(CartItem.cart_id == Cart.id))
    async with job.db.write() as tx:
        await tx.execute(delete(Cart).where(Cart.user_id.is_(None), Cart.updated_at < tx.now - IDLE))
        await tx.execute(delete(Cart).where(Cart.user_id.is_(None), Cart.updated_at < tx.now - IDLE_EMPTY, ~has_items))
    async with job.db.write() as tx:
        await idempotency.forget(tx, tx.now - KEYS)


FORGET = JobKind("carts.forget", _forget, every=timedelta(hours=6))
