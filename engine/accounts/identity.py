"""From a cookie or an access token to the actor behind it: one read, with the role as it is now."""

from datetime import datetime
from typing import Any
from uuid import UUID

import jwt
from sqlalchemy import Connection, select

from engine.accounts.models import Session, User
from engine.core.actor import Actor, Role, ScopedRole
from engine.core.ids import digest

ALGORITHM = "HS256"
_flags = [getattr(User, f"is_{flag.value}") for flag in ScopedRole]
_columns = (User.id, User.email, User.name, User.role, User.is_active, *_flags)


def _actor(row: Any, ip_address: str, session_id: UUID | None) -> Actor:
    scoped = frozenset(flag for flag, is_set in zip(ScopedRole, row[5 : 5 + len(_flags)], strict=True) if is_set)
    return Actor(row[0], row[1], row[2], Role(row[3]), scoped, ip_address, session_id)


def actor_of_session(connection: Connection, cookie: str, now: datetime, ip_address: str) -> Actor | None:
    """Return who holds this browser session; None when it is unknown, over, or the account is not active."""
    row = connection.execute(
        select(*_columns, Session.id.label("session_id"))
        .join(Session, Session.user_id == User.id)
        .where(Session.token_hash == digest(cookie), Session.expires_at > now, User.is_active)
    ).first()
    return _actor(row, ip_address, row.session_id) if row else None


def user_of_token(token: str, jwt_secret: str, now: datetime) -> UUID | None:
    """Return the user id in an access token (RFC 7519); None when it is forged, over, or no token."""
    try:
        claims = jwt.decode(
            token,
            jwt_secret,
            algorithms=[ALGORITHM],
            options={"require": ["sub", "exp", "iat"], "verify_exp": False, "verify_iat": False},
        )
        return UUID(claims["sub"]) if claims["exp"] > now.timestamp() else None
    except (jwt.PyJWTError, ValueError, TypeError):
        return None


def actor_of_user(connection: Connection, user_id: UUID, ip_address: str) -> Actor | None:
    """Return the active user as an actor."""
    row = connection.execute(select(*_columns).where(User.id == user_id, User.is_active)).first()
    return _actor(row, ip_address, None) if row else None


def has_owner(connection: Connection) -> bool:
    """Return whether the installation is claimed: whether it has a super admin."""
    return connection.execute(select(User.id).where(User.role == Role.SUPER_ADMIN).limit(1)).first() is not None
