"""What accounts hold of a person: the account, its addresses, and where it is signed in."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, SelectBase, delete, select, union_all

from engine.accounts.models import LoginFailure, RefreshToken, SavedAddress, Session, User
from engine.core.actor import Role
from engine.core.errors import Conflict
from engine.core.i18n import _
from engine.core.ids import digest
from engine.core.persons import Person, PersonalData, Retention
from engine.core.records.facts import RecordDeleted
from engine.core.transaction import Tx

BATCH = 500
_ADDRESS = ("name", "line1", "line2", "city", "region", "postal_code", "country", "phone")


def _collect(connection: Connection, person: Person) -> dict[str, Any]:
    user = connection.execute(
        select(User.name, User.email, User.role, User.created_at, User.last_login_at, User.email_verified_at).where(
            User.id == person.user_id
        )
    ).first()
    if user is None:
        return {}
    addresses = connection.execute(
        select(*(getattr(SavedAddress, name) for name in _ADDRESS)).where(SavedAddress.user_id == person.user_id)
    )
    sessions = connection.execute(
        select(Session.created_at, Session.seen_at, Session.ip_address, Session.user_agent).where(
            Session.user_id == person.user_id
        )
    )
    return {
        "account": dict(user._mapping),  # noqa: SLF001 -- SQLAlchemy's public name for it
        "addresses": [dict(row._mapping) for row in addresses],  # noqa: SLF001
        "signedIn": [dict(row._mapping) for row in sessions],  # noqa: SLF001
    }


async def _erase(tx: Tx, person: Person) -> int:
    """Delete the account with all that hangs on it. Raises Conflict for one of the staff."""
    await tx.execute(delete(LoginFailure).where(LoginFailure.email_hash == digest(person.email)))
    user = await tx.get(User, person.user_id, locked=True) if person.user_id else None
    if user is None:
        return 0
    if user.role is not Role.CUSTOMER:
        raise Conflict(
            _("{name} is one of the staff. Make the account a customer’s first, then erase it."), name=user.name
        )
    await tx.delete(user)
    await tx.flush()
    tx.publish(RecordDeleted(user.id, "users"))
    return 1


def _unused(before: datetime) -> Select[Any]:
    return select(Session.id).where(Session.seen_at < before)


def _ended(before: datetime) -> Select[Any]:
    return select(RefreshToken.id).where(RefreshToken.expires_at < before)


def _old_sessions(before: datetime) -> SelectBase:
    return union_all(_unused(before), _ended(before))


async def _forget_sessions(tx: Tx, before: datetime) -> int:
    """End sessions that nobody used since, and forget refresh tokens that ended before."""
    old = list(await tx.scalars(_unused(before).limit(BATCH)))
    tokens = list(await tx.scalars(_ended(before).limit(BATCH)))
    await tx.execute(delete(Session).where(Session.id.in_(old)))
    await tx.execute(delete(RefreshToken).where(RefreshToken.id.in_(tokens)))
    return max(len(old), len(tokens))


PERSONAL = (PersonalData("account", _("Account, addresses, and places signed in"), _collect, _erase, is_last=True),)
RETENTIONS = (Retention("session_days", _("Sessions that nobody uses"), _forget_sessions, _old_sessions),)
