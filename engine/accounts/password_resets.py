"""Getting back in without the password, and changing it.

Asking for a link only queues a job, so that the answer and its time are the same whether the address is known or not.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from engine.accounts import hashing, links, logins, registrations, users
from engine.accounts.client import Client
from engine.accounts.hashing import Passwords
from engine.accounts.models import LinkPurpose, User
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import Conflict, Invalid, NotSignedIn
from engine.core.facts import ProcessedEvent
from engine.core.i18n import _
from engine.core.mailbox import typed_email
from engine.core.running import JobKind, JobRun
from engine.core.transaction import Tx
from engine.messaging import public as messaging

JOB = "accounts.password_reset"
#: Somebody who asks again and again gets one e-mail a minute.
PAUSE = timedelta(minutes=1)


def ask(tx: Tx, email: str) -> None:
    """Have a link sent to this address, if an active account has it."""
    tx.enqueue(JOB, {"email": typed_email(email)})


def reset_job(locale: Callable[[], str]) -> JobKind:
    """Return the job that sends the link. locale: the site's language when it runs."""

    async def run(job: JobRun) -> Mapping[str, Any] | None:
        async with job.db.write() as tx:
            event = {"event_id": str(job.id), "source": JOB, "processed_at": tx.now}
            if await tx.insert_new(ProcessedEvent, event):
                await _send(tx, job.payload["email"], locale())
        return None

    return JobKind(JOB, run)


async def _send(tx: Tx, email: str, locale: str) -> None:
    user: User | None = await tx.scalar(select(User).where(User.email == email, User.is_active))
    if user is None or await links.made_since(tx, LinkPurpose.RESET_PASSWORD, user.id, tx.now - PAUSE):
        return
    secret = await links.make(tx, LinkPurpose.RESET_PASSWORD, user.id)
    values = {"name": user.name, "url": f"/account/reset?token={secret}", "minutes": 60}
    await messaging.send(
        tx, template="password_reset", to=user.email, values=values, locale=locale, about=user.id, holds_secret=True
    )


async def reset(db: Database, passwords: Passwords, secret: str, password: str, client: Client) -> None:
    """Set a new password by a link; it ends every session and token, and shows that the address is the person's own.

    Raises Invalid naming `password`, Conflict when the link is used or over.
    """
    if not await db.query(links.is_good, LinkPurpose.RESET_PASSWORD, secret, db.clock.now()):
        raise Conflict(links.OVER)
    hashing.check_new(password)
    password_hash = await passwords.hash(password)
    async with db.write() as tx:
        user = await tx.get(User, await links.take(tx, LinkPurpose.RESET_PASSWORD, secret), locked=True)
        if user is None or not user.is_active:
            raise Conflict(links.OVER)
        await users.put_password(tx, user.actor(client.ip_address), user, password_hash)
        registrations.mark_verified(tx, user)


async def change(db: Database, passwords: Passwords, actor: Actor, current: str, password: str, client: Client) -> User:
    """Change the actor's own password; other sessions and all tokens end. Return the account.

    Raises Invalid naming `currentPassword` or `password`, NotAllowed with the time left after five wrong ones.
    """
    hashing.check_new(password, email=actor.email)
    password_hash = await passwords.hash(password)

    async def put(tx: Tx, user: User) -> User:
        await users.put_password(tx, actor, user, password_hash, but=actor.session_id)
        return user

    try:
        return await logins.sign_in(db, passwords, actor.email, current, client, put)
    except NotSignedIn:
        message = _("This is not your password. Type the one you have now.")
        raise Invalid(message, {"currentPassword": message}) from None


async def prove(db: Database, passwords: Passwords, actor: Actor, password: str, client: Client) -> None:
    """Return if the actor knows their password: what cannot be undone asks for it again.

    Raises Invalid naming `password`, NotAllowed with the time left after five wrong ones.
    """

    async def known(_tx: Tx, user: User) -> User:
        return user

    try:
        await logins.sign_in(db, passwords, actor.email, password, client, known)
    except NotSignedIn:
        message = _("This is not your password. Type the one you have now.")
        raise Invalid(message, {"password": message}) from None
