"""Browser sessions: a random cookie, kept as its SHA-256, that ends 14 days after it was last used."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update

from engine.accounts.client import Client
from engine.accounts.facts import UserLoggedIn
from engine.accounts.models import Session, User
from engine.core.ids import digest
from engine.core.transaction import Tx

LIFETIME = timedelta(days=14)


async def open_session(
    tx: Tx, user: User, client: Client, replaced: str | None = None, *, by_passkey: bool = False
) -> str:
    """Sign somebody in; return the cookie. replaced: the cookie that the browser had, which ends now."""
    if replaced:
        await close(tx, replaced)
    cookie = secrets.token_urlsafe(32)
    tx.add(
        Session(
            token_hash=digest(cookie),
            user_id=user.id,
            created_at=tx.now,
            seen_at=tx.now,
            expires_at=tx.now + LIFETIME,
            ip_address=client.ip_address,
            user_agent=client.user_agent,
            is_verified=by_passkey,
        )
    )
    signed_in(tx, user, client)
    return cookie


def signed_in(tx: Tx, user: User, client: Client) -> None:
    """Note a sign-in: on the account, in the audit log, as a fact."""
    user.last_login_at = tx.now
    tx.record(user.actor(client.ip_address), "user.sign_in", user, changes={})
    tx.publish(UserLoggedIn(user.id))


async def close(tx: Tx, cookie: str) -> None:
    """End the session of this cookie, if there is one."""
    await tx.execute(delete(Session).where(Session.token_hash == digest(cookie)))


async def verify(tx: Tx, session_id: UUID) -> None:
    """Note that a device asked who holds it."""
    await tx.execute(update(Session).where(Session.id == session_id).values(is_verified=True))


async def doubt(tx: Tx, user_id: UUID) -> None:
    """Forget for all of somebody's sessions that a device asked who holds it: the account has no passkey any more."""
    await tx.execute(update(Session).where(Session.user_id == user_id).values(is_verified=False))


async def renew(tx: Tx, session_id: UUID) -> None:
    """Let a session that is in use live on: 14 days from now."""
    await tx.execute(
        update(Session).where(Session.id == session_id).values(seen_at=tx.now, expires_at=tx.now + LIFETIME)
    )
