"""How a person likes a list: the views they saved, and the columns they chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, or_, select

from engine.core import access
from engine.core.actor import Actor
from engine.core.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.core.i18n import _
from engine.core.plaintext import line_of
from engine.core.records.kinds import wire_name
from engine.core.records.reading import require_read
from engine.core.records.tables import ListColumns, SavedView
from engine.core.resource import Field, Resource
from engine.core.transaction import Tx

MOST_VIEWS = 30
LONGEST_NAME = 80
#: Parameters that are of the moment, not of the view.
_FLEETING = frozenset({"page", "selected"})


@dataclass(frozen=True, slots=True)
class ViewOfList:
    """A saved view. query: the parameters of its address; is_shared: everybody sees it."""

    id: UUID
    name: str
    query: str
    is_shared: bool


def of(connection: Connection, actor: Actor, resource: Resource) -> list[ViewOfList]:
    """Return the views of a list that this person has, the shared ones first."""
    mine = or_(SavedView.user_id.is_(None), SavedView.user_id == actor.user_id)
    rows = connection.execute(
        select(SavedView.id, SavedView.name, SavedView.query, SavedView.user_id)
        .where(SavedView.resource == resource.path, mine)
        .order_by(SavedView.user_id.is_not(None), SavedView.created_at, SavedView.id)
    )
    return [ViewOfList(row.id, row.name, row.query, row.user_id is None) for row in rows]


async def save(tx: Tx, actor: Actor, resource: Resource, name: str, query: str, *, shared: bool = False) -> SavedView:
    """Keep a list's address under a name; one of the same name is replaced.

    Raises NotAllowed (sharing needs who may write), Invalid, Conflict for more than 30.
    """
    require_read(actor, resource)
    if not actor.is_signed_in:
        raise NotAllowed(_("Sign in first: a view is kept with an account."))
    if shared:
        access.require(actor, resource.write)
    name = line_of(name)
    if not name or len(name) > LONGEST_NAME:
        message = _("Give the view a name of at most {most} characters.").having(most=LONGEST_NAME)
        raise Invalid(message, {"name": message})
    kept = urlencode([pair for pair in parse_qsl(query) if pair[0] not in _FLEETING])[:2_000]
    owner = None if shared else actor.user_id
    found: list[SavedView] = list(
        await tx.scalars(select(SavedView).where(SavedView.resource == resource.path, _owned(owner)))
    )
    same = next((view for view in found if view.name.lower() == name.lower()), None)
    if same is not None:
        same.query = kept
        return same
    if len(found) >= MOST_VIEWS:
        raise Conflict(_("There are {most} views already. Delete one first."), most=MOST_VIEWS)
    view = SavedView(user_id=owner, resource=resource.path, name=name, query=kept, created_at=tx.now)
    tx.add(view)
    return view


async def forget(tx: Tx, actor: Actor, resource: Resource, view_id: UUID) -> None:
    """Delete a view: one's own, or a shared one by who may write. Raises NotFound, NotAllowed."""
    view = await tx.get(SavedView, view_id)
    if view is None or view.resource != resource.path or view.user_id not in (None, actor.user_id):
        raise NotFound(_("There is no such view."))
    if view.user_id is None:
        access.require(actor, resource.write)
    await tx.delete(view)


def columns(connection: Connection, actor: Actor, resource: Resource) -> tuple[Field, ...]:
    """Return the columns that this person sees, in order: those they chose, else the declared ones."""
    chosen = connection.scalar(
        select(ListColumns.columns).where(ListColumns.user_id == actor.user_id, ListColumns.resource == resource.path)
    )
    by_name = {wire_name(field): field for field in resource.fields}
    found = tuple(by_name[name] for name in chosen or () if name in by_name)
    return found or resource.columns


async def choose_columns(tx: Tx, actor: Actor, resource: Resource, names: Sequence[str]) -> None:
    """Keep the columns that a person wants, by wire name; none puts the declared ones back. Raises Invalid."""
    require_read(actor, resource)
    known = {wire_name(field) for field in resource.fields}
    unknown = [name for name in names if name not in known]
    if unknown:
        message = _("This list has no column “{name}”.").having(name=unknown[0][:60])
        raise Invalid(message, {"columns": message})
    mine = (ListColumns.user_id == actor.user_id, ListColumns.resource == resource.path)
    await tx.execute(delete(ListColumns).where(*mine))
    if names and actor.user_id is not None:
        tx.add(ListColumns(user_id=actor.user_id, resource=resource.path, columns=list(dict.fromkeys(names))))


def _owned(owner: UUID | None) -> ColumnElement[bool]:
    return SavedView.user_id.is_(None) if owner is None else SavedView.user_id == owner
