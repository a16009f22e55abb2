"""The one path by which records change: permission, rule, change, audit with difference, fact.

A resource with verbs of its own writes through them; permission, audit and facts are then theirs.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.core import access
from engine.core.actor import Actor
from engine.core.audit import changes_of
from engine.core.errors import Conflict, NotFound
from engine.core.i18n import _
from engine.core.ids import new_id
from engine.core.records import bin as trash
from engine.core.records.facts import RecordCreated, RecordDeleted, RecordUpdated
from engine.core.records.filling import check_unique, fill_slugs
from engine.core.records.reading import not_found, title_of
from engine.core.records.tables import BinnedRecord
from engine.core.resource import Action, Resource
from engine.core.tables import HasTimes
from engine.core.transaction import Tx


async def create(tx: Tx, actor: Actor, resource: Resource, values: Mapping[str, Any]) -> Any:
    """Return a new thing. values: by attribute name, as the resource's create shape lets them through.

    Raises NotSignedIn, NotAllowed, Conflict for a list that nobody adds to, Invalid for a value that is taken.
    """
    access.require(actor, resource.write)
    if not resource.makes:
        raise Conflict(_("{list} come by themselves: nobody adds one."), list=str(resource.plural))
    if verb := resource.verbs.get("create"):
        row = await verb(tx, actor, dict(values))
        await tx.flush()
        return row
    row = resource.model(**{"id": new_id(), **values})
    await fill_slugs(tx, resource, row)
    await check_unique(tx, resource, row)
    tx.add(row)
    first = {name: [None, value] for name, value in values.items() if value not in (None, "", [])}
    await tx.flush()
    tx.record(
        actor, f"{resource.noun}.create", row, changes=first, resource_type=resource.noun, name=title_of(resource, row)
    )
    tx.publish(RecordCreated(row.id, resource.path))  # type: ignore[attr-defined]
    return row


async def update(
    tx: Tx,
    actor: Actor,
    resource: Resource,
    record_id: UUID,
    changes: Mapping[str, Any],
    *,
    seen_at: datetime | None = None,
) -> Any:
    """Return the thing with these values changed. seen_at: when the writer read it; a change since then is a Conflict.

    Raises NotSignedIn, NotAllowed, NotFound, Conflict, Invalid.
    """
    access.require(actor, resource.write)
    if not resource.changes:
        raise Conflict(_("{list} are not edited."), list=str(resource.plural))
    row = await locked(tx, actor, resource, record_id)
    if seen_at is not None and isinstance(row, HasTimes) and row.updated_at > seen_at:
        raise Conflict(
            _("Somebody else changed “{title}” while you were writing. Open it anew, and make your change again."),
            title=title_of(resource, row),
        )
    if verb := resource.verbs.get("update"):
        changed = await verb(tx, actor, record_id, dict(changes))
        await tx.flush()
        return changed
    for name, value in changes.items():
        setattr(row, name, value)
    await fill_slugs(tx, resource, row)
    if not changes_of(row):
        return row
    await check_unique(tx, resource, row)
    tx.record(actor, f"{resource.noun}.update", row, resource_type=resource.noun, name=title_of(resource, row))
    tx.publish(RecordUpdated(record_id, resource.path))
    await tx.flush()
    return row


async def delete(tx: Tx, actor: Actor, resource: Resource, record_id: UUID) -> BinnedRecord:
    """Put a thing into the bin, where it stays for 30 days; return its place there.

    Raises NotSignedIn, NotAllowed, NotFound, Conflict for a list that nothing is taken from.
    """
    access.require(actor, resource.write)
    if not resource.deletes:
        raise Conflict(_("{list} are not deleted."), list=str(resource.plural))
    row = await locked(tx, actor, resource, record_id)
    binned = await trash.put(tx, actor, resource, row)
    if verb := resource.verbs.get("delete"):
        await verb(tx, actor, record_id)
        await tx.flush()
        return binned
    tx.record(actor, f"{resource.noun}.delete", row, changes={}, resource_type=resource.noun, name=binned.title)
    tx.publish(RecordDeleted(record_id, resource.path))
    await tx.delete(row)
    await tx.flush()
    return binned


async def act(tx: Tx, actor: Actor, resource: Resource, record_id: UUID, name: str) -> Any:
    """Do one of the resource's actions with a thing; return what it returns.

    Raises NotFound for an action that there is not, and what the action itself refuses.
    """
    action = action_of(resource, name)
    access.require(actor, action.permission)
    await locked(tx, actor, resource, record_id)
    result = await action.run(tx, actor, record_id)
    await tx.flush()
    return result


def action_of(resource: Resource, name: str) -> Action:
    """Return the action of this name. Raises NotFound."""
    if name not in resource.actions:
        raise NotFound(
            _("{list} have no action “{name}”. They have: {known}."),
            list=str(resource.plural),
            name=name[:60],
            known=", ".join(resource.actions) or "–",
        )
    return resource.actions[name]


async def locked(tx: Tx, actor: Actor, resource: Resource, record_id: UUID) -> Any:
    """Return the thing itself, locked, within what the actor may see. Raises NotFound."""
    model: Any = resource.model
    statement = select(model).where(model.id == record_id)
    if resource.scope is not None and not actor.is_system:
        statement = statement.where(resource.scope(actor))
    row = await tx.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise not_found(resource, record_id)
    return row
