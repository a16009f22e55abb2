"""The verbs of staff: publish, call spam, throw away, put back, reply; and what is deleted for good."""

from typing import Any
from uuid import UUID

from engine.content.comments import counts, rules
from engine.content.comments.comments import MODERATE, placed, show
from engine.content.comments.facts import CommentCreated, CommentDeleted, CommentHidden, CommentUpdated
from engine.content.comments.models import Comment
from engine.content.speech.moderating import Moderator, purging
from engine.content.speech.standing import Standing
from engine.content.speech.voices import text_of
from engine.core import access
from engine.core.actor import Actor
from engine.core.i18n import _
from engine.core.transaction import Tx


class Moderation(Moderator):
    """What staff do with comments."""

    noun = "comment"
    model = Comment
    permission = MODERATE
    missing = _("There is no such comment. It may have been deleted.")

    def words(self, row: Comment) -> str:
        return row.text

    async def settle(self, tx: Tx, row: Comment, *, was_shown: bool) -> None:
        if row.status is Standing.PUBLISHED:
            await show(tx, self.voices, row)
        elif was_shown:
            await counts.recount(tx, row.kind, row.subject_id)
            tx.publish(CommentHidden(row.id, row.kind, row.subject_id))
        else:
            tx.publish(CommentUpdated(row.id, row.kind, row.subject_id))

    async def reply(self, tx: Tx, actor: Actor, comment_id: UUID, text: str) -> Comment:
        """Return an answer by staff, published and marked as such; what it answers is published with it.

        Raises NotAllowed below editor, NotFound, Invalid.
        """
        access.require(actor, MODERATE)
        kept = text_of(text, rules.MAX_TEXT)
        parent = await self.found(tx, comment_id)
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
        row: Comment = await self.found(tx, comment_id)
        for name, value in changes.items():
            setattr(row, name, text_of(value, rules.MAX_TEXT if name == "text" else 100, field_name=name))
        row.edited_at = tx.now if "text" in changes else row.edited_at
        tx.record(actor, "comment.update", row, name=row.name)
        tx.publish(CommentUpdated(row.id, row.kind, row.subject_id))
        return row


PURGE = purging("comments.purge", Comment, CommentDeleted)
