"""Everywhere somebody is signed in: browsers and API clients, ended one by one or all at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.orm import aliased

from engine.accounts.models import RefreshToken, Session, User
from engine.accounts.tokens import end_family
from engine.core.actor import Actor
from engine.core.errors import NotFound, NotSignedIn
from engine.core.i18n import _
from engine.core.transaction import Tx


class SignInKind(StrEnum):
    """How somebody is signed in."""

    BROWSER = "browser"
    API = "api"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One place where an account is signed in. `id`: of the session, or of the token family."""

    id: UUID
    kind: SignInKind
    ip_address: str
    user_agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_current: bool


def of_user(connection: Connection, user_id: UUID, now: datetime, current: UUID | None = None) -> list[SignIn]:
    """Return where the user is signed in now, the latest used first. current: the session that asks."""
    sessions = connection.execute(
        select(Session.__table__).where(Session.user_id == user_id, Session.expires_at > now)
    ).all()
    found = [
        SignIn(
            row.id,
            SignInKind.BROWSER,
            row.ip_address,
            row.user_agent,
            row.created_at,
            row.seen_at,
            row.expires_at,
            row.id == current,
        )
        for row in sessions
    ]
    found += _families(connection, user_id, now)
    return sorted(found, key=lambda one: (not one.is_current, -one.seen_at.timestamp(), str(one.id)))


def _families(connection: Connection, user_id: UUID, now: datetime) -> list[SignIn]:
    others = aliased(RefreshToken)
    began = select(func.min(others.created_at)).where(others.family_id == RefreshToken.family_id).scalar_subquery()
    has_ended = select(others.id).where(others.family_id == RefreshToken.family_id, others.revoked_at.is_not(None))
    rows = connection.execute(
        select(RefreshToken.__table__, began.label("began_at")).where(
            RefreshToken.user_id == user_id,
            RefreshToken.used_at.is_(None),
            RefreshToken.expires_at > now,
            ~has_ended.exists(),
        )
    )
    return [
        SignIn(
            row.family_id,
            SignInKind.API,
            row.ip_address,
            row.user_agent,
            row.began_at,
            row.created_at,
            row.expires_at,
            is_current=False,
        )
        for row in rows
    ]


async def end(tx: Tx, actor: Actor, sign_in_id: UUID) -> None:
    """Sign the actor out in one place. Raises NotFound when it is none of theirs, or over."""
    if actor.user_id is None:
        raise NotSignedIn(_("Sign in first."))
    session: Session | None = await tx.get(Session, sign_in_id)
    if session is not None and session.user_id == actor.user_id:
        await tx.delete(session)
    else:
        owner = await tx.scalar(select(RefreshToken.user_id).where(RefreshToken.family_id == sign_in_id).limit(1))
        if owner != actor.user_id:
            raise NotFound(_("You are not signed in there any more. Look at the list again."))
        await end_family(tx, sign_in_id)
    tx.record(actor, "user.sign_out", resource_type="user", session=str(sign_in_id))


async def end_all(tx: Tx, user: User, *, but: UUID | None = None) -> None:
    """Sign somebody out everywhere, access tokens included. but: the browser session that stays."""
    ended = delete(Session).where(Session.user_id == user.id)
    await tx.execute(ended if but is None else ended.where(Session.id != but))
    await tx.execute(
        update(RefreshToken)
        .where(RefreshToken.user_id == user.id, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=tx.now)
    )
    user.tokens_from = tx.now.replace(microsecond=0) + timedelta(seconds=1)


async def end_everywhere(tx: Tx, actor: Actor, *, but: UUID | None = None) -> None:
    """Sign the actor out everywhere."""
    user = await tx.get(User, actor.user_id, locked=True) if actor.user_id else None
    if user is None:
        raise NotSignedIn(_("Sign in first."))
    await end_all(tx, user, but=but)
    tx.record(actor, "user.sign_out_everywhere", user, changes={})
