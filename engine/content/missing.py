"""Addresses that visitors found empty: mended by a redirect, or dismissed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.content.models import MissingPage, Redirect
from engine.content.redirects import create
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.records.facts import RecordDeleted, RecordUpdated
from engine.core.transaction import Tx

PATH = "missing-pages"


async def mend(tx: Tx, actor: Actor, missing_id: UUID, target_url: str, status_code: int) -> Redirect:
    """Lead visitors of the address elsewhere from now on; it leaves the list.

    Raises NotAllowed, NotFound, Invalid naming `targetUrl`.
    """
    access.require(actor, Permission.MANAGE_REDIRECTS)
    row = await _found(tx, missing_id)
    values = {"source_path": row.path, "target_url": target_url, "status_code": status_code}
    redirect = await create(tx, actor, values)
    tx.publish(RecordDeleted(missing_id, PATH))
    return redirect


async def dismiss(tx: Tx, actor: Actor, missing_id: UUID) -> MissingPage:
    """Say that nothing belongs there: it is counted on, but no longer asked about."""
    return await _mark(tx, actor, missing_id, is_dismissed=True)


async def look_again(tx: Tx, actor: Actor, missing_id: UUID) -> MissingPage:
    """Take that back."""
    return await _mark(tx, actor, missing_id, is_dismissed=False)


async def _mark(tx: Tx, actor: Actor, missing_id: UUID, *, is_dismissed: bool) -> MissingPage:
    access.require(actor, Permission.MANAGE_REDIRECTS)
    row = await _found(tx, missing_id)
    if row.is_dismissed != is_dismissed:
        row.is_dismissed = is_dismissed
        tx.record(actor, "missing_page.update", row, name=row.path)
        tx.publish(RecordUpdated(row.id, PATH))
    return row


async def _found(tx: Tx, missing_id: UUID) -> MissingPage:
    row = await tx.get(MissingPage, missing_id, locked=True)
    if row is None:
        raise NotFound(_("This address is not on the list any more."))
    return row


def is_open(values: Mapping[str, Any]) -> bool:
    """Return whether a record still waits for somebody."""
    return not values["is_dismissed"]


def is_closed(values: Mapping[str, Any]) -> bool:
    """Return whether a record was dismissed."""
    return bool(values["is_dismissed"])
