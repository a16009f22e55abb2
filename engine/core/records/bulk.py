"""One act with many records: each in a transaction of its own, so that one that is refused holds no other back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine.core import access
from engine.core.actor import Actor
from engine.core.database import Database
from engine.core.errors import AgoraError, Invalid
from engine.core.i18n import Message, _
from engine.core.records import writing
from engine.core.resource import Resource
from engine.core.transaction import Tx

MOST = 1_000
DELETE, UPDATE = "delete", "update"


@dataclass(frozen=True, slots=True)
class Refused:
    """One that it could not be done with, and why."""

    id: UUID
    message: Message | str


@dataclass(frozen=True, slots=True)
class BulkReport:
    """What became of them. binned: the places in the bin of those that were deleted."""

    done: Sequence[UUID]
    refused: Sequence[Refused]
    binned: Sequence[UUID] = ()


async def run(
    db: Database, actor: Actor, resource: Resource, ids: Sequence[UUID], act: str, changes: Mapping[str, Any]
) -> BulkReport:
    """Delete, change or act on many. Raises NotAllowed, Invalid for an act that is not done with many."""
    require(actor, resource, act)
    done: list[UUID] = []
    refused: list[Refused] = []
    binned: list[UUID] = []
    for record_id in dict.fromkeys(ids):
        try:
            async with db.write() as tx:
                made = await _one(tx, actor, resource, record_id, act, changes)
        except AgoraError as error:
            refused.append(Refused(record_id, error.message))
        else:
            done.append(record_id)
            binned += [made] if made is not None else []
    return BulkReport(done, refused, binned)


def require(actor: Actor, resource: Resource, act: str) -> None:
    """Raise NotSignedIn, NotAllowed, or Invalid for an act that this list does not offer for many."""
    offered = {name: action for name, action in resource.actions.items() if action.bulk}
    if act in offered:
        access.require(actor, offered[act].permission)
        return
    access.require(actor, resource.write)
    known = [*([DELETE] if resource.deletes else []), *([UPDATE] if resource.changes else []), *offered]
    if act not in known:
        message = _("“{act}” is nothing that is done with many of these. Use one of: {known}.").having(
            act=act[:60], known=", ".join(known) or "–"
        )
        raise Invalid(message, {"act": message})


async def _one(
    tx: Tx, actor: Actor, resource: Resource, record_id: UUID, act: str, changes: Mapping[str, Any]
) -> UUID | None:
    """Do it with one; return its place in the bin where it went there."""
    if act == DELETE:
        return (await writing.delete(tx, actor, resource, record_id)).id
    if act == UPDATE:
        await writing.update(tx, actor, resource, record_id, changes)
    else:
        await writing.act(tx, actor, resource, record_id, act)
    return None
