"""Reads of the audit log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.audit import AuditEntry, AuditResult
from engine.core.paging import Page, PageRequest


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what to which thing, and what changed."""

    id: UUID
    user_id: UUID | None
    actor: str
    action: str
    resource_type: str
    resource_id: UUID | None
    details: Mapping[str, Any]
    ip_address: str
    result: AuditResult
    created_at: datetime

    @property
    def changes(self) -> Mapping[str, Sequence[Any]]:
        """`{field: [before, after]}`."""
        found: Mapping[str, Sequence[Any]] = self.details.get("changes", {})
        return found

    @property
    def more(self) -> Mapping[str, Any]:
        """What is told besides the differences."""
        return {name: value for name, value in self.details.items() if name != "changes"}


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which lines. search: in the actor's name; action: whole or its first word (`order`). Times are aware."""

    search: str = ""
    action: str = ""
    resource_type: str = ""
    resource_id: UUID | None = None
    user_id: UUID | None = None
    result: AuditResult | None = None
    since: datetime | None = None
    until: datetime | None = None


_COLUMNS = tuple(getattr(AuditEntry, name) for name in AuditLine.__dataclass_fields__)


def entries(connection: Connection, actor: Actor, request: PageRequest, wanted: AuditFilter) -> Page[AuditLine]:
    """Return lines of the log, the newest first."""
    access.require(actor, Permission.VIEW_AUDIT)
    where = _where(wanted)
    total = connection.scalar(select(func.count()).select_from(AuditEntry).where(*where)) or 0
    rows = connection.execute(
        select(*_COLUMNS).where(*where).order_by(AuditEntry.id.desc()).limit(request.limit).offset(request.offset)
    )
    lines = [AuditLine(**{name: getattr(row, name) for name in AuditLine.__dataclass_fields__}) for row in rows]
    return Page.of(lines, total, request)


def actions(connection: Connection) -> list[str]:
    """Return every action that the log holds, in order."""
    return list(connection.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))


def _where(wanted: AuditFilter) -> list[Any]:
    where: list[Any] = []
    if wanted.search:
        where.append(AuditEntry.actor.icontains(wanted.search, autoescape=True))
    if wanted.action:
        where.append(
            (AuditEntry.action == wanted.action) | AuditEntry.action.startswith(f"{wanted.action}.", autoescape=True)
        )
    for column, value in (
        (AuditEntry.resource_type, wanted.resource_type),
        (AuditEntry.resource_id, wanted.resource_id),
        (AuditEntry.user_id, wanted.user_id),
        (AuditEntry.result, wanted.result),
    ):
        if value:
            where.append(column == value)
    if wanted.since is not None:
        where.append(AuditEntry.created_at >= wanted.since)
    if wanted.until is not None:
        where.append(AuditEntry.created_at < wanted.until)
    return where
