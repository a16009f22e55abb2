"""Tokens of API clients: a short access JWT, and refresh tokens that work once (RFC 9700, section 4.14).

A refresh token that comes back used was copied: its whole family ends.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from engine.accounts.client import Client
from engine.accounts.identity import ALGORITHM
from engine.accounts.models import RefreshToken, User
from engine.accounts.sessions import signed_in
from engine.core.audit import AuditResult
from engine.core.database import Database
from engine.core.errors import NotSignedIn
from engine.core.i18n import _
from engine.core.ids import digest, new_id
from engine.core.transaction import Tx

OVER = _("This refresh token is unknown, used or over. Sign in again.")


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a client keeps. `expires_in`: seconds that the access token is good for."""

    access_token: str
    refresh_token: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class Mint:
    """Makes tokens: the installation's secret, and how long each kind lives."""

    jwt_secret: str
    access_ttl: timedelta = timedelta(minutes=15)
    refresh_ttl: timedelta = timedelta(days=7)

    def access_token(self, user: User, now: datetime) -> str:
        """Return a JWT with the guide's claims. The role in it is for the client: the server reads it anew."""
        issued_at = int(max(now, user.tokens_from or now).timestamp())
        claims = {
            "sub": str(user.id),
            "email": user.email,
            "role": user.role.value,
            "iat": issued_at,
            "exp": int((now + self.access_ttl).timestamp()),
        }
        import jwt  # noqa: PLC0415 - it brings all of cryptography's formats: a tenth of the start

        return jwt.encode(claims, self.jwt_secret, algorithm=ALGORITHM)


async def open_family(tx: Tx, mint: Mint, user: User, client: Client) -> TokenPair:
    """Sign an API client in: the first pair of a new family."""
    signed_in(tx, user, client)
    return _pair(tx, mint, user, client, new_id())


def _pair(tx: Tx, mint: Mint, user: User, client: Client, family_id: UUID) -> TokenPair:
    token = secrets.token_urlsafe(32)
    tx.add(
        RefreshToken(
            family_id=family_id,
            user_id=user.id,
            token_hash=digest(token),
            created_at=tx.now,
            expires_at=tx.now + mint.refresh_ttl,
            ip_address=client.ip_address,
            user_agent=client.user_agent,
        )
    )
    return TokenPair(mint.access_token(user, tx.now), token, int(mint.access_ttl.total_seconds()))


async def refresh(db: Database, mint: Mint, token: str, client: Client) -> tuple[User, TokenPair]:
    """Return a new pair for a refresh token that was never used; of two that come at once, one gets it.

    Raises NotSignedIn otherwise; a used token ends its family, and that stays done.
    """
    async with db.write() as tx:
        renewed = await _use(tx, mint, digest(token), client)
    if renewed is None:
        raise NotSignedIn(OVER)
    return renewed


async def _use(tx: Tx, mint: Mint, token_hash: str, client: Client) -> tuple[User, TokenPair] | None:
    taken: Any = await tx.execute(
        update(RefreshToken)
        .where(RefreshToken.token_hash == token_hash, RefreshToken.used_at.is_(None))
        .values(used_at=tx.now)
    )
    row: RefreshToken | None = await tx.scalar(select(RefreshToken).where(RefreshToken.token_hash == token_hash))
    if row is None:
        return None
    user = await tx.get(User, row.user_id)
    if not taken.rowcount:
        await end_family(tx, row.family_id)
        tx.record(client.stranger, "user.token_reuse", user, result=AuditResult.FAILURE, changes={})
        return None
    has_ended = await tx.scalar(
        select(RefreshToken.id).where(RefreshToken.family_id == row.family_id, RefreshToken.revoked_at.is_not(None))
    )
    if has_ended or row.expires_at <= tx.now or user is None or not user.is_active:
        return None
    return user, _pair(tx, mint, user, client, row.family_id)


async def end_family(tx: Tx, family_id: UUID) -> None:
    """End every refresh token of a family: one revoked token is enough for the whole to be refused."""
    await tx.execute(
        update(RefreshToken)
        .where(RefreshToken.family_id == family_id, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=tx.now)
    )


async def sign_out(tx: Tx, token: str) -> None:
    """End the family that this refresh token belongs to, if there is one."""
    family_id = await tx.scalar(select(RefreshToken.family_id).where(RefreshToken.token_hash == digest(token)))
    if family_id is not None:
        await end_family(tx, family_id)
