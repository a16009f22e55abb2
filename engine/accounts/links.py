"""One-time links: a secret sent to somebody that works once and ends by itself; only its SHA-256 is kept."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, select, update

from engine.accounts.models import LinkPurpose, OneTimeLink
from engine.core.errors import Conflict
from engine.core.i18n import _
from engine.core.ids import digest, new_secret
from engine.core.transaction import Tx

LIFETIMES = {LinkPurpose.RESET_PASSWORD: timedelta(hours=1), LinkPurpose.VERIFY_EMAIL: timedelta(days=3)}
OVER = _("This link has been used, or its time is over. Ask for a new one.")


async def make(tx: Tx, purpose: LinkPurpose, user_id: UUID) -> str:
    """Return the secret of a new link; earlier ones for the same end."""
    await tx.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user_id, OneTimeLink.purpose == purpose))
    secret = new_secret()
    expires_at = tx.now + LIFETIMES[purpose]
    tx.add(
        OneTimeLink(
            purpose=purpose,
            token_hash=digest(secret),
            user_id=user_id,
            created_at=tx.now,
            expires_at=expires_at,
        )
    )
    return secret


async def take(tx: Tx, purpose: LinkPurpose, secret: str) -> UUID:
    """Use a link up; return whose it is. Raises Conflict when it is unknown, used or over."""
    taken: Any = await tx.scalar(
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == digest(secret),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > tx.now,
        )
        .values(used_at=tx.now)
        .returning(OneTimeLink.user_id)
    )
    if taken is None:
        raise Conflict(OVER)
    user_id: UUID = taken
    return user_id


def is_good(connection: Connection, purpose: LinkPurpose, secret: str, now: datetime) -> bool:
    """Return whether a link could be used now."""
    found = connection.execute(
        select(OneTimeLink.id).where(
            OneTimeLink.token_hash == digest(secret),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
        )
    )
    return found.first() is not None


async def made_since(tx: Tx, purpose: LinkPurpose, user_id: UUID, moment: datetime) -> bool:
    """Return whether this user was sent such a link since that moment."""
    found = await tx.scalar(
        select(OneTimeLink.id).where(
            OneTimeLink.user_id == user_id, OneTimeLink.purpose == purpose, OneTimeLink.created_at > moment
        )
    )
    return found is not None
