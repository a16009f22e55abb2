"""The people of the demo: the guide's five members of staff, and those who buy."""

import secrets
from datetime import timedelta

from sqlalchemy import Connection, delete, select

from engine.accounts import claims, users
from engine.accounts.demopeople import NAMES, PLACES, STREETS
from engine.accounts.models import User
from engine.core import addresses
from engine.core.actor import Actor, Role
from engine.core.addresses import Address
from engine.core.demo import DEMO, Credential, DemoItem, DemoPart, DemoPerson, Making, Removing, batches, mark
from engine.core.facts import ProcessedEvent
from engine.core.transaction import Tx

#: The guide's seeded users.
STAFF = (
    (Role.SUPER_ADMIN, "superadmin@agora-cms.dev", "Isolde Marsh"),
    (Role.ADMIN, "admin@agora-cms.dev", "Tobias Reed"),
    (Role.STORE_MANAGER, "manager@agora-cms.dev", "Wren Calloway"),
    (Role.EDITOR, "editor@agora-cms.dev", "Priya Raman"),
    (Role.VIEWER, "viewer@agora-cms.dev", "Osian Pugh"),
)
CUSTOMER = "customer@agora-cms.dev"
#: Of those who buy, every so-manieth has no account.
GUEST_EVERY = 4
USER = "user"


async def make(making: Making) -> None:
    """Add the staff, of whom one owns an installation that nobody owned, and those who buy, over the story's months."""
    wanted = [*STAFF, (Role.CUSTOMER, CUSTOMER, NAMES[0])]
    passwords = [making.password or secrets.token_urlsafe(12) for _one in wanted]
    hashes = [await making.hash_password(password) for password in passwords]
    async with making.past(making.start - timedelta(days=30)) as tx:
        for (role, email, name), password, password_hash in zip(wanted, passwords, hashes, strict=True):
            actor = await _account(tx, email, name, password_hash, role)
            making.credentials.append(Credential(email, role, password))
            if role is Role.CUSTOMER:
                making.people.append(_person(making, name, email, actor, 0))
            else:
                making.staff[role] = actor
        if making.is_first:
            await claims.take(tx)
    await _buyers(making, await making.hash_password(secrets.token_urlsafe(24)))


async def _buyers(making: Making, password_hash: str) -> None:
    """Add those who buy. Nobody knows the password of the accounts among them."""
    joined = sorted(making.roll.randint(1, making.days + 29) for _name in NAMES[1:])
    async with making.past(making.start - timedelta(days=30)) as tx:
        for place, (name, day) in enumerate(zip(NAMES[1:], reversed(joined), strict=True), start=1):
            email = f"{name.lower().replace(' ', '.').replace('’', '')}@example.org"
            actor = Actor.stranger()
            if place % GUEST_EVERY:
                await tx.past(making.now - timedelta(days=day, hours=making.roll.randint(1, 12)))
                actor = await _account(tx, email, name, password_hash, Role.CUSTOMER)
            making.people.append(_person(making, name, email, actor, day if actor.is_signed_in else making.days + 30))


async def _account(tx: Tx, email: str, name: str, password_hash: str, role: Role) -> Actor:
    user = await users.create(tx, DEMO, email=email, name=name, password_hash=password_hash, role=role)
    user.email_verified_at = tx.now
    mark(tx, USER, user.id)
    return user.actor()


def _person(making: Making, name: str, email: str, actor: Actor, days: int) -> DemoPerson:
    town, region, postcode, country = making.roll.choice(PLACES)
    street = f"{making.roll.randint(1, 88)} {making.roll.choice(STREETS[country])}"
    if country == "DE":
        number, _space, name_of_street = street.partition(" ")
        street = f"{name_of_street} {number}"
    values = {"name": name, "line1": street, "city": town, "region": region, "postal_code": postcode}
    address: Address = addresses.checked({**values, "country": country})
    since = making.now - timedelta(days=days) if days else making.start - timedelta(days=30)
    return DemoPerson(actor, name, email, address, since)


def has_real_owner(connection: Connection) -> bool:
    """Return whether somebody who does not belong to the demo can run the installation."""
    ours = select(DemoItem.thing).where(DemoItem.kind == USER)
    real = select(User.id).where(User.role == Role.SUPER_ADMIN, User.is_active, User.id.not_in(ours))
    return connection.execute(real.limit(1)).first() is not None


async def remove(removing: Removing) -> None:
    """Take the people away. What they did to real things stays; an installation without an owner can be claimed."""
    for batch in batches(removing.of(USER)):
        async with removing.db.write() as tx:
            await tx.execute(delete(User).where(User.id.in_(batch)))
    async with removing.db.write() as tx:
        if await tx.scalar(select(User.id).where(User.role == Role.SUPER_ADMIN).limit(1)) is None:
            claim = (ProcessedEvent.event_id == "claim", ProcessedEvent.source == "accounts")
            await tx.execute(delete(ProcessedEvent).where(*claim))


PART = DemoPart(make=make, remove=remove)
