"""A second step after the password: the code of an app, or one of ten codes that were printed out.

The right password opens nothing then but the question for a code, for five minutes. Five wrong codes lock it for half
an hour; they are counted apart from passwords, which whoever gets so far knows.
"""

import secrets as random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, select

from engine.accounts import totp
from engine.accounts.client import Client
from engine.accounts.models import Passkey, SecondStep, User
from engine.accounts.rules import Failures, may_touch, refuse_locked
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.audit import AuditResult
from engine.core.database import Database
from engine.core.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from engine.core.i18n import _
from engine.core.ids import digest, parse_id
from engine.core.secrets import Secrets
from engine.core.transaction import Tx

T = TypeVar("T")
PURPOSE = "second-step"
HELD_FOR = timedelta(minutes=5)
RECOVERY_CODES = 10
WRONG = _("This code is not good. Wait for the next one in your app, or use one of your recovery codes.")
OVER = _("That took too long. Sign in again.")


@dataclass(frozen=True, slots=True)
class Held:
    """The password was right, and a code is asked for. token: what comes back with it."""

    token: str


def has_step(connection: Connection, user_id: UUID) -> bool:
    """Return whether an account asks for a code."""
    found = select(SecondStep.user_id).where(SecondStep.user_id == user_id, SecondStep.confirmed_at.is_not(None))
    return connection.execute(found).first() is not None


def is_guarded(connection: Connection, user_id: UUID) -> bool:
    """Return whether more than a password opens an account: it asks for a code, or has a passkey."""
    found = select(Passkey.id).where(Passkey.user_id == user_id).limit(1)
    return has_step(connection, user_id) or connection.execute(found).first() is not None


def codes_left(connection: Connection, user_id: UUID) -> int | None:
    """Return how many recovery codes an account has left; None for one without a second step."""
    found = select(SecondStep.recovery).where(SecondStep.user_id == user_id, SecondStep.confirmed_at.is_not(None))
    codes = connection.scalar(found)
    return None if codes is None else len(codes)


def locked_until(connection: Connection, user_id: UUID) -> datetime | None:
    """Return until when wrong codes lock an account; None where they do not."""
    return connection.scalar(select(SecondStep.locked_until).where(SecondStep.user_id == user_id))


async def hold(tx: Tx, secrets: Secrets, user: User) -> Held | None:
    """Return what asks for a code; None for an account without a second step."""
    row = await tx.get(SecondStep, user.id)
    if row is None or row.confirmed_at is None:
        return None
    until = int((tx.now + HELD_FOR).timestamp())
    return Held(f"{user.id}.{until}.{secrets.signature(PURPOSE, f'{user.id}.{until}')}")


async def take(
    db: Database,
    secrets: Secrets,
    token: str,
    code: str,
    client: Client,
    then: Callable[[Tx, User], Awaitable[T]],
) -> T:
    """Return `then(tx, user)` for a right code. Raises NotSignedIn for a wrong one, NotAllowed while it is locked."""
    user_id = _held(secrets, token, db.clock.now())
    before = Failures()
    async with db.write() as tx:
        user = await tx.get(User, user_id, locked=True)
        row = await tx.get(SecondStep, user_id, locked=True)
        if user is None or row is None or not user.is_active:
            raise NotSignedIn(OVER)
        before = Failures(row.failures, row.locked_until)
        if not before.is_locked(tx.now):
            if _fits(row, secrets, code, tx.now):
                row.failures, row.locked_until = 0, None
                return await then(tx, user)
            after = before.one_more(tx.now)
            row.failures, row.locked_until = after.count, after.locked_until
            failed = AuditResult.FAILURE
            tx.record(client.stranger, "user.second_step", user, result=failed, changes={}, resource_type="user")
            if after.is_locked(tx.now):
                tx.record(client.stranger, "user.lock", user, changes={}, locked_until=after.locked_until)
    refuse_locked(before, db.clock.now(), by_codes=True)
    raise NotSignedIn(WRONG)


