"""The verbs of staff: publish, call spam, throw away, put back, answer; and what is deleted for good."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.content.reviews import rules
from engine.content.reviews.facts import ReviewDeleted, ReviewUpdated
from engine.content.reviews.models import Review
from engine.content.reviews.ratings import recount
from engine.content.reviews.reviews import MODERATE, settle
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
    """What staff do with reviews."""

    voices: Voices

    async def approve(self, tx: Tx, actor: Actor, review_id: UUID) -> Review:
        """Publish a review with its pictures; the filter learns that it is fine."""
        return await self._put(tx, actor, review_id, Standing.PUBLISHED, "approve")

    async def spam(self, tx: Tx, actor: Actor, review_id: UUID) -> Review:
        """Call a review spam: nobody sees it, and the filter learns its words."""
        return await self._put(tx, actor, review_id, Standing.SPAM, "spam")

    async def hold(self, tx: Tx, actor: Actor, review_id: UUID) -> Review:
        """Say that a review is no spam, or take it back from the page: it waits."""
        return await self._put(tx, actor, review_id, Standing.PENDING, "hold")

    async def discard(self, tx: Tx, actor: Actor, review_id: UUID) -> Review:
        """Throw a review away; it can be put back for 30 days."""
        return await self._put(tx, actor, review_id, Standing.BINNED, "discard")

    async def _put(self, tx: Tx, actor: Actor, review_id: UUID, standing: Standing, act: str) -> Review:
        access.require(actor, MODERATE)
        row = await found(tx, review_id)
        if row.status is standing:
            return row
        was_shown = row.status is Standing.PUBLISHED
        row.status = standing
        lesson = row.lesson if standing is Standing.BINNED else lesson_of(standing)
        post = Post(f"{row.title}\n{row.text}".strip(), row.name, row.email or "")
        await lessons.teach(tx, post, lesson, before=row.lesson)
        row.lesson = lesson
        tx.record(actor, f"review.{act}", row, name=row.name)
        await settle(tx, row, was_shown=was_shown)
        return row

    async def answer(self, tx: Tx, actor: Actor, review_id: UUID, text: str) -> Review:
        """Return a review with the owner's answer below it; an empty one takes it away.

        Raises NotAllowed below editor, NotFound, Invalid.
        """
        access.require(actor, MODERATE)
        row = await found(tx, review_id)
        kept = text_of(text, rules.MAX_TEXT, field_name="answer", least=0)
        if kept == row.answer:
            return row
        row.answer = kept
        row.answered_by = self.voices.site.general.site_name[:100] if kept else ""
        row.answered_at = tx.now if kept else None
        tx.record(actor, "review.answer", row, name=row.name)
        if row.status is Standing.PUBLISHED:
            await recount(tx, row.kind, row.subject_id)
        tx.publish(ReviewUpdated(row.id, row.kind, row.subject_id))
        return row

    async def update(self, tx: Tx, actor: Actor, review_id: UUID, changes: dict[str, Any]) -> Review:
        """Return a review with what staff may change of it: the answer. Raises NotAllowed, NotFound, Invalid."""
        return await self.answer(tx, actor, review_id, changes.get("answer") or "")


async def found(tx: Tx, review_id: UUID) -> Review:
    """Return a review, locked. Raises NotFound."""
    row = await tx.get(Review, review_id, locked=True)
    if row is None:
        raise NotFound(_("There is no such review. It may have been deleted."))
    return row


async def purge(job: JobRun) -> dict[str, int]:
    """Delete for good what was thrown away or called spam 30 days ago; return how many."""
    count = 0
    while True:
        async with job.db.write() as tx:
            old = select(Review).where(
                Review.status.in_((Standing.SPAM, Standing.BINNED)), Review.updated_at < tx.now - rules.KEPT
            )
            rows = list(await tx.scalars(old.limit(BATCH)))
            for row in rows:
                tx.publish(ReviewDeleted(row.id, row.kind, row.subject_id))
                await tx.delete(row)
        count += len(rows)
        if len(rows) < BATCH:
            return {"deleted": count}


PURGE = JobKind("reviews.purge", purge, every=timedelta(hours=24))
