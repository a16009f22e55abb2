"""Accounts' numbers for who watches the house: who is locked out, and how often that happens."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from engine.accounts.models import LoginFailure, SecondStep, Session, User
from engine.core.audit import AuditEntry
from engine.core.gauges import Gauge, Reading

#: What the audit log calls an address that is locked after too many wrong passwords.
LOCK = "user.lock"
HOUR = timedelta(hours=1)


def lockouts_within(connection: Connection, since: datetime) -> int:
    """Return how many addresses were locked since a moment, whether an account has them or not."""
    found = select(func.count()).where(AuditEntry.action == LOCK, AuditEntry.created_at > since)
    return connection.execute(found).scalar_one()


def _lockouts(connection: Connection, now: datetime) -> Iterable[Reading]:
    return [((), lockouts_within(connection, now - HOUR))]


def _locked(connection: Connection, now: datetime) -> Iterable[Reading]:
    counts = [select(func.count()).where(kind.locked_until > now) for kind in (User, LoginFailure, SecondStep)]
    return [((), sum(connection.execute(count).scalar_one() for count in counts))]


def _sessions(connection: Connection, now: datetime) -> Iterable[Reading]:
    return [((), connection.execute(select(func.count()).where(Session.expires_at > now)).scalar_one())]


GAUGES = (
    Gauge("lockouts_last_hour", "Addresses that were locked after too many wrong passwords.", _lockouts),
    Gauge("locked_accounts", "Addresses that are locked now.", _locked),
    Gauge("sessions", "Browser sessions that are open.", _sessions),
)
