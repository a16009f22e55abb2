"""Who is at a page: the windows of the builder that are open on it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select

from engine.content.pages.models import PageEditor
from engine.content.pages.writing import locked
from engine.core.actor import Actor
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.transaction import Tx

#: A window that says nothing for so long is closed.
GONE_AFTER = timedelta(seconds=60)
MAX_WINDOW = 40


@dataclass(frozen=True, slots=True)
class Present:
    """A window on a page, and the block that is worked on in it."""

    window: str
    user_id: UUID
    name: str
    block_id: str


async def be_seen(
    tx: Tx, actor: Actor, page_id: UUID, window: str, block_id: str = ""
) -> tuple[int, Sequence[Present]]:
    """Say that a window is open on a page; return the draft's edit, and the other windows. Raises as `locked`."""
    page = await locked(tx, actor, page_id)
    if actor.user_id is None or not window or len(window) > MAX_WINDOW:
        message = _("Name the window by up to {most} characters.").having(most=MAX_WINDOW)
        raise Invalid(message, {"window": message})
    await tx.execute(delete(PageEditor).where(PageEditor.seen_at < tx.now - GONE_AFTER))
    own = await tx.get(PageEditor, (page_id, window))
    if own is None:
        own = PageEditor(page_id=page_id, window=window, user_id=actor.user_id, name="", seen_at=tx.now)
        tx.add(own)
    own.user_id, own.name = actor.user_id, (actor.name or actor.email or "")[:320]
    own.block_id, own.seen_at = block_id[:40], tx.now
    await tx.flush()
    rows = await tx.scalars(select(PageEditor).where(PageEditor.page_id == page_id, PageEditor.window != window))
    return page.edit, [Present(row.window, row.user_id, row.name, row.block_id) for row in rows]


async def leave(tx: Tx, actor: Actor, page_id: UUID, window: str) -> None:
    """Say that a window was closed."""
    at = (PageEditor.page_id == page_id, PageEditor.window == window, PageEditor.user_id == actor.user_id)
    await tx.execute(delete(PageEditor).where(*at))
