"""From a cookie or an access token to the actor behind it: one read, with the role as it is now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, SQLColumnExpression, and_, literal, select

from engine.accounts.models import Passkey, SecondStep, Session, User
from engine.core.actor import Actor, Role, ScopedRole
from engine.core.ids import digest

ALGORITHM = "HS256"
#: A browser session in use is written down again at most so often.
RENEWED_EVERY = timedelta(hours=1)
_flags = [getattr(User, f"is_{flag.value}") for flag in ScopedRole]
_columns = (User.id, User.email, User.name, User.role, User.is_active, *_flags)


def _asks_no_code() -> ColumnElement[bool]:
    has_step = select(SecondStep.user_id).where(SecondStep.user_id == User.id, SecondStep.confirmed_at.is_not(None))
    return (User.role != Role.CUSTOMER) & ~has_step.exists()


def lacks_step() -> ColumnElement[bool]:
    """Return whether an account is one of the staff and has neither a second step nor a passkey."""
    return _asks_no_code() & ~select(Passkey.id).where(Passkey.user_id == User.id).exists()


def _owes(asks_step: bool, *done: SQLColumnExpression[bool]) -> ColumnElement[bool]:
    """Return whether one of the staff did less than they must. done: what is as good as a second step."""
    return (and_(_asks_no_code(), *(~one for one in done)) if asks_step else literal(False)).label("owes_step")


def _actor(row: Any, ip_address: str, session_id: UUID | None) -> Actor:
    """Return who it is. One of the staff who owes a second step is a customer until it is there."""
    if row.owes_step:
        return Actor(row[0], row[1], row[2], Role.CUSTOMER, frozenset(), ip_address, session_id, owes_step=True)
    scoped = frozenset(flag for flag, is_set in zip(ScopedRole, row[5 : 5 + len(_flags)], strict=True) if is_set)
    return Actor(row[0], row[1], row[2], Role(row[3]), scoped, ip_address, session_id)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a browser session, and whether it should be written down as in use."""

    actor: Actor
    is_due: bool


def holder_of_session(
    connection: Connection, cookie: str, now: datetime, ip_address: str, *, asks_step: bool = False
) -> Holder | None:
    """Return who holds this browser session; None when it is unknown, over, or the account is not active.

    asks_step: whether staff must have a second step now.
    """
    row = connection.execute(
        select(*_columns, Session.id.label("session_id"), Session.seen_at, _owes(asks_step, Session.is_verified))
        .join(Session, Session.user_id == User.id)
        .where(Session.token_hash == digest(cookie), Session.expires_at > now, User.is_active)
    ).first()
    return Holder(_actor(row, ip_address, row.session_id), now - row.seen_at >= RENEWED_EVERY) if row else None


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who an access token was issued to, and when (seconds since 1970)."""

    user_id: UUID
    issued_at: int


def bearer_of(token: str, jwt_secret: str, now: datetime) -> Bearer | None:
    """Return what an access token (RFC 7519) says; None when it is forged, over, or no token."""
    import jwt  # noqa: PLC0415 - a tenth of the start, and pages do not need it

    try:
        claims = jwt.decode(
            token,
            jwt_secret,
            algorithms=[ALGORITHM],
            options={"require": ["sub", "exp", "iat"], "verify_exp": False, "verify_iat": False},
        )
        if claims["exp"] <= now.timestamp():
            return None
        return Bearer(UUID(claims["sub"]), int(claims["iat"]))
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, OverflowError):
        return None


def actor_of_bearer(
    connection: Connection, bearer: Bearer, ip_address: str, *, asks_step: bool = False
) -> Actor | None:
    """Return the active user of an access token; None too when they signed out everywhere after it was issued."""
    row = connection.execute(
        select(*_columns, User.tokens_from, _owes(asks_step)).where(User.id == bearer.user_id, User.is_active)
    ).first()
    if row is None or (row.tokens_from is not None and bearer.issued_at < row.tokens_from.timestamp()):
        return None
    return _actor(row, ip_address, None)


def actor_of_user(connection: Connection, user_id: UUID, ip_address: str = "") -> Actor | None:
    """Return an active user as an actor, with the role they have now: for jobs that somebody asked for."""
    row = connection.execute(select(*_columns, _owes(False)).where(User.id == user_id, User.is_active)).first()
    return _actor(row, ip_address, None) if row else None


def has_owner(connection: Connection) -> bool:
    """Return whether the installation is claimed: whether it has a super admin."""
    return connection.execute(select(User.id).where(User.role == Role.SUPER_ADMIN).limit(1)).first() is not None
