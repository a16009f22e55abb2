"""The verbs of staff: publish, call spam, throw away, put back, answer; and what is deleted for good."""

from typing import Any
from uuid import UUID

from engine.content.reviews import rules
from engine.content.reviews.facts import ReviewDeleted, ReviewUpdated
from engine.content.reviews.models import Review
from engine.content.reviews.ratings import recount
from engine.content.reviews.reviews import MODERATE, settle
from engine.content.speech.moderating import Moderator, purging
from engine.content.speech.standing import Standing
from engine.content.speech.voices import text_of
from engine.core import access
from engine.core.actor import Actor
from engine.core.i18n import _
from engine.core.transaction import Tx


class Moderation(Moderator):
    """What staff do with reviews."""

    noun = "review"
    model = Review
    permission = MODERATE
    missing = _("There is no such review. It may have been deleted.")

    def words(self, row: Review) -> str:
        return f"{row.title}\n{row.text}".strip()

    async def settle(self, tx: Tx, row: Review, *, was_shown: bool) -> None:
        await settle(tx, row, was_shown=was_shown)

    async def answer(self, tx: Tx, actor: Actor, review_id: UUID, text: str) -> Review:
        """Return a review with the owner's answer below it; an empty one takes it away.

        Raises NotAllowed below editor, NotFound, Invalid.
        """
        access.require(actor, MODERATE)
        row: Review = await self.found(tx, review_id)
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


PURGE = purging("reviews.purge", Review, ReviewDeleted)
