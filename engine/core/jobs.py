"""Durable background jobs: leased, retried with exponential backoff and jitter, dead letters that staff can see.

The queue is a table. A job that a killed process held is taken up again when its lease ends.
"""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.core.facts import RecordedFact, Subscriber, subscribers_to
from engine.core.ids import new_id
from engine.core.tables import Base, EnumText, HasId, Json

LEASE = timedelta(seconds=30)
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(hours=1)
REACTION = "reaction"
#: At most so many facts in one batched reaction.
REACTION_BATCH = 500


class JobStatus(StrEnum):
    """Where a job stands. A failed one is a dead letter: it stays until staff retry it."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Job(HasId, Base):
    """One piece of work to be done once, some time after the transaction that asked for it."""

    __tablename__ = "jobs"

    kind: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]
    status: Mapped[JobStatus] = mapped_column(EnumText(JobStatus))
    ordering_key: Mapped[str | None] = mapped_column(String(160))
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    #: How often its process ended hard while it ran.
    interrupted: Mapped[int] = mapped_column(Integer, default=0)
    leased_by: Mapped[str | None] = mapped_column(String(60))
    lease_until: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    error: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "status", "run_at"), Index(None, "ordering_key", "status"))


class Schedule(Base):
    """When a kind of job runs next; one row a kind, so that exactly one process starts it."""

    __tablename__ = "schedules"

    kind: Mapped[str] = mapped_column(String(80), primary_key=True)
    next_run_at: Mapped[datetime]


def new_job(
    kind: str,
    payload: dict[str, Any],
    now: datetime,
    run_at: datetime | None = None,
    key: str | None = None,
    created_by: UUID | None = None,
) -> Job:
    """Return a queued job."""
    return Job(
        kind=kind,
        payload=payload,
        status=JobStatus.QUEUED,
        run_at=run_at or now,
        ordering_key=key,
        created_by=created_by,
        created_at=now,
    )


def reaction_jobs(
    facts: Sequence[RecordedFact], subscribers: Sequence[Subscriber], now: datetime
) -> list[dict[str, Any]]:
    """Return the job rows that deliver these facts: one a fact and reaction, or one a batch."""
    rows: list[dict[str, Any]] = []
    batches: dict[str, list[str]] = {}
    for recorded in facts:
        for reaction in subscribers_to(recorded.fact, subscribers):
            if reaction.batched:
                batches.setdefault(reaction.name, []).append(str(recorded.id))
            else:
                key = f"{reaction.name}:{recorded.fact.about}"
                rows.append(_reaction_row(reaction.name, [str(recorded.id)], key, now))
    for name, ids in batches.items():
        for start in range(0, len(ids), REACTION_BATCH):
            rows.append(_reaction_row(name, ids[start : start + REACTION_BATCH], name, now))  # noqa: PERF401
    return rows


def _reaction_row(name: str, facts: list[str], key: str, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": REACTION,
        "payload": {"reaction": name, "facts": facts},
        "status": JobStatus.QUEUED,
        "ordering_key": key,
        "run_at": now,
        "attempts": 0,
        "interrupted": 0,
        "done": 0,
        "total": 0,
        "created_at": now,
    }


def retry_delay(attempts: int, roll: Callable[[], float] = random.random) -> timedelta:
    """Return how long to wait after the nth failure: 5 s doubled each time up to an hour, give or take a half."""
    delay: timedelta = min(FIRST_RETRY * 2 ** min(attempts - 1, 12), LONGEST_RETRY)
    return delay * (0.5 + roll())
