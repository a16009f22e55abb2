"""Leases that ended otherwise than by their job's end: with their process, or by a clock that was put back."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from engine.core.jobfacts import JobEnded
from engine.core.jobs import LEASE, LONGEST_RETRY, Job, JobStatus
from engine.core.tables import table_of
from engine.core.transaction import Tx

#: A job during which Agora ended hard so often is set aside: it may be what ended it, and would at each start.
#: Not less often: where the power comes and goes, one that did nothing may be running five times in a row.
MOST_INTERRUPTED = 10
#: The clocks of several machines are never quite the same.
SAME_MOMENT = timedelta(minutes=1)
#: No retry is further away.
LATEST_RETRY = LONGEST_RETRY * 1.5
MOST_AT_ONCE = 500
_JOBS = table_of(Job)


async def give_back(tx: Tx) -> None:
    """Queue all running jobs again: their process ended, and the try that it was is not counted."""
    values = {
        "status": JobStatus.QUEUED,
        "lease_until": None,
        "attempts": Job.attempts - 1,
        "interrupted": Job.interrupted + 1,
    }
    await tx.execute(update(Job).where(Job.status == JobStatus.RUNNING).values(values))


async def set_aside(tx: Tx, *whose: ColumnElement[bool]) -> None:
    """Make dead letters of the running jobs whose process ended hard once more, and too often."""
    held = _free(Job.status == JobStatus.RUNNING, Job.interrupted >= MOST_INTERRUPTED - 1, *whose)
    values = {
        "status": JobStatus.FAILED,
        "interrupted": MOST_INTERRUPTED,
        "lease_until": None,
        "finished_at": tx.now,
        "error": f"Agora ended {MOST_INTERRUPTED} times while this ran, and this may be what ended it. It is not begun "
        "again by itself: retry it once you know why.",
    }
    for job in (await tx.execute(update(Job).where(held).values(values).returning(Job.id, Job.kind))).all():
        tx.publish(JobEnded(job.id, job.kind, JobStatus.FAILED))


async def bring_back(tx: Tx) -> None:
    """Bring jobs back from the future, for the clock was put back: what is due then would wait for hours.

    A lease that is too long is cut to what it can be; a holder that lives renews it before it ends.
    """
    longest = tx.now + LEASE
    held = _free(Job.status == JobStatus.RUNNING, Job.lease_until > longest)
    await tx.execute(update(Job).where(held).values(lease_until=longest))
    for job in (await tx.execute(select(_JOBS).where(_free(*_from_later(tx.now))))).all():
        pause = job.run_at - job.created_at if job.attempts == 0 else timedelta(0)
        moved = {"created_at": min(job.created_at, tx.now), "run_at": tx.now + pause}
        await tx.execute(update(_JOBS).where(_JOBS.c.id == job.id).values(**moved))


def is_any_held(connection: Connection, now: datetime) -> bool:
    """Return whether there is anything to look after: what runs, here or elsewhere, or waits for a wrong time."""
    running = select(Job.id).where(Job.status == JobStatus.RUNNING).limit(1)
    later = select(Job.id).where(*_from_later(now)).limit(1)
    return connection.scalar(running) is not None or connection.scalar(later) is not None


def _from_later(now: datetime) -> tuple[ColumnElement[bool], ...]:
    is_from_later = Job.created_at > now + SAME_MOMENT
    is_late_retry = and_(Job.attempts > 0, Job.run_at > now + LATEST_RETRY)
    return Job.status == JobStatus.QUEUED, Job.run_at > now, or_(is_from_later, is_late_retry)


def _free(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return which of these jobs nobody else is changing: two that look wait for each other's, for ever, otherwise."""
    return Job.id.in_(select(Job.id).where(*which).limit(MOST_AT_ONCE).with_for_update(skip_locked=True))
