"""Signing in by address and password, the same for every address: known, unknown, inactive or locked.

Hashing takes a quarter of a second, so it happens between two transactions. What is found before it is looked at
again after it: however many guesses come at once, five are counted and the rest are refused.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, delete, select

from engine.accounts.client import Client
from engine.accounts.hashing import Passwords
from engine.accounts.models import LoginFailure, User
from engine.accounts.rules import Failures, refuse_locked
from engine.core.audit import AuditResult
from engine.core.database import Database
from engine.core.errors import NotSignedIn
from engine.core.i18n import _
from engine.core.ids import digest
from engine.core.mailbox import typed_email
from engine.core.transaction import Tx

T = TypeVar("T")
WRONG = _("The e-mail address or the password is wrong. Try again, or reset the password.")


@dataclass(frozen=True, slots=True)
class _Found:
    user_id: UUID | None
    password_hash: str | None
    failures: Failures


async def sign_in(
    db: Database,
    passwords: Passwords,
    email: str,
    password: str,
    client: Client,
    then: Callable[[Tx, User], Awaitable[T]],
) -> T:
    """Return `then(tx, user)`, run in the transaction that notes the success: it opens a session or tokens.

    Raises NotSignedIn for a wrong address or password, NotAllowed with the time left while the address is locked.
    """
    address = typed_email(email)
    found = await db.query(_find, address)
    refuse_locked(found.failures, db.clock.now())
    is_right = await passwords.matches(password, found.password_hash)
    async with db.write() as tx:
        user = await tx.get(User, found.user_id, locked=True) if found.user_id else None
        before = await _failures(tx, user, address)
        may_enter = is_right and user is not None and user.is_active and user.password_hash == found.password_hash
        if not before.is_locked(tx.now):
            if user is not None and may_enter:
                user.failed_logins, user.locked_until = 0, None
                return await then(tx, user)
            await _count(tx, user, address, before.one_more(tx.now), client)
    refuse_locked(before, db.clock.now())
    raise NotSignedIn(WRONG)


def _find(connection: Connection, address: str) -> _Found:
    user = connection.execute(
        select(User.id, User.password_hash, User.failed_logins, User.locked_until).where(User.email == address)
    ).first()
    failure = connection.execute(
        select(LoginFailure.failed_logins, LoginFailure.locked_until).where(LoginFailure.email_hash == digest(address))
    ).first()
    if user is not None:
        return _Found(user.id, user.password_hash, Failures(user.failed_logins, user.locked_until))
    return _Found(None, None, Failures(failure.failed_logins, failure.locked_until) if failure else Failures())


async def _failures(tx: Tx, user: User | None, address: str) -> Failures:
    if user is not None:
        return Failures(user.failed_logins, user.locked_until)
    key = digest(address)
    fresh = {"email_hash": key, "failed_logins": 0, "locked_until": None, "updated_at": tx.now}
    await tx.insert_new(LoginFailure, fresh)
    row = await tx.get(LoginFailure, key, locked=True)
    return Failures(row.failed_logins, row.locked_until) if row else Failures()


async def _count(tx: Tx, user: User | None, address: str, after: Failures, client: Client) -> None:
    row = user or await tx.get(LoginFailure, digest(address))
    if row is not None:
        row.failed_logins, row.locked_until = after.count, after.locked_until
    if isinstance(row, LoginFailure):
        row.updated_at = tx.now
    shown = address if "@" in address else ""  # somebody may have typed a password into the wrong field
    result = AuditResult.FAILURE
    tx.record(client.stranger, "user.sign_in", user, result=result, changes={}, resource_type="user", email=shown)
    if after.is_locked(tx.now):
        tx.record(client.stranger, "user.lock", user, changes={}, email=shown, locked_until=after.locked_until)


async def forget_failures(tx: Tx, before: datetime) -> None:
    """Forget failed sign-ins at unknown addresses that are older than this."""
    await tx.execute(delete(LoginFailure).where(LoginFailure.updated_at < before))
