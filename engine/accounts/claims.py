"""The claim: whoever holds the token becomes the owner of an installation that has none, once."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.accounts import hashing, identity, users
from engine.accounts.claim_token import ClaimToken
from engine.accounts.client import Client
from engine.accounts.hashing import Passwords
from engine.accounts.models import User
from engine.core.actor import Actor, Role
from engine.core.database import Database
from engine.core.errors import Conflict, Invalid, NotAllowed
from engine.core.facts import ProcessedEvent
from engine.core.i18n import _
from engine.core.mailbox import normal_email
from engine.core.settings import SettingsStore
from engine.core.site import General, Payments
from engine.core.transaction import Tx

T = TypeVar("T")
CLAIMED = _("This site has an owner already. Sign in at /admin.")


@dataclass(frozen=True, slots=True)
class Organization:
    """What the wizard asks about the organisation. The codes are those of `General`."""

    name: str
    language: str
    timezone: str
    currency: str


@dataclass(frozen=True, slots=True)
class Owner:
    """The first super admin."""

    name: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Office:
    """Where claims are made: what a claim needs of the house."""

    db: Database
    settings: SettingsStore
    passwords: Passwords
    token: ClaimToken


async def check(office: Office, token: str) -> None:
    """Raise Conflict when somebody owns the site, NotAllowed when this is not the token."""
    if await office.db.query(identity.has_owner):
        raise Conflict(CLAIMED)
    if not office.token.matches(token):
        raise NotAllowed(_("This is not the claim token. Copy it from where Agora was started."))


async def claim(
    office: Office,
    token: str,
    organization: Organization,
    owner: Owner,
    client: Client,
    then: Callable[[Tx, User], Awaitable[T]],
) -> T:
    """Give the site its settings and its owner; return `then(tx, user)`, run in the same transaction.

    Of two claims at once one wins. Raises Conflict for the other, NotAllowed for a wrong token, Invalid naming the
    wire's field.
    """
    await check(office, token)
    email = normal_email(owner.email, "owner.email")
    name = users.required_name(owner.name, "owner.name")
    hashing.check_new(owner.password, email=email, field="owner.password")
    password_hash = await office.passwords.hash(owner.password)
    async with office.db.write() as tx:
        if not await take(tx):
            raise Conflict(CLAIMED)
        role = Role.SUPER_ADMIN
        user = await users.create(tx, client.stranger, email=email, name=name, password_hash=password_hash, role=role)
        await _settle(office.settings, tx, user.actor(client.ip_address), organization)
        made = await then(tx, user)
    office.token.forget()
    return made


async def take(tx: Tx) -> bool:
    """Take the installation for an owner; return whether nobody had. A second one waits here for the first."""
    return await tx.insert_new(ProcessedEvent, {"event_id": "claim", "source": "accounts", "processed_at": tx.now})


async def name_site(tx: Tx, actor: Actor, store: SettingsStore, name: str) -> None:
    """Say what the organisation is called, where the environment does not. Raises Invalid."""
    sent = {"siteName": users.required_name(name, "organization.name")}
    await store.save(tx, actor, General, _free(store, General.key, sent))


async def _settle(store: SettingsStore, tx: Tx, actor: Actor, organization: Organization) -> None:
    wire = {"siteName": "name", "language": "language", "timezone": "timezone", "currency": "currency"}
    general = {name: getattr(organization, mine) for name, mine in wire.items()}
    general["siteName"] = users.required_name(organization.name, "organization.name")
    try:
        await store.save(tx, actor, General, _free(store, General.key, general))
        await store.save(tx, actor, Payments, _free(store, Payments.key, {"currency": organization.currency}))
    except Invalid as error:
        found = {f"organization.{wire.get(field, field)}": message for field, message in error.fields.items()}
        raise Invalid(_("Some answers cannot be saved."), found) from None


def _free(store: SettingsStore, key: str, sent: dict[str, Any]) -> dict[str, Any]:
    """Return what the environment does not decide."""
    return {name: value for name, value in sent.items() if f"{key}.{name}" not in store.site.fixed}
