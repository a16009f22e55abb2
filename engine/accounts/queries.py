"""Reads about accounts, for pages and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, func, select

from engine.accounts.models import User, folded
from engine.core.actor import Role
from engine.core.audit import AuditEntry, AuditResult
from engine.core.counting import count
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.paging import Page, PageRequest

LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class UserSummary:
    """An account as lists show it."""

    id: UUID
    email: str
    name: str
    role: Role
    is_active: bool
    is_event_staff: bool
    is_exhibitor: bool
    is_kiosk: bool
    is_course_admin: bool
    is_instructor: bool
    email_verified_at: datetime | None
    last_login_at: datetime | None
    created_at: datetime
    updated_at: datetime
    failed_logins: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Which accounts: words of the name or the address, a role, active or not."""

    search: str = ""
    role: Role | None = None
    is_active: bool | None = None


_columns = [getattr(User, name) for name in UserSummary.__dataclass_fields__]


def _summary(row: RowMapping) -> UserSummary:
    return UserSummary(**row)


def users(connection: Connection, wanted: UserFilter, page: PageRequest) -> Page[UserSummary]:
    """Return one page of accounts, the newest first."""
    total = count(connection, _matching(select(User.id), wanted))
    rows = connection.execute(
        _matching(select(*_columns), wanted)
        .order_by(User.created_at.desc(), User.id.desc())
        .limit(page.limit)
        .offset(page.offset)
    )
    return Page.of([_summary(row) for row in rows.mappings()], total, page)


def _matching(statement: Select[Any], wanted: UserFilter) -> Select[Any]:
    for word in folded(wanted.search[:LONGEST_SEARCH].replace("\x00", "")).split():
        statement = statement.where(User.search_text.contains(word, autoescape=True))
    if wanted.role is not None:
        statement = statement.where(User.role == wanted.role)
    if wanted.is_active is not None:
        statement = statement.where(User.is_active.is_(wanted.is_active))
    return statement


def user(connection: Connection, user_id: UUID) -> UserSummary:
    """Return an account. Raises NotFound."""
    row = connection.execute(select(*_columns).where(User.id == user_id)).mappings().first()
    if row is None:
        raise NotFound(_("There is no account {id}."), id=user_id)
    return _summary(row)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the audit log about an account."""

    action: str
    actor: str
    at: datetime
    is_failure: bool
    details: dict[str, Any]


def history(connection: Connection, user_id: UUID, limit: int = 30) -> list[Happening]:
    """Return what happened to an account, the latest first."""
    rows = connection.execute(
        select(AuditEntry.action, AuditEntry.actor, AuditEntry.created_at, AuditEntry.result, AuditEntry.details)
        .where(AuditEntry.resource_type == "user", AuditEntry.resource_id == user_id)
        .order_by(AuditEntry.created_at.desc(), AuditEntry.id.desc())
        .limit(limit)
    )
    return [Happening(r.action, r.actor, r.created_at, r.result is AuditResult.FAILURE, r.details) for r in rows]


def role_counts(connection: Connection) -> dict[Role, int]:
    """Return how many accounts have each role."""
    rows = connection.execute(select(User.role, func.count()).group_by(User.role))
    return {row[0]: row[1] for row in rows}


def summaries(connection: Connection, user_ids: Sequence[UUID]) -> dict[UUID, UserSummary]:
    """Return these accounts by id, without those that are gone."""
    rows = connection.execute(select(*_columns).where(User.id.in_(user_ids)))
    return {row["id"]: _summary(row) for row in rows.mappings()}


def staff_emails(connection: Connection, least: Role) -> list[str]:
    """Return the addresses of active people who have at least this role."""
    roles = [role for role in Role if role.reaches(least)]
    return list(connection.scalars(select(User.email).where(User.role.in_(roles), User.is_active).order_by(User.id)))


def staff(connection: Connection) -> list[UserSummary]:
    """Return the active accounts that may enter the admin, by name."""
    roles = [role for role in Role if role.reaches(Role.VIEWER)]
    rows = connection.execute(
        select(*_columns).where(User.role.in_(roles), User.is_active).order_by(func.lower(User.name), User.email)
    )
    return [_summary(row) for row in rows.mappings()]


def has_account(connection: Connection, email: str) -> bool:
    """Return whether an address is that of an account; in lower case, as it is kept."""
    return connection.scalar(select(User.id).where(User.email == email)) is not None


def verified_email(connection: Connection, user_id: UUID) -> str | None:
    """Return the address of an account if it is known to be the person's own."""
    found: str | None = connection.scalar(
        select(User.email).where(User.id == user_id, User.email_verified_at.is_not(None))
    )
    return found
