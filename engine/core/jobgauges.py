"""How the queue of jobs stands, for monitoring."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, case, func, select

from engine.core.gauges import Gauge, Reading
from engine.core.jobs import REACTION, Job, JobStatus

OPEN = (JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.FAILED)


def _depths(connection: Connection, _now: datetime) -> Iterable[Reading]:
    queue = case((Job.kind == REACTION, "reactions"), else_="jobs")
    rows = connection.execute(
        select(queue, Job.status, func.count()).where(Job.status.in_(OPEN)).group_by(queue, Job.status)
    )
    found = {(name, status): count for name, status, count in rows}
    return [((name, str(status)), found.get((name, status), 0)) for name in ("jobs", "reactions") for status in OPEN]


def _age(connection: Connection, now: datetime) -> Iterable[Reading]:
    oldest = connection.scalar(select(func.min(Job.run_at)).where(Job.status == JobStatus.QUEUED, Job.run_at <= now))
    return [((), (now - oldest).total_seconds() if oldest else 0.0)]


def _leased(connection: Connection, now: datetime) -> Iterable[Reading]:
    started = connection.scalar(select(func.min(Job.run_at)).where(Job.status == JobStatus.RUNNING))
    return [((), max(0.0, (now - started).total_seconds()) if started else 0.0)]


GAUGES = (
    Gauge("queue_depth", "Jobs by queue and status.", _depths, ("queue", "status")),
    Gauge("job_oldest_due_seconds", "How long the oldest due job has waited.", _age),
    Gauge("job_oldest_running_seconds", "How long ago the oldest running job was due.", _leased),
)
