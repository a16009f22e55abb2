"""What runs by itself: when each kind of job ran last and how it ended, when it runs next, and running one now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.jobs import Job, JobStatus, Schedule
from engine.core.running import JobKind
from engine.core.transaction import Tx

OPEN = (JobStatus.QUEUED, JobStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A kind of job that runs by itself. The rest is of the newest job of it.

    next_at: None until a first start, and where it runs once something is due.
    """

    kind: str
    every: timedelta
    next_at: datetime | None
    runs_if_due: bool
    job_id: UUID | None = None
    status: JobStatus | None = None
    at: datetime | None = None
    error: str = ""
    result: Mapping[str, Any] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it runs, or waits to."""
        return self.status in OPEN


def scheduled(connection: Connection, actor: Actor, kinds: Iterable[JobKind]) -> Sequence[Scheduled]:
    """Return every kind that runs by itself, the rarest first. Raises NotAllowed."""
    access.require(actor, Permission.VIEW_JOBS)
    kinds = list(kinds)
    next_at = {row.kind: row.next_run_at for row in connection.execute(select(Schedule.kind, Schedule.next_run_at))}
    newest = _newest(connection, [kind.name for kind in kinds if kind.every is not None])
    found = [
        Scheduled(
            kind.name,
            kind.every,
            None if kind.has_work else next_at.get(kind.name),
            kind.has_work is not None,
            **newest.get(kind.name, {}),
        )
        for kind in kinds
        if kind.every is not None
    ]
    return sorted(found, key=lambda one: (-one.every, one.kind))


def _newest(connection: Connection, kinds: Iterable[str]) -> dict[str, dict[str, Any]]:
    place = func.row_number().over(partition_by=Job.kind, order_by=Job.id.desc()).label("place")
    columns = (Job.id, Job.kind, Job.status, Job.finished_at, Job.run_at, Job.error, Job.result)
    ranked = select(*columns, place).where(Job.kind.in_(list(kinds))).subquery()
    return {
        row.kind: {
            "job_id": row.id,
            "status": row.status,
            "at": row.finished_at or row.run_at,
            "error": row.error if row.status is JobStatus.FAILED and row.error else "",
            "result": row.result,
        }
        for row in connection.execute(select(ranked).where(ranked.c.place == 1))
    }


def failing(connection: Connection, kinds: Iterable[str]) -> Sequence[str]:
    """Return which of these kinds failed at their last run: quick also with many jobs, for it is asked all the time."""
    later = aliased(Job)
    succeeded = (
        select(later.id)
        .where(later.ordering_key == Job.ordering_key, later.status == JobStatus.SUCCEEDED, later.id > Job.id)
        .where(later.kind == Job.kind)
        .exists()
    )
    asked = select(Job.kind).where(Job.status == JobStatus.FAILED, Job.kind.in_(list(kinds)), ~succeeded).distinct()
    return sorted(connection.scalars(asked))


async def run_now(tx: Tx, actor: Actor, kinds: Mapping[str, JobKind], name: str) -> UUID:
    """Queue a kind that runs by itself; return the job's id, also of one that waits or runs already.

    Raises NotAllowed, NotFound for a kind that does not run by itself.
    """
    access.require(actor, Permission.VIEW_JOBS)
    kind = kinds.get(name)
    if kind is None or kind.every is None:
        raise NotFound(_("Nothing called “{name}” runs by itself."), name=name[:80])
    waiting: UUID | None = await tx.scalar(select(Job.id).where(Job.kind == name, Job.status.in_(OPEN)).limit(1))
    if waiting is not None:
        return waiting
    tx.record(actor, "upkeep.run", resource_type="job", changes={}, kind=name)
    return tx.enqueue(name, key=name, actor=actor)
