"""Making an account for oneself, and showing that its address is one's own."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from engine.accounts import hashing, links, users
from engine.accounts.client import Client
from engine.accounts.facts import EmailVerified
from engine.accounts.hashing import Passwords
from engine.accounts.models import LinkPurpose, User
from engine.core.actor import Actor, Role
from engine.core.database import Database
from engine.core.errors import Conflict, NotSignedIn
from engine.core.i18n import _
from engine.core.mailbox import normal_email
from engine.core.transaction import Tx
from engine.messaging import public as messaging

T = TypeVar("T")


async def register(
    db: Database,
    passwords: Passwords,
    *,
    email: str,
    password: str,
    name: str,
    locale: str,
    client: Client,
    then: Callable[[Tx, User], Awaitable[T]],
) -> T:
    """Make a customer's account and return `then(tx, user)`, run in the same transaction: it signs them in.

    Raises Invalid naming `email` or `password`, Conflict when the address has an account: as late, and after as much
    work, as for a new one.
    """
    address = normal_email(email)
    hashing.check_new(password, email=address)
    password_hash = await passwords.hash(password)
    async with db.write() as tx:
        user = await users.create(
            tx, client.stranger, email=address, name=name, password_hash=password_hash, role=Role.CUSTOMER
        )
        await _send(tx, user, "welcome", {"url": "/account", "verify_url": await _link(tx, user)}, locale)
        return await then(tx, user)


async def send_link(tx: Tx, actor: Actor, locale: str) -> None:
    """Send the actor a link that shows the address is theirs, unless that is known."""
    user = await tx.get(User, actor.user_id) if actor.user_id else None
    if user is None:
        raise NotSignedIn(_("Sign in first."))
    if user.email_verified_at is None:
        await _send(tx, user, "verify_email", {"url": await _link(tx, user)}, locale)


async def _link(tx: Tx, user: User) -> str:
    return f"/account/verify?token={await links.make(tx, LinkPurpose.VERIFY_EMAIL, user.id)}"


async def _send(tx: Tx, user: User, template: str, values: dict[str, str], locale: str) -> None:
    told = {"name": user.name, **values}
    await messaging.send(
        tx, template=template, to=user.email, values=told, locale=locale, about=user.id, holds_secret=True
    )


async def verify(tx: Tx, actor: Actor, secret: str) -> None:
    """Take a link as proof that the actor reads the mail of their address.

    The link alone is not enough: whoever registers with somebody else's address must not gain by that person
    following it. Raises Conflict when it is used, over, or another account's.
    """
    owner: UUID = await links.take(tx, LinkPurpose.VERIFY_EMAIL, secret)
    user = await tx.get(User, owner, locked=True)
    if user is None or user.id != actor.user_id:
        raise Conflict(_("This link is for another account. Sign in as the person it was sent to."))
    mark_verified(tx, user)


def mark_verified(tx: Tx, user: User) -> None:
    """Note that the address is the person's own; told once."""
    if user.email_verified_at is None:
        user.email_verified_at = tx.now
        tx.record(user.actor(), "user.verify_email", user)
        tx.publish(EmailVerified(user.id, user.email))
