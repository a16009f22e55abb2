"""What somebody is told of jobs: those of followed kinds that wait, run or just ended, and whatever was given up on.

A person hears of what they started; who looks after jobs hears of everybody's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.ids import first_id_at
from engine.core.jobs import Job, JobStatus

#: How long one that ended stays among the news.
DONE_FOR, FAILED_FOR = timedelta(hours=1), timedelta(days=7)
MOST = 20
UNFINISHED = (JobStatus.QUEUED, JobStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class JobNews:
    """A job in one line. reaction, resource, filename: from what it was asked, where it bears them."""

    id: UUID
    kind: str
    reaction: str | None
    resource: str | None
    filename: str | None
    status: JobStatus
    attempts: int
    done: int
    total: int
    is_own: bool
    at: datetime

    @property
    def name(self) -> str:
        """What runs: the kind, or the reaction's name."""
        return self.reaction or self.kind

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED


def unfinished(connection: Connection, actor: Actor, followed: Collection[str]) -> int:
    """Return how many jobs of these kinds wait or run, as far as the actor is told of them."""
    where = (Job.kind.in_(followed), Job.status.in_(UNFINISHED), _told(actor))
    return connection.scalar(select(func.count()).select_from(Job).where(*where)) or 0


def news(connection: Connection, actor: Actor, followed: Collection[str], now: datetime) -> list[JobNews]:
    """Return what the actor is told of: what is under way first, then what ended, the newest first."""
    going, ended = Job.status.in_(UNFINISHED), Job.finished_at
    wanted = or_(
        and_(Job.kind.in_(followed), going),
        and_(Job.kind.in_(followed), Job.status == JobStatus.SUCCEEDED, ended >= now - DONE_FOR),
        and_(Job.status == JobStatus.FAILED, ended >= now - FAILED_FOR),
    )
    rows = connection.execute(
        select(
            Job.id,
            Job.kind,
            Job.payload["reaction"].as_string().label("reaction"),
            Job.payload["resource"].as_string().label("resource"),
            Job.payload["filename"].as_string().label("filename"),
            Job.status,
            Job.attempts,
            Job.done,
            Job.total,
            Job.created_by,
            func.coalesce(ended, Job.created_at, type_=Job.created_at.type).label("at"),
        )
        # The keys are in the order of time: what is old is not even looked at.
        .where(Job.id >= first_id_at(now - FAILED_FOR - timedelta(days=1)), _told(actor), wanted)
        .order_by(going.desc(), Job.id.desc())
        .limit(MOST)
    ).mappings()
    return [
        JobNews(
            **{name: value for name, value in row.items() if name != "created_by"},
            is_own=row["created_by"] == actor.user_id,
        )
        for row in rows
    ]


def _told(actor: Actor) -> ColumnElement[bool]:
    return true() if access.allows(actor, Permission.VIEW_JOBS) else Job.created_by == actor.user_id
