"""The verbs of those who comment: write, and change what one wrote."""

from dataclasses import dataclass
from uuid import UUID

from engine.content.comments import counts, letters, rules
from engine.content.comments.facts import CommentCreated, CommentHidden, CommentPublished, CommentUpdated
from engine.content.comments.models import Comment
from engine.content.spam import lessons
from engine.content.spam.judging import Outcome, Post, Reason
from engine.content.speech.standing import Standing, decided
from engine.content.speech.voices import Guarded, Voices, author_of, judged, said_by, text_of, was_published
from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Conflict, NotAllowed, NotFound
from engine.core.i18n import _
from engine.core.transaction import Tx

MODERATE = Permission.MODERATE_COMMENTS


@dataclass(frozen=True, slots=True)
class CommentDraft:
    """What somebody sends. name, email: a guest's; an account brings its own. wants_replies: to be told of answers."""

    text: str
    name: str = ""
    email: str = ""
    parent_id: UUID | None = None
    wants_replies: bool = False
    guarded: Guarded = Guarded()


async def write(tx: Tx, actor: Actor, voices: Voices, kind: str, subject_id: UUID, draft: CommentDraft) -> Comment:
    """Return a new comment, published, waiting or with the spam: `status` says which.

    Raises NotFound for a thing that is gone, Conflict where it takes no comments, NotSignedIn where members only may,
    Invalid naming each field.
    """
    access.require(actor, Permission.BROWSE_STOREFRONT)
    site = voices.site
    subject = await voices.subject(tx, kind, subject_id)
    rules.require_open(subject, site, tx.now, is_member=actor.is_signed_in)
    parent = await _parent(tx, kind, subject_id, draft.parent_id)
    author, text = await said_by(tx, actor, draft, MODERATE, rules.MAX_TEXT)
    verdict, others = await judged(tx, actor, voices, author, text, draft.guarded)
    is_known = await was_published(tx, Comment, author)
    status, reasons = decided(
        verdict, site.blog.comments_moderation, is_known=is_known, is_trusted=author.is_staff, others=others
    )
    row = Comment(
        kind=kind,
        subject_id=subject_id,
        user_id=author.user_id,
        name=author.name,
        email=author.email,
        text=text,
        status=status,
        reasons=reasons,
        is_staff=author.is_staff,
        wants_replies=draft.wants_replies,
        **placed(parent),
    )
    tx.add(row)
    await tx.flush()
    tx.record(actor, "comment.create", row, changes={}, about=subject.title, standing=status)
    tx.publish(CommentCreated(row.id, kind, subject_id, status))
    if status is Standing.PUBLISHED:
        await show(tx, voices, row)
    await letters.tell_staff(tx, voices, row, subject)
    return row


async def show(tx: Tx, voices: Voices, row: Comment) -> None:
    """Do what follows when a comment appears: its moment, the count, the fact, a word to the author above."""
    row.published_at = row.published_at or tx.now
    await counts.recount(tx, row.kind, row.subject_id)
    tx.publish(CommentPublished(row.id, row.kind, row.subject_id))
    await letters.tell_author_above(tx, voices, row)
    await letters.ask_author(tx, voices, row)


async def edit(tx: Tx, actor: Actor, voices: Voices, comment_id: UUID, text: str) -> Comment:
    """Return one's own comment with other words, within 15 minutes. It is judged anew, and may wait after that.

    Raises NotFound, NotAllowed for another's, Conflict when the time is over, Invalid.
    """
    row = await tx.get(Comment, comment_id, locked=True)
    if row is None or row.status in (Standing.SPAM, Standing.BINNED):
        raise NotFound(_("This comment is not here any more."))
    if not actor.is_signed_in or row.user_id != actor.user_id:
        raise NotAllowed(_("Only who wrote a comment can change its words."))
    if not rules.is_editable(row.created_at, tx.now):
        raise Conflict(_("A comment can be changed for 15 minutes; this one is older. Write another one below it."))
    kept = text_of(text, rules.MAX_TEXT)
    if kept == row.text:
        return row
    author = await author_of(tx, actor, "", "", MODERATE)
    await lessons.teach(tx, Post(row.text, row.name, row.email), None, before=row.lesson)
    row.text, row.lesson, row.edited_at = kept, None, tx.now
    verdict, _others = await judged(tx, actor, voices, author, kept, Guarded())
    was_shown = row.status is Standing.PUBLISHED
    if was_shown and verdict.outcome is not Outcome.PUBLISH:
        row.status = Standing.PENDING
        edited = Reason("edited", Outcome.HOLD).kept()
        row.reasons = [*(reason.kept() for reason in verdict.reasons), edited]
    tx.record(actor, "comment.edit", row)
    hidden = was_shown and row.status is not Standing.PUBLISHED
    tx.publish((CommentHidden if hidden else CommentUpdated)(row.id, row.kind, row.subject_id))
    if hidden:
        await counts.recount(tx, row.kind, row.subject_id)
    return row


async def _parent(tx: Tx, kind: str, subject_id: UUID, parent_id: UUID | None) -> Comment | None:
    """Return the comment that is answered. Raises Conflict where it is not shown here any more."""
    if parent_id is None:
        return None
    parent = await tx.get(Comment, parent_id)
    is_here = parent is not None and (parent.kind, parent.subject_id) == (kind, subject_id)
    if parent is None or not is_here or parent.status is not Standing.PUBLISHED:
        raise Conflict(_("The comment that you answer is not here any more. Say it below instead."))
    return parent


def placed(parent: Comment | None) -> dict[str, object]:
    """Return where an answer stands: below its parent, or beside it where that is deep enough already."""
    if parent is None:
        return {"parent_id": None, "branch_id": None, "depth": 0}
    is_deep = parent.depth >= rules.LEVELS - 1
    return {
        "parent_id": parent.id,
        "branch_id": parent.branch_id if is_deep else parent.id,
        "depth": parent.depth if is_deep else parent.depth + 1,
    }
