"""What the house does by itself: forget carts and keys that nobody comes back to, end orders that nobody pays."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, exists, select

from engine.commerce.ordering import expiry, figures, payment_flows, sums, tops
from engine.commerce.ordering.models import Cart, CartItem
from engine.commerce.ordering.payment_flows import Till
from engine.commerce.ordering.payments import CLOSE
from engine.commerce.ordering.spans import LENGTHS, Span
from engine.core import idempotency
from engine.core.running import JobKind, JobRun
from engine.core.settings import SettingsStore

IDLE_EMPTY = timedelta(days=1)
KEYS = timedelta(days=7)
#: So many days are summed up in one transaction: of a busy shop, a tenth of a second.
DAYS_AT_ONCE = 10


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

    minutely = JobKind("payments.expire", expire, every=timedelta(minutes=1), has_work=_is_any_overdue)
    return minutely, JobKind(CLOSE, close)


def _is_any_overdue(connection: Connection, now: datetime) -> bool:
    return bool(expiry.overdue(connection, now))


def sums_job(settings: SettingsStore) -> JobKind:
    """Return the job that keeps what the figures of past days come to, and what sold the most."""

    async def keep(job: JobRun) -> Mapping[str, Any]:
        general, now = settings.site.general, job.db.clock.now()
        days = Span.of(now, general.zone, max(LENGTHS)).bounds
        missing = await job.db.query(sums.missing, days, now)
        for start in range(0, len(missing), DAYS_AT_ONCE):
            async with job.db.write() as tx:
                await sums.keep(tx, missing[start : start + DAYS_AT_ONCE])
        if missing:
            async with job.db.write() as tx:
                await sums.prune(tx, days, now)
        for length in await job.db.query(tops.outdated, LENGTHS, general.currency, now):
            days = Span.of(now, general.zone, length).bounds[length:]
            since, until = days[0][0], days[-1][1]
            found = await job.db.query(figures.top_products, since, until, general.currency, tops.LIMIT)
            async with job.db.write() as tx:
                await tops.keep(tx, length, general.currency, found, now)
        return {"days": len(missing)}

    return JobKind("figures.keep", keep, every=tops.EVERY)
