"""What happened to a record, from the audit log, and putting its values back to what they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, select

from engine.core import access
from engine.core.actor import Actor
from engine.core.audit import AuditEntry
from engine.core.errors import Conflict, NotFound
from engine.core.i18n import _
from engine.core.records import writing
from engine.core.records.kinds import is_nullable, value_type, widget_of
from engine.core.records.reading import require_read
from engine.core.resource import Field, Resource, Widget
from engine.core.transaction import Tx

MOST = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a record's history. changes: attribute name -> [before, after], as JSON."""

    id: UUID
    action: str
    actor: str
    at: datetime
    changes: Mapping[str, Sequence[Any]]


def of(connection: Connection, actor: Actor, resource: Resource, record_id: UUID) -> list[Change]:
    """Return what happened to a thing, the latest first, at most 200 lines. Raises NotAllowed."""
    require_read(actor, resource)
    access.require(actor, resource.write)
    rows = connection.execute(
        select(AuditEntry.id, AuditEntry.action, AuditEntry.actor, AuditEntry.created_at, AuditEntry.details)
        .where(AuditEntry.resource_type == resource.noun, AuditEntry.resource_id == record_id)
        .order_by(AuditEntry.created_at.desc(), AuditEntry.id.desc())
        .limit(MOST)
    )
    return [Change(row.id, row.action, row.actor, row.created_at, row.details.get("changes", {})) for row in rows]


async def put_back(tx: Tx, actor: Actor, resource: Resource, record_id: UUID, change_id: UUID) -> Any:
    """Return the thing with its values as they were before that change and every later one.

    Raises NotAllowed, NotFound, Conflict where nothing can be put back, Invalid where a value is taken meanwhile.
    """
    access.require(actor, resource.write)
    connection = await tx.session.connection()
    lines = await connection.run_sync(of, actor, resource, record_id)
    position = next((at for at, line in enumerate(lines) if line.id == change_id), None)
    if position is None:
        raise NotFound(_("There is no such change of it."))
    before: dict[str, Any] = {}
    for line in lines[: position + 1]:
        before |= {name: pair[0] for name, pair in line.changes.items()}
    values = {
        field.name: _value(field, before[field.name])
        for field in resource.written
        if field.name in before and not field.once
    }
    if not values or lines[position].action.endswith(".create"):
        raise Conflict(_("Before this there was nothing to go back to."))
    return await writing.update(tx, actor, resource, record_id, values)


def _value(field: Field, stored: Any) -> Any:
    if stored is None and is_nullable(field):
        return None
    if widget_of(field) in (Widget.JSON, Widget.ROWS, Widget.ADDRESS):
        return stored
    kind = int if widget_of(field) is Widget.MONEY else value_type(field)
    try:
        return TypeAdapter(kind).validate_python(stored)
    except ValidationError as error:
        raise Conflict(_("“{value}” is nothing that it can be any more."), value=str(stored)[:80]) from error
