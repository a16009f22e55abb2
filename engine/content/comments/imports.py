"""Comments that come from elsewhere: with their dates, threaded, and the same again changes nothing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from engine.content.comments import counts, rules
from engine.content.comments.comments import placed
from engine.content.comments.facts import CommentCreated
from engine.content.comments.models import Comment
from engine.content.speech.standing import Standing
from engine.content.speech.voices import text_of
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.transaction import Tx


@dataclass(frozen=True, slots=True)
class ImportedComment:
    """One comment of another system. source, key: where it is from, and its id there; parent_key: whose answer it is.

    Parents come before their answers; one whose parent did not come stands by itself.
    """

    source: str
    key: str
    name: str
    text: str
    created_at: datetime
    email: str = ""
    parent_key: str = ""
    standing: Standing = Standing.PUBLISHED
    is_staff: bool = False


async def bring(tx: Tx, actor: Actor, kind: str, subject_id: UUID, given: ImportedComment) -> tuple[Comment, bool]:
    """Return a comment from elsewhere, and whether it is new; nobody is told of it, and the filter learns nothing.

    Raises NotAllowed below editor, Invalid.
    """
    access.require(actor, Permission.MODERATE_COMMENTS)
    existing = await _of(tx, given.source, given.key)
    text = text_of(given.text, rules.MAX_TEXT)
    if existing is not None:
        existing.text, existing.name = text, given.name[:100]
        return existing, False
    parent = await _of(tx, given.source, given.parent_key) if given.parent_key else None
    is_shown = given.standing is Standing.PUBLISHED
    row = Comment(
        kind=kind,
        subject_id=subject_id,
        name=" ".join(given.name.split())[:100] or "–",
        email=given.email.strip().lower()[:320],
        text=text,
        status=given.standing,
        reasons=[],
        is_staff=given.is_staff,
        source=given.source,
        external_key=given.key,
        created_at=given.created_at,
        updated_at=tx.now,
        published_at=given.created_at if is_shown else None,
        told_at=tx.now,
        **placed(parent),
    )
    tx.add(row)
    await tx.flush()
    tx.publish(CommentCreated(row.id, kind, subject_id, row.status))
    if is_shown:
        await counts.recount(tx, kind, subject_id)
    return row, True


async def _of(tx: Tx, source: str, key: str) -> Comment | None:
    asked = select(Comment).where(Comment.source == source, Comment.external_key == key)
    found: Comment | None = await tx.scalar(asked)
    return found
