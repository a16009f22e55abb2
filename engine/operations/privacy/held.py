"""What the core itself holds of people: who did what, from where, and old work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, delete, or_, select, update

from engine.core.audit import FORGET_ACTORS, AuditActor, AuditEntry
from engine.core.distinct import EMPTY
from engine.core.facts import FactRow, ProcessedEvent
from engine.core.i18n import _
from engine.core.jobs import Job, JobStatus
from engine.core.persons import Person, PersonalData, Retention
from engine.core.records.tables import ListColumns, SavedView
from engine.core.searchquestions import SearchQuestion
from engine.core.sweeping import ERASED
from engine.core.transaction import Tx

BATCH = 500


def _acted(person: Person) -> ColumnElement[bool]:
    own = AuditEntry.actor == person.email
    return or_(own, AuditEntry.user_id == person.user_id) if person.user_id else own


def _acts(connection: Connection, person: Person) -> list[dict[str, Any]]:
    columns = (AuditEntry.created_at, AuditEntry.action, AuditEntry.ip_address, AuditEntry.result)
    rows = connection.execute(select(*columns).where(_acted(person)).order_by(AuditEntry.id))
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name for it


async def _erase_acts(tx: Tx, person: Person) -> int:
    ids = list(await tx.scalars(select(AuditEntry.id).where(_acted(person))))
    actors = await _actors_of(tx, ids)
    await tx.execute(update(AuditEntry).where(AuditEntry.id.in_(ids)).values(actor=ERASED, ip_address=""))
    if ids:
        await tx.insert_new(AuditActor, {"actor": ERASED})
    await tx.execute(FORGET_ACTORS.where(AuditActor.actor.in_(actors)))
    if person.user_id:
        await tx.execute(delete(SavedView).where(SavedView.user_id == person.user_id))
        await tx.execute(delete(ListColumns).where(ListColumns.user_id == person.user_id))
    return len(ids)


async def _actors_of(tx: Tx, ids: Sequence[UUID]) -> list[str]:
    return list(await tx.scalars(select(AuditEntry.actor).where(AuditEntry.id.in_(ids)).distinct()))


def _old_lines(before: datetime) -> Select[Any]:
    return select(AuditEntry.id).where(AuditEntry.created_at < before)


async def _forget_lines(tx: Tx, before: datetime) -> int:
    ids = list(await tx.scalars(_old_lines(before).limit(BATCH)))
    actors = await _actors_of(tx, ids)
    await tx.execute(delete(AuditEntry).where(AuditEntry.id.in_(ids)))
    await tx.execute(FORGET_ACTORS.where(AuditActor.actor.in_(actors)))
    return len(ids)


def _old_addresses(before: datetime) -> Select[Any]:
    return _old_lines(before).where(AuditEntry.ip_address != EMPTY)


async def _forget_addresses(tx: Tx, before: datetime) -> int:
    ids = list(await tx.scalars(_old_addresses(before).limit(BATCH)))
    await tx.execute(update(AuditEntry).where(AuditEntry.id.in_(ids)).values(ip_address=""))
    return len(ids)


def _old_questions(before: datetime) -> Select[Any]:
    return select(SearchQuestion.question).where(SearchQuestion.asked_at < before)


async def _forget_questions(tx: Tx, before: datetime) -> int:
    words = list(await tx.scalars(_old_questions(before).limit(BATCH)))
    await tx.execute(delete(SearchQuestion).where(SearchQuestion.question.in_(words)))
    return len(words)


def _old_jobs(before: datetime) -> Select[Any]:
    """Return work that was done; what was given up on waits for staff."""
    return select(Job.id).where(Job.status == JobStatus.SUCCEEDED, Job.run_at < before, Job.finished_at < before)


async def _forget_jobs(tx: Tx, before: datetime) -> int:
    ids = list(await tx.scalars(_old_jobs(before).limit(BATCH)))
    await tx.execute(delete(Job).where(Job.id.in_(ids)))
    return len(ids)


def _old_facts(before: datetime) -> Select[Any]:
    return select(FactRow.id).where(FactRow.created_at < before)


async def _forget_facts(tx: Tx, before: datetime) -> int:
    ids = list(await tx.scalars(_old_facts(before).limit(BATCH)))
    await tx.execute(delete(ProcessedEvent).where(ProcessedEvent.event_id.in_([str(id_) for id_ in ids])))
    await tx.execute(delete(FactRow).where(FactRow.id.in_(ids)))
    return len(ids)


PERSONAL = (PersonalData("activity", _("Activity, and where it came from"), _acts, _erase_acts),)
RETENTIONS = (
    Retention("audit_address_days", _("Network addresses in the audit log"), _forget_addresses, _old_addresses),
    Retention("audit_days", _("Lines of the audit log"), _forget_lines, _old_lines),
    Retention("fact_days", _("What happened, as the parts of Agora tell each other"), _forget_facts, _old_facts),
    Retention("search_days", _("What was searched"), _forget_questions, _old_questions),
    Retention("job_days", _("Work that is done"), _forget_jobs, _old_jobs),
)
