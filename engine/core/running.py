"""Running jobs: lease one, run it, settle it. `app/worker.py` loops over this; tests call `run_until_idle`."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from engine.core import leases
from engine.core.database import Database
from engine.core.ending import end
from engine.core.errors import AgoraError, Unavailable, told
from engine.core.facts import FactRow, ProcessedEvent, fact_named
from engine.core.jobfacts import JobEnded
from engine.core.jobs import LEASE, REACTION, Job, JobStatus, Schedule, retry_delay
from engine.core.logging import inside
from engine.core.reactions import Reaction
from engine.core.tables import table_of
from engine.core.transaction import Tx

log = logging.getLogger("agora.jobs")
REACTION_ATTEMPTS = 10
MAX_ERROR = 4_000
#: How often a runner looks for jobs whose holder died.
ABANDONED = timedelta(seconds=5)


def _first(state: ColumnElement[bool]) -> Select[Any]:
    """Return what finds the first job in this state whose key has no earlier job unfinished."""
    earlier = aliased(Job)
    blocked = (
        select(earlier.id)
        .where(
            earlier.ordering_key == Job.ordering_key,
            earlier.status.in_((JobStatus.QUEUED, JobStatus.RUNNING)),
            earlier.id < Job.id,
        )
        .exists()
    )
    return (
        select(Job)
        .where(state, or_(Job.ordering_key.is_(None), ~blocked))
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Job)
    )


_JOBS = table_of(Job)
# Made once, for making them took longer than asking them. Asked together, they made SQLite look at every waiting job.
_now = bindparam("now", type_=Job.run_at.type)
_DUE = _first(and_(Job.status == JobStatus.QUEUED, Job.run_at <= _now))
_ANY_DUE = select(Job.id).where(Job.status == JobStatus.QUEUED, Job.run_at <= _now).limit(1)
_ABANDONED = _first(and_(Job.status == JobStatus.RUNNING, Job.lease_until < _now))


class GiveUp(Exception):
    """Raised by a job that must not be tried again; the message is for staff."""


@dataclass(slots=True)
class JobRun:
    """A job while it runs: what it was asked, and where it says how far it is."""

    id: UUID
    payload: Mapping[str, Any]
    attempt: int
    created_by: UUID | None
    db: Database

    async def progress(self, done: int, total: int, result: Mapping[str, Any] | None = None) -> None:
        """Show how far the job is, and what it found so far."""
        values: dict[str, Any] = {"done": done, "total": total}
        if result is not None:
            values["result"] = dict(result)
        async with self.db.write() as tx:
            await tx.execute(update(Job).where(Job.id == self.id).values(**values))


@dataclass(frozen=True, slots=True)
class JobKind:
    """How a kind of job runs. `run(job)` may be called again after a crash: its steps must bear that.

    every: it also runs by itself at this interval; first: how long after the first start of all. attempts: how often it
    is tried before it is a dead letter.
    has_work: asked before it runs by itself; where nothing is due, an idle house writes nothing.
    followed: whoever started it waits for its end, so that it stands among what runs.
    """

    name: str
    run: Callable[[JobRun], Awaitable[Mapping[str, Any] | None]]
    attempts: int = 8
    every: timedelta | None = None
    first: timedelta = timedelta()
    has_work: Callable[[Connection, datetime], bool] | None = None
    followed: bool = False


class JobRunner:
    """Takes due jobs and runs them. `owner` names this process in the leases."""

    def __init__(self, db: Database, kinds: Iterable[JobKind], reactions: Iterable[Reaction], owner: str) -> None:
        self.db = db
        self.owner = owner
        self.kinds: dict[str, JobKind] = {}
        for kind in kinds:
            if kind.name in self.kinds:
                raise ValueError(f"two job kinds are named {kind.name}")
            self.kinds[kind.name] = kind
        self.reactions = {reaction.name: reaction for reaction in reactions}
        self._running: set[UUID] = set()
        self._looked_at: datetime | None = None
        self._due, self._abandoned_ones = _DUE, _ABANDONED

    @property
    def followed(self) -> frozenset[str]:
        """The kinds of jobs that people follow."""
        return frozenset(kind.name for kind in self.kinds.values() if kind.followed)

    def leave(self, *kinds: str) -> None:
        """Leave jobs of these kinds to other processes."""
        here = Job.kind.not_in(kinds)
        self._due = _first(and_(Job.status == JobStatus.QUEUED, Job.run_at <= _now, here))
        self._abandoned_ones = _first(and_(Job.status == JobStatus.RUNNING, Job.lease_until < _now, here))

    async def run_until_idle(self) -> int:
        """Run every job that is due now, and those that they cause; return how many ran."""
        count = 0
        while await self.run_next():
            count += 1
        return count

    async def run_next(self) -> bool:
        """Run one due job; return whether there was one."""
        job = await self.lease()
        if job is not None:
            await self.run(job)
        return job is not None

    async def run(self, job: Job) -> None:
        """Run a job that was leased."""
        token = inside.set(str(job.id))
        try:
            async with self._kept_alive(job.id):
                await self._run(job)
        except asyncio.CancelledError:
            await self._forgive(job)
            raise
        finally:
            inside.reset(token)

    async def lease(self) -> Job | None:
        """Take one whose holder died, or the oldest due job whose key has no earlier job unfinished.

        A try that ended with its process is no failure: it is made again, and not counted again. A power cut that takes
        the lease back has ended whoever held it, too.
        """
        async with self.db.write(is_redone=True) as tx:
            abandoned = await self._abandoned(tx)
            job = abandoned or await tx.scalar(self._due, {"now": tx.now})
            if job is not None:
                job.status, job.leased_by, job.lease_until = JobStatus.RUNNING, self.owner, tx.now + LEASE
                if abandoned is None:
                    job.attempts += 1
                else:
                    job.interrupted += 1
        return job

    async def may_find(self) -> bool:
        """Return whether `lease` may find a job: a glance, for whoever looks again without having heard of one."""
        now = self.db.clock.now()
        if not self._has_looked(now):
            if await self.db.glance(leases.is_any_held, now):
                return True
            self._looked_at = now
        return await self.db.glance(_is_any_due, now)

    def _has_looked(self, now: datetime) -> bool:
        """Return whether jobs whose holder died were looked for a few seconds ago."""
        return self._looked_at is not None and timedelta(0) <= now - self._looked_at < ABANDONED

    async def _abandoned(self, tx: Tx) -> Job | None:
        """Return a job whose holder died, looked for every few seconds.

        Not one of this process's own: after a machine slept, their leases have ended, too.
        """
        if self._has_looked(tx.now):
            return None
        if self._running:
            await self._renew(tx)
        await leases.bring_back(tx)
        await leases.set_aside(tx, Job.lease_until < tx.now)
        job: Job | None = await tx.scalar(self._abandoned_ones, {"now": tx.now})
        self._looked_at = tx.now if job is None else None
        return job

    async def free_leases(self) -> None:
        """Give back every running job and the try that it was: for a start at which nobody else can be running them."""
        async with self.db.write() as tx:
            await leases.set_aside(tx)
            await leases.give_back(tx)

    async def _forgive(self, job: Job) -> None:
        """Have the next start not count this end, which was asked for; the lease goes on, for a thread may, too."""
        held = (Job.id == job.id, Job.leased_by == self.owner, Job.status == JobStatus.RUNNING)
        async with self.db.write() as tx:
            await tx.execute(update(Job).where(*held).values(interrupted=Job.interrupted - 1))

    async def start_scheduled(self) -> None:
        """Queue the scheduled kinds that are due; of several processes one does it."""
        now, known = self.db.clock.now(), await self.db.query(_next_runs)
        for kind in self.kinds.values():
            if kind.every is None or now < known.get(kind.name, now) <= now + kind.every:
                continue
            if kind.has_work is not None and not await self.db.query(_is_needed, kind.name, kind.has_work, now):
                continue
            async with self.db.write() as tx:
                await tx.insert_new(Schedule, {"kind": kind.name, "next_run_at": tx.now + kind.first})
                moved = await tx.execute(
                    update(Schedule)
                    .where(Schedule.kind == kind.name, _is_due(tx.now, kind.every))
                    .values(next_run_at=tx.now + kind.every)
                    .returning(Schedule.kind)
                )
                if moved.first():
                    tx.enqueue(kind.name, key=kind.name)

    @asynccontextmanager
    async def _kept_alive(self, job_id: UUID) -> AsyncIterator[None]:
        async def renew() -> None:
            while True:
                await asyncio.sleep(LEASE.total_seconds() / 3)
                async with self.db.write(is_redone=True) as tx:
                    await self._renew(tx)

        self._running.add(job_id)
        task = asyncio.create_task(renew())
        try:
            yield
        finally:
            self._running.discard(job_id)
            await end(task)

    async def _renew(self, tx: Tx) -> None:
        """Lengthen the leases of what this process runs."""
        mine = (Job.id.in_(self._running), Job.leased_by == self.owner)
        await tx.execute(update(Job).where(*mine).values(lease_until=tx.now + LEASE))

    async def _run(self, job: Job) -> None:
        try:
            if job.kind == REACTION:
                await self._react(job)
                return
            kind = self.kinds.get(job.kind)
            if kind is None:
                raise GiveUp(f"no installed part of Agora knows jobs of kind {job.kind}")  # noqa: TRY301
            result = await kind.run(JobRun(job.id, job.payload, job.attempts, job.created_by, self.db))
        except Exception as error:  # noqa: BLE001 - whatever a job raises is its outcome
            await self._failed(job, error)
        else:
            await self._succeeded(job, result)

    async def _react(self, job: Job) -> None:
        """Run a reaction, record it and finish its job in one transaction: it happens once or not at all."""
        reaction = self.reactions.get(job.payload["reaction"])
        if reaction is None:
            raise GiveUp(f"no installed part of Agora has the reaction {job.payload['reaction']}")
        async with self.db.write() as tx:
            ids = [UUID(i) for i in job.payload["facts"]]
            rows = (await tx.scalars(select(FactRow).where(FactRow.id.in_(ids)).order_by(FactRow.id))).all()
            fresh = await self._not_yet_handled(tx, reaction, rows)
            facts = [fact for row in fresh if (fact := fact_named(row.name, row.payload)) is not None]
            if facts:
                await reaction.handle(tx, facts)
            await self._settle(tx, job, status=JobStatus.SUCCEEDED, error=None)

    async def _not_yet_handled(self, tx: Tx, reaction: Reaction, rows: Sequence[FactRow]) -> list[FactRow]:
        """Record that these facts are handled now; return those that were not before."""
        if not rows:
            return []
        seen = [{"event_id": str(row.id), "source": reaction.name, "processed_at": tx.now} for row in rows]
        dialect: Any = postgresql if tx.is_postgres else sqlite
        insertion = dialect.insert(ProcessedEvent).values(seen).on_conflict_do_nothing()
        recorded = set(await tx.scalars(insertion.returning(ProcessedEvent.event_id)))
        return [row for row in rows if str(row.id) in recorded]

    async def _succeeded(self, job: Job, result: Mapping[str, Any] | None) -> None:
        async with self.db.write() as tx:
            values = {} if result is None else {"result": dict(result)}
            await self._settle(tx, job, status=JobStatus.SUCCEEDED, error=None, **values)

    async def _failed(self, job: Job, error: Exception) -> None:
        kind = self.kinds.get(job.kind)
        attempts = kind.attempts if kind else REACTION_ATTEMPTS
        hopeless = isinstance(error, GiveUp) or (isinstance(error, AgoraError) and not isinstance(error, Unavailable))
        text = str(error if isinstance(error, GiveUp) else told(error))[:MAX_ERROR]
        log.warning(
            "job %s %s failed at attempt %s: %s",
            job.kind,
            job.id,
            job.attempts,
            text,
            exc_info=None if isinstance(error, AgoraError) else error,
        )
        async with self.db.write() as tx:
            if hopeless or job.attempts >= attempts:
                await self._settle(tx, job, status=JobStatus.FAILED, error=text)
            else:
                again = tx.now + retry_delay(job.attempts)
                await self._settle(tx, job, status=JobStatus.QUEUED, error=text, run_at=again)

    async def _settle(self, tx: Tx, job: Job, *, status: JobStatus, **values: Any) -> None:
        finished = tx.now if status in (JobStatus.SUCCEEDED, JobStatus.FAILED) else None
        if status is JobStatus.FAILED or (finished and job.kind in self.followed):
            tx.publish(JobEnded(job.id, job.kind, status))
        held = (_JOBS.c.id == job.id, _JOBS.c.leased_by == self.owner)
        await tx.execute(
            update(_JOBS).where(*held).values(status=status, lease_until=None, finished_at=finished, **values)
        )


def _is_due(now: datetime, every: timedelta) -> ColumnElement[bool]:
    """Return whether a schedule is due; one that is further away than it can be is from before the clock went back.

    Not by a little: of two processes at the same schedule, the second one may have looked at its clock first.
    """
    return or_(Schedule.next_run_at <= now, Schedule.next_run_at > now + every + leases.SAME_MOMENT)


def _is_needed(
    connection: Connection, name: str, has_work: Callable[[Connection, datetime], bool], now: datetime
) -> bool:
    """Return whether a kind has something to do; one that failed runs until it succeeds, for staff were told."""
    newest = select(Job.status).where(Job.ordering_key == name).order_by(Job.id.desc()).limit(1)
    return has_work(connection, now) or connection.scalar(newest) is JobStatus.FAILED


def _next_runs(connection: Connection) -> dict[str, datetime]:
    """Return when each scheduled kind runs next."""
    return {row.kind: row.next_run_at for row in connection.execute(select(Schedule.kind, Schedule.next_run_at))}


async def retry(tx: Tx, job_id: UUID) -> bool:
    """Queue a dead letter again; return whether there was one."""
    done = await tx.execute(
        update(Job)
        .where(Job.id == job_id, Job.status == JobStatus.FAILED)
        .values(status=JobStatus.QUEUED, run_at=tx.now, attempts=0, interrupted=0, finished_at=None)
        .returning(Job.id)
    )
    tx.enqueued += 1
    return done.first() is not None


async def counts(db: Database) -> dict[str, int]:
    """Return how many jobs stand in each status."""
    async with db.read() as session:
        rows = await session.execute(select(Job.status, func.count()).group_by(Job.status))
        return {str(status): count for status, count in rows}


__all__: Sequence[str] = ("GiveUp", "JobKind", "JobRun", "JobRunner", "counts", "retry")


def _is_any_due(connection: Connection, now: datetime) -> bool:
    return connection.execute(_ANY_DUE, {"now": now}).first() is not None
