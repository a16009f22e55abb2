"""Reads of jobs: one for whoever asked for it, all for staff who look after them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.counting import count
from engine.core.errors import NotFound, NotSignedIn
from engine.core.i18n import _
from engine.core.jobs import REACTION, Job, JobStatus
from engine.core.paging import Page, PageRequest


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as people see it."""

    id: UUID
    kind: str
    payload: Mapping[str, Any]
    status: JobStatus
    attempts: int
    done: int
    total: int
    result: Mapping[str, Any] | None
    error: str | None
    created_by: UUID | None
    run_at: datetime
    created_at: datetime
    finished_at: datetime | None

    @property
    def name(self) -> str:
        """What runs: the kind, or the reaction's name."""
        return str(self.payload.get("reaction", self.kind)) if self.kind == REACTION else self.kind

    @property
    def is_finished(self) -> bool:
        return self.status in (JobStatus.SUCCEEDED, JobStatus.FAILED)

    @property
    def is_retrying(self) -> bool:
        """Whether it failed at least once and waits for another try."""
        return self.status is JobStatus.QUEUED and bool(self.attempts)


_COLUMNS = tuple(getattr(Job, name) for name in JobView.__dataclass_fields__)


def job(connection: Connection, actor: Actor, job_id: UUID) -> JobView:
    """Return a job: the actor's own, or any to whom may see them all. Raises NotSignedIn, NotFound."""
    if not (actor.is_signed_in or actor.is_system):
        raise NotSignedIn(_("Sign in first: a job is shown to whoever started it."))
    row = connection.execute(select(*_COLUMNS).where(Job.id == job_id)).first()
    may_see = row is not None and (row.created_by == actor.user_id or access.allows(actor, Permission.VIEW_JOBS))
    if row is None or not may_see:
        raise NotFound(_("There is no job {id}, or it is not yours."), id=job_id)
    return _view(row)


def jobs(
    connection: Connection,
    actor: Actor,
    request: PageRequest,
    *,
    status: JobStatus | None = None,
    kind: str = "",
) -> Page[JobView]:
    """Return jobs, the newest first. kind: a kind of job, or the name of a reaction."""
    access.require(actor, Permission.VIEW_JOBS)
    where = [Job.status == status] if status is not None else []
    if kind:
        where.append((Job.kind == kind) | (Job.payload["reaction"].as_string() == kind))
    total = count(connection, select(Job.id).where(*where))
    rows = connection.execute(
        select(*_COLUMNS).where(*where).order_by(Job.id.desc()).limit(request.limit).offset(request.offset)
    )
    return Page.of([_view(row) for row in rows], total, request)


def counts(connection: Connection) -> dict[str, int]:
    """Return how many jobs stand in each status that is not done."""
    others = [status for status in JobStatus if status is not JobStatus.SUCCEEDED]
    rows = connection.execute(select(Job.status, func.count()).where(Job.status.in_(others)).group_by(Job.status))
    return {str(row[0]): row[1] for row in rows}


def _view(row: Any) -> JobView:
    return JobView(**{name: getattr(row, name) for name in JobView.__dataclass_fields__})
