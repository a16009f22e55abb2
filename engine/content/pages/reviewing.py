"""Review: notes about a page or one of its blocks, what is asked to change, and links that show a draft to others."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, select

from engine.content.pages import publishing
from engine.content.pages.models import Page, PageNote, PagePreview
from engine.content.pages.writing import locked
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import _
from engine.core.ids import digest, new_secret
from engine.core.transaction import Tx

MAX_TEXT = 2_000
LONGEST_PREVIEW = timedelta(days=90)


async def add_note(
    tx: Tx, actor: Actor, page_id: UUID, text: str, *, block_id: str = "", parent_id: UUID | None = None
) -> PageNote:
    """Say something about a page, or a block of it. Viewers may too: who reads, reviews.

    Raises NotAllowed, NotFound, Invalid.
    """
    access.require(actor, Permission.VIEW_PAGES)
    page = await _page(tx, page_id)
    words = text.replace("\x00", "").strip()
    if not words or len(words) > MAX_TEXT:
        message = _("Write a note of at most {limit} characters.").having(limit=MAX_TEXT)
        raise Invalid(message, {"text": message})
    parent = await tx.get(PageNote, parent_id) if parent_id else None
    if parent_id and (parent is None or parent.page_id != page.id):
        raise NotFound(_("There is no note {id} on this page."), id=parent_id)
    note = PageNote(
        page_id=page.id,
        block_id=(parent.block_id if parent else block_id)[:40],
        parent_id=(parent.parent_id or parent.id) if parent else None,
        author_id=actor.user_id,
        author_name=(actor.name or actor.email or "Agora")[:320],
        text=words,
    )
    tx.add(note)
    tx.record(actor, f"{page.noun}.note", page, changes={}, name=page.title)
    await tx.flush()
    return note


async def settle_note(tx: Tx, actor: Actor, page_id: UUID, note_id: UUID, *, is_settled: bool = True) -> PageNote:
    """Mark a note as dealt with, or open it again. Raises NotAllowed, NotFound."""
    await locked(tx, actor, page_id)
    note = await tx.get(PageNote, note_id)
    if note is None or note.page_id != page_id:
        raise NotFound(_("There is no note {id} on this page."), id=note_id)
    note.resolved_at = tx.now if is_settled else None
    await tx.flush()
    return note


async def ask_for_changes(tx: Tx, actor: Actor, page_id: UUID, text: str, block_id: str = "") -> Page:
    """Give a page under review back, with what is to change. Raises as `add_note` and `send_back`."""
    await add_note(tx, actor, page_id, text, block_id=block_id)
    return await publishing.send_back(tx, actor, page_id)


async def open_preview(tx: Tx, actor: Actor, page_id: UUID, lasts: timedelta) -> tuple[PagePreview, str]:
    """Make a link that shows a page's draft to whoever has it; return it, and its secret (known now only).

    Raises NotAllowed, NotFound, Invalid for a time that is over 90 days.
    """
    page = await locked(tx, actor, page_id)
    if not timedelta(0) < lasts <= LONGEST_PREVIEW:
        message = _("A preview link lasts up to {days} days.").having(days=LONGEST_PREVIEW.days)
        raise Invalid(message, {"hours": message})
    await tx.execute(delete(PagePreview).where(PagePreview.expires_at < tx.now))
    secret = new_secret()
    preview = PagePreview(
        page_id=page.id,
        token_hash=digest(secret),
        created_by=actor.user_id,
        created_at=tx.now,
        expires_at=tx.now + lasts,
    )
    tx.add(preview)
    tx.record(actor, f"{page.noun}.preview", page, changes={}, name=page.title)
    await tx.flush()
    return preview, secret


async def close_preview(tx: Tx, actor: Actor, page_id: UUID, preview_id: UUID) -> None:
    """Take a preview link back. Raises NotAllowed, NotFound."""
    page = await locked(tx, actor, page_id)
    preview = await tx.get(PagePreview, preview_id)
    if preview is None or preview.page_id != page.id:
        raise NotFound(_("There is no preview link {id} of this page."), id=preview_id)
    await tx.delete(preview)
    tx.record(actor, f"{page.noun}.preview_closed", page, changes={}, name=page.title)


def previewed(connection: Connection, secret: str, now: datetime) -> UUID | None:
    """Return the page that a preview link shows, or None where the link is no more."""
    live = (PagePreview.token_hash == digest(secret), PagePreview.expires_at > now)
    found: UUID | None = connection.scalar(select(PagePreview.page_id).where(*live))
    return found


def previews(connection: Connection, page_id: UUID, now: datetime) -> Sequence[tuple[UUID, datetime, datetime]]:
    """Return (id, made at, expires at) of a page's preview links that still lead somewhere."""
    columns = (PagePreview.id, PagePreview.created_at, PagePreview.expires_at)
    rows = connection.execute(
        select(*columns).where(PagePreview.page_id == page_id, PagePreview.expires_at > now).order_by(PagePreview.id)
    )
    return [(row.id, row.created_at, row.expires_at) for row in rows]


def notes(connection: Connection, page_id: UUID) -> Sequence[PageNote]:
    """Return the notes about a page, each before its answers."""
    rows = connection.execute(select(PageNote.__table__).where(PageNote.page_id == page_id).order_by(PageNote.id))
    return [PageNote(**row) for row in rows.mappings()]


async def _page(tx: Tx, page_id: UUID) -> Page:
    page = await tx.get(Page, page_id)
    if page is None:
        raise NotFound(_("There is no page {id}. It may have been deleted."), id=page_id)
    return page
