"""The write transaction: rows, facts, jobs and audit lines that come into being together or not at all."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Executable, Result, ScalarResult, event, insert, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from engine.core.actor import Actor
from engine.core.audit import AuditActor, AuditEntry, AuditResult, changes_of, plain
from engine.core.facts import Fact, FactRow, RecordedFact, Subscriber
from engine.core.ids import new_id
from engine.core.jobs import Job, new_job, reaction_jobs
from engine.core.tables import Base, HasTimes, table_of

RowT = TypeVar("RowT", bound=Base)
BATCH = 500


class Tx:
    """One write transaction. `now` is the one moment at which everything in it happens.

    is_past: it writes down history (`past`): nothing follows from it, no job, no reaction, and no listener hears of it.
    """

    def __init__(self, session: AsyncSession, now: datetime, subscribers: Sequence[Subscriber]) -> None:
        self.session = session
        self.now = now
        self.facts: list[RecordedFact] = []
        self.enqueued = 0
        self.is_past = False
        self._subscribers = subscribers
        self._audit: list[dict[str, Any]] = []

    @property
    def is_postgres(self) -> bool:
        return self.session.get_bind().dialect.name == "postgresql"

    def add(self, *rows: Base) -> None:
        self.session.add_all(rows)

    async def delete(self, row: Base) -> None:
        await self.session.delete(row)

    async def get(self, kind: type[RowT], key: Any, *, locked: bool = False) -> RowT | None:
        """Return a row by its primary key; locked: other transactions wait for this one (PostgreSQL)."""
        return await self.session.get(kind, key, with_for_update=True if locked else None, populate_existing=locked)

    async def execute(self, statement: Executable, values: Any = None) -> Result[Any]:
        return await self.session.execute(statement, values)

    async def scalar(self, statement: Any, values: Any = None) -> Any:
        return await self.session.scalar(statement, values)

    async def scalars(self, statement: Any) -> ScalarResult[Any]:
        return await self.session.scalars(statement)

    async def flush(self) -> None:
        await self.session.flush()

    async def insert_new(self, table: type[Base], values: Mapping[str, Any]) -> bool:
        """Insert a row unless one with its key (primary or unique) is there; return whether it was inserted.

        On PostgreSQL it waits for another transaction that is inserting the same key, and then sees its row.
        """
        insertion = _insertion(table, is_postgres=self.is_postgres)
        done = await self.session.execute(insertion, dict(values))
        return done.first() is not None  # drivers count rows of such a statement only sometimes

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A part of the transaction that can fail by itself: on an error all of it is undone, and the rest goes on."""
        facts, lines, enqueued = len(self.facts), len(self._audit), self.enqueued
        try:
            async with self.session.begin_nested():
                yield
                await self.session.flush()
        except BaseException:
            del self.facts[facts:], self._audit[lines:]
            self.enqueued = enqueued
            raise

    def publish(self, *facts: Fact) -> None:
        """Append facts; their reactions become jobs in this transaction, their listeners hear after the commit."""
        self.facts += [RecordedFact(new_id(), self.now, fact) for fact in facts]

    def enqueue(
        self,
        kind: str,
        payload: Mapping[str, Any] | None = None,
        *,
        run_at: datetime | None = None,
        key: str | None = None,
        actor: Actor | None = None,
    ) -> UUID:
        """Append a job that runs after the commit, at `run_at` or at once; return its id.

        key: jobs that share one run in order, one at a time.
        """
        job = new_job(kind, dict(payload or {}), self.now, run_at, key, actor.user_id if actor else None)
        if self.is_past:
            return job.id
        self.session.add(job)
        self.enqueued += 1
        return job.id

    def record(
        self,
        actor: Actor,
        action: str,
        subject: Base | None = None,
        *,
        changes: Mapping[str, Any] | None = None,
        resource_type: str = "",
        result: AuditResult = AuditResult.SUCCESS,
        **details: Any,
    ) -> None:
        """Write an audit line. The difference is what changed on `subject` since it was read or flushed."""
        found = dict(changes) if changes is not None else (changes_of(subject) if subject is not None else {})
        subject_id = getattr(subject, "id", None)
        self._audit.append(
            {
                "id": new_id(),
                "user_id": actor.user_id,
                "actor": actor.email or actor.name or "",
                "action": action,
                "resource_type": resource_type or action.split(".", 1)[0],
                "resource_id": subject_id if isinstance(subject_id, UUID) else None,
                "details": {**({"changes": plain(found)} if found else {}), **plain(details)},
                "ip_address": actor.ip_address,
                "result": result,
                "created_at": self.now,
            }
        )

    async def past(self, moment: datetime) -> None:
        """Let what follows have happened at this moment: history, as the demo organisation has it."""
        await self.session.flush()
        self.now, self.is_past = moment, True

    async def seal(self) -> None:
        """Write facts, their reactions' jobs and audit lines, in bulk: the last thing before the commit."""
        await self.session.flush()
        if self.facts:
            rows = [
                {
                    "id": f.id,
                    "name": f.fact.name,
                    "about": f.fact.about,
                    "payload": f.fact.payload(),
                    "created_at": f.at,
                }
                for f in self.facts
            ]
            await self.session.execute(_FACTS, rows)
            jobs = [] if self.is_past else reaction_jobs(self.facts, self._subscribers, self.now)
            if jobs:
                await self.session.execute(_JOBS, jobs)
                self.enqueued += len(jobs)
        if self._audit:
            await self.session.execute(_AUDIT, self._audit)
            for actor in sorted({line["actor"] for line in self._audit}):
                await self.insert_new(AuditActor, {"actor": actor})


# Made once.
_FACTS, _JOBS, _AUDIT = (insert(table_of(kind)) for kind in (FactRow, Job, AuditEntry))


@cache
def _insertion(kind: type[Base], *, is_postgres: bool) -> Executable:
    dialect = postgresql if is_postgres else sqlite
    insertion: Executable = (
        dialect.insert(table_of(kind)).on_conflict_do_nothing().returning(*inspect(kind).primary_key)
    )
    return insertion


async def locked(tx: Tx, kind: type[RowT], ids: Sequence[UUID]) -> list[RowT]:
    """Return rows by id, locked in the order of their ids so that two transactions never wait for each other."""
    found = await tx.scalars(
        select(kind)
        .where(kind.id.in_(ids))  # type: ignore[attr-defined]
        .order_by(kind.id)  # type: ignore[attr-defined]
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found)


def keep_times(session: Session, tx: Tx) -> None:
    """Have the session stamp `created_at` and `updated_at` on the rows it writes."""

    def stamp(session: Session, *_: Any) -> None:
        now = tx.now
        for row in session.new:
            if isinstance(row, HasTimes):
                row.created_at = row.created_at or now
                row.updated_at = row.updated_at or now
        for row in session.dirty:
            if isinstance(row, HasTimes) and session.is_modified(row):
                row.updated_at = now

    event.listen(session, "before_flush", stamp)
