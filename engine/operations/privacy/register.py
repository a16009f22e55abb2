"""The register of personal data: all that the domains offer, for one person at a time, and the years it is kept."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.accounts.models import User
from engine.commerce.ordering.models import Order
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.audit import AuditResult, plain
from engine.core.database import Database
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.mailbox import normal_email
from engine.core.persons import Person, PersonalData, Retention
from engine.core.privacysettings import PrivacySettings
from engine.core.secrets import Secrets
from engine.core.sweeping import Kept
from engine.core.transaction import Tx

SWEEP = "privacy.sweep"


DAYS_A_YEAR = 365.25


def life_of(retention: Retention, settings: PrivacySettings) -> timedelta | None:
    """Return how long something is kept; None for as long as the thing itself."""
    number: int = getattr(settings, retention.setting)
    days = number * DAYS_A_YEAR if retention.setting.endswith("_years") else number
    return timedelta(days=days) if number else None


class Register:
    """What is held of people. parts, retentions: of every domain, joined in the wiring."""

    def __init__(self, secrets: Secrets, parts: Sequence[PersonalData], retentions: Sequence[Retention]) -> None:
        self._secrets = secrets
        self.parts = sorted(parts, key=lambda part: part.is_last)
        self.retentions = tuple(retentions)

    @property
    def kept(self) -> Kept:
        """The columns in which the law makes us keep a person."""
        return frozenset((one.class_.__tablename__, one.key) for part in self.parts for one in part.keeps)

    def due(self, connection: Connection, settings: PrivacySettings, now: datetime) -> Mapping[str, int]:
        """Return how many things of each kind are forgotten next, by the setting that says so."""
        lives = {one.setting: life_of(one, settings) for one in self.retentions}
        return {
            one.setting: one.count(connection, now - life) if (life := lives[one.setting]) else 0
            for one in self.retentions
        }

    def sealed(self, person: Person) -> str:
        """Return a person as a job may hold them: nobody reads it without the keys of this installation."""
        user_id = str(person.user_id) if person.user_id else None
        return self._secrets.encrypt(json.dumps({"email": person.email, "name": person.name, "user": user_id}))

    def opened(self, sealed: str) -> Person:
        """Return whom a job is about."""
        found = json.loads(self._secrets.decrypt(sealed))
        return Person(found["email"], found["name"], UUID(found["user"]) if found["user"] else None)

    async def export(self, db: Database, actor: Actor, person: Person) -> bytes:
        """Return a ZIP of one JSON file for each kind of thing that is held of a person.

        Raises NotAllowed for another person's unless the actor may manage people.
        """
        _require(actor, person)
        found = await db.query(self._collect, person)
        async with db.write() as tx:
            tx.record(actor, "person.export", resource_type="user", changes={}, user=person.user_id)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for key, value in found.items():
                archive.writestr(f"{key}.json", json.dumps(plain(value), ensure_ascii=False, indent=2))
        return packed.getvalue()

    def _collect(self, connection: Connection, person: Person) -> Mapping[str, Any]:
        return {part.key: part.collect(connection, person) for part in self.parts}

    async def erase(self, tx: Tx, actor: Actor, person: Person) -> Mapping[str, int]:
        """Take a person out of everything; return of how many things of each kind.

        What the law makes us keep of their orders stays until its time is over. A job then looks through every text.
        Raises NotAllowed for another person unless the actor may manage people, Conflict for one of the staff.
        """
        _require(actor, person)
        counts = {part.key: await part.erase(tx, person) for part in self.parts}
        tx.enqueue(SWEEP, {"person": self.sealed(person)})
        who = Actor.system("Agora") if actor.user_id == person.user_id else actor
        tx.record(who, "person.erase", resource_type="user", changes={}, result=AuditResult.SUCCESS, things=counts)
        return counts


def _require(actor: Actor, person: Person) -> None:
    if actor.user_id is None or actor.user_id != person.user_id:
        access.require(actor, Permission.MANAGE_USERS)


def with_account(connection: Connection, user_id: UUID) -> Person:
    """Return the person of an account. Raises NotFound."""
    row = connection.execute(select(User.email, User.name).where(User.id == user_id)).first()
    if row is None:
        raise NotFound(_("There is no account {id}."), id=user_id)
    return Person(row.email, row.name, user_id)


def with_address(connection: Connection, typed: str) -> Person:
    """Return the person of an address, with their account, or the name on their last order. Raises Invalid."""
    email = normal_email(typed)
    row = connection.execute(select(User.id, User.name).where(User.email == email)).first()
    if row is not None:
        return Person(email, row.name, row.id)
    name = connection.scalar(select(Order.name).where(Order.email == email).order_by(Order.id.desc()).limit(1))
    return Person(email, name or "")
