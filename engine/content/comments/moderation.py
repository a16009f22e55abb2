"""The verbs of staff: publish, call spam, throw away, put back, reply; and what is deleted for good."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.content.comments import counts, rules
from engine.content.comments.comments import MODERATE, placed, show
from engine.content.comments.facts import CommentCreated, CommentDeleted, CommentHidden, CommentUpdated
from engine.content.comments.models import Comment
from engine.content.spam import lessons
from engine.content.spam.judging import Post
from engine.content.speech.standing import Standing, lesson_of
from engine.content.speech.voices import Voices, text_of
from engine.core import access
from engine.core.actor import Actor
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.running import JobKind, JobRun
from engine.core.transaction import Tx

BATCH = 200


@dataclass(frozen=True, slots=True)
class Moderation:
    """What staff do with comments."""

    voices: Voices

    async def approve(self, tx: Tx, actor: Actor, comment_id: UUID) -> Comment:
        """Publish a comment, from wherever it stands; the filter learns that it is fine."""
        return await self._put(tx, actor, comment_id, Standing.PUBLISHED, "approve")

    async def spam(self, tx: Tx, actor: Actor, comment_id: UUID) -> Comment:
        """Call a comment spam: nobody sees it, and the filter learns its words."""
        return await self._put(tx, actor, comment_id, Standing.SPAM, "spam")

    async def hold(self, tx: Tx, actor: Actor, comment_id: UUID) -> Comment:
        """Say that a comment is no spam, or take it back from the page: it waits."""
        return await self._put(tx, actor, comment_id, Standing.PENDING, "hold")

    async def discard(self, tx: Tx, actor: Actor, comment_id: UUID) -> Comment:
        """Throw a comment away; it can be put back for 30 days."""
        return await self._put(tx, actor, comment_id, Standing.BINNED, "discard")

    async def _put(self, tx: Tx, actor: Actor, comment_id: UUID, standing: Standing, act: str) -> Comment:
        access.require(actor, MODERATE)
        row = await found(tx, comment_id)
        if row.status is standing:
            return row
        was_shown = row.status is Standing.PUBLISHED
        row.status = standing
        lesson = lesson_of(standing)
        if lesson is None and standing is Standing.BINNED:
            lesson = row.lesson
        await lessons.teach(tx, Post(row.text, row.name, row.email), lesson, before=row.lesson)
        row.lesson = lesson
        tx.record(actor, f"comment.{act}", row, name=row.name)
        if standing is Standing.PUBLISHED:
            await show(tx, self.voices, row)
        elif was_shown:
            await counts.recount(tx, row.kind, row.subject_id)
            tx.publish(CommentHidden(row.id, row.kind, row.subject_id))
        else:
            tx.publish(CommentUpdated(row.id, row.kind, row.subject_id))
        return row

    async def reply(self, tx: Tx, actor: Actor, comment_id: UUID, text: str) -> Comment:
        """Return an answer by staff, published and marked as such; what it answers is published with it.

        Raises NotAllowed below editor, NotFound, Invalid.
        """
        access.require(actor, MODERATE)
        kept = text_of(text, rules.MAX_TEXT)
        parent = await found(tx, comment_id)
        if parent.status is not Standing.PUBLISHED:
            parent = await self.approve(tx, actor, comment_id)
            await tx.flush()
        name = self.voices.site.general.site_name if actor.is_system else actor.name or actor.email.partition("@")[0]
        row = Comment(
            kind=parent.kind,
            subject_id=parent.subject_id,
            user_id=actor.user_id,
            name=name[:100],
            email=actor.email.lower(),
            text=kept,
            status=Standing.PUBLISHED,
            reasons=[],
            is_staff=True,
            **placed(parent),
        )
        tx.add(row)
        await tx.flush()
        tx.record(actor, "comment.reply", row, changes={}, name=parent.name)
        tx.publish(CommentCreated(row.id, row.kind, row.subject_id, row.status))
        await show(tx, self.voices, row)
        return row

    async def update(self, tx: Tx, actor: Actor, comment_id: UUID, changes: dict[str, Any]) -> Comment:
        """Return a comment with words that staff changed: a telephone number taken out. Raises NotAllowed, NotFound."""
        access.require(actor, MODERATE)
        row = await found(tx, comment_id)
        for name, value in changes.items():
            setattr(row, name, text_of(value, rules.MAX_TEXT if name == "text" else 100, field_name=name))
        row.edited_at = tx.now if "text" in changes else row.edited_at
        tx.record(actor, "comment.update", row, name=row.name)
        tx.publish(CommentUpdated(row.id, row.kind, row.subject_id))
        return row


async def found(tx: Tx, comment_id: UUID) -> Comment:
    """Return a comment, locked. Raises NotFound."""
    row = await tx.get(Comment, comment_id, locked=True)
    if row is None:
        raise NotFound(_("There is no such comment. It may have been deleted."))
    return row


async def purge(job: JobRun) -> dict[str, int]:
    """Delete for good what was thrown away or called spam 30 days ago; return how many."""
    count = 0
    while True:
        async with job.db.write() as tx:
            old = select(Comment).where(
                Comment.status.in_((Standing.SPAM, Standing.BINNED)), Comment.updated_at < tx.now - rules.KEPT
            )
            rows = list(await tx.scalars(old.limit(BATCH)))
            for row in rows:
                tx.publish(CommentDeleted(row.id, row.kind, row.subject_id))
                await tx.delete(row)
        count += len(rows)
        if len(rows) < BATCH:
            return {"deleted": count}


PURGE = JobKind("comments.purge", purge, every=timedelta(hours=24))
