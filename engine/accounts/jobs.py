"""What accounts does by the clock: forgetting what is over."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from engine.accounts import devices
from engine.accounts.logins import forget_failures
from engine.accounts.models import OneTimeLink, RefreshToken, Session
from engine.core.running import JobKind, JobRun

#: Used refresh tokens are kept a while after they are over, so that a copy that comes back is known for one.
KEPT = timedelta(days=30)


async def _tidy(job: JobRun) -> Mapping[str, Any] | None:
    async with job.db.write() as tx:
        await tx.execute(delete(Session).where(Session.expires_at <= tx.now))
        await tx.execute(delete(RefreshToken).where(RefreshToken.expires_at <= tx.now - KEPT))
        await tx.execute(delete(OneTimeLink).where(OneTimeLink.expires_at <= tx.now))
        await forget_failures(tx, tx.now - timedelta(days=1))
        await devices.end_codes(tx)
    return None


async def _end_codes(job: JobRun) -> Mapping[str, Any] | None:
    async with job.db.write() as tx:
        await devices.end_codes(tx)
    return None


END_CODES = JobKind(devices.END_CODES, _end_codes)
TIDY = JobKind("accounts.tidy", _tidy, every=timedelta(days=1))
