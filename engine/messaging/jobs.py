"""Scheduled work of messaging: erasing secrets that were not sent in time."""

from datetime import timedelta

from sqlalchemy import select

from engine.core.running import JobKind, JobRun
from engine.messaging.models import Message
from engine.messaging.rules import SECRET_LIFE
from engine.messaging.sending import erase

BATCH = 200


async def erase_old_secrets(job: JobRun) -> dict[str, int]:
    """Erase what holds a secret and is older than the secret's life, whatever became of it; return how many."""
    count = 0
    while True:
        async with job.db.write() as tx:
            found = await tx.scalars(
                select(Message)
                .where(
                    Message.holds_secret,
                    Message.erased_at.is_(None),
                    Message.created_at < tx.now - SECRET_LIFE,
                )
                .limit(BATCH)
            )
            messages = list(found)
            for message in messages:
                erase(message, tx)
        count += len(messages)
        if len(messages) < BATCH:
            return {"erased": count}


ERASE = JobKind("messaging.erase_secrets", erase_old_secrets, every=timedelta(hours=1))