def _held(secrets: Secrets, token: str, now: datetime) -> UUID:
    """Return who a token is for. Raises NotSignedIn for one that is over or was not made here."""
    who, _dot, rest = token.partition(".")
    until, _dot, signature = rest.partition(".")
    user_id = parse_id(who)
    is_ours = user_id is not None and until.isascii() and until.isdecimal() and len(until) < 12
    if not is_ours or not secrets.signed(PURPOSE, f"{user_id}.{until}", signature):
        raise NotSignedIn(OVER)
    if datetime.fromtimestamp(int(until), UTC) < now:
        raise NotSignedIn(OVER)
    assert user_id is not None  # noqa: S101 - looked at above
    return user_id


def _fits(row: SecondStep, secrets: Secrets, code: str, now: datetime) -> bool:
    """Return whether a code is good, and use it up: none is good twice."""
    typed = "".join(code.split()).replace("-", "").lower()
    if not typed.isascii():
        return False
    step = totp.step_of(secrets.decrypt(row.secret), typed, now, row.last_step)
    if step is not None:
        row.last_step = step
        return True
    if (used := digest(typed)) in row.recovery:
        row.recovery = [one for one in row.recovery if one != used]
        return True
    return False


async def begin(tx: Tx, actor: Actor, secrets: Secrets) -> str:
    """Return a secret for the actor's app; nothing asks for its codes until one was shown. Raises Conflict."""
    if actor.user_id is None:
        raise NotSignedIn(_("Sign in first."))
    row = await tx.get(SecondStep, actor.user_id, locked=True)
    if row is not None and row.confirmed_at is not None:
        raise Conflict(_("There is a second step already. Take it away first."))
    if row is not None:
        return secrets.decrypt(row.secret)
    made = totp.new_secret()
    tx.add(SecondStep(user_id=actor.user_id, secret=secrets.encrypt(made), last_step=0, failures=0, recovery=[]))
    return made


async def confirm(tx: Tx, actor: Actor, secrets: Secrets, code: str) -> list[str]:
    """Ask for codes from now on, as the actor's app makes them; return recovery codes, which are never shown again.

    Raises Invalid naming `code`.
    """
    row = await tx.get(SecondStep, actor.user_id, locked=True) if actor.user_id else None
    if row is None or row.confirmed_at is not None:
        raise Conflict(_("There is nothing to confirm. Begin again."))
    step = totp.step_of(secrets.decrypt(row.secret), "".join(code.split()), tx.now, row.last_step)
    if step is None:
        wrong = _("This is not the code that the app shows now. Check the clock of your phone, and type the next one.")
        raise Invalid(wrong, {"code": wrong})
    row.last_step, row.confirmed_at = step, tx.now
    tx.record(actor, "user.add_second_step", resource_type="user", changes={}, user=actor.user_id)
    return _new_codes(row)


def _new_codes(row: SecondStep) -> list[str]:
    codes = [f"{random.token_hex(4)}{random.token_hex(4)}" for _number in range(RECOVERY_CODES)]
    row.recovery = [digest(one) for one in codes]
    return [f"{one[:4]}-{one[4:8]}-{one[8:12]}-{one[12:]}" for one in codes]


async def renew_codes(tx: Tx, actor: Actor) -> list[str]:
    """Return new recovery codes for the actor, in place of those they had. Raises Conflict without a second step."""
    row = await tx.get(SecondStep, actor.user_id, locked=True) if actor.user_id else None
    if row is None or row.confirmed_at is None:
        raise Conflict(_("There is no second step yet. Set it up first."))
    tx.record(actor, "user.renew_recovery_codes", resource_type="user", changes={}, user=actor.user_id)
    return _new_codes(row)


async def remove(tx: Tx, actor: Actor, user_id: UUID) -> None:
    """Take the second step of an account away: one's own, or that of somebody who lost their phone.

    Raises NotAllowed unless the actor may change that person, NotFound.
    """
    user = await tx.get(User, user_id, locked=True)
    if user is None:
        raise NotFound(_("There is no account {id}."), id=user_id)
    if actor.user_id != user_id:
        access.require(actor, Permission.MANAGE_USERS)
        if not may_touch(actor, user.role):
            raise NotAllowed(
                _("{name} has a higher role than you: only they may be changed by somebody of it."), name=user.name
            )
    row = await tx.get(SecondStep, user_id, locked=True)
    if row is not None:
        await tx.delete(row)
        tx.record(actor, "user.remove_second_step", user, changes={})
