"""The list of comments, as staff keep it; the public reads and writes are routes of their own."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.content.comments.comments import MODERATE
from engine.content.comments.facts import CommentCreated, CommentHidden, CommentPublished, CommentUpdated
from engine.content.comments.models import Comment
from engine.content.comments.moderation import Moderation
from engine.content.speech.standing import Standing
from engine.content.speech.voices import Voices
from engine.core.i18n import Message, _
from engine.core.resource import Action, Field, Resource, Widget

STANDINGS: tuple[tuple[Standing, Message], ...] = (
    (Standing.PENDING, _("Waits")),
    (Standing.PUBLISHED, _("Published")),
    (Standing.SPAM, _("Spam")),
    (Standing.BINNED, _("In the bin")),
)


def comments(voices: Voices) -> Resource:
    """Return the resource."""
    acts = Moderation(voices)
    return Resource(
        path="comments",
        noun="comment",
        model=Comment,
        singular=_("Comment"),
        plural=_("Comments"),
        title=lambda row: f"{row.name}: {row.text}"[:80],
        text=_("What people write under your pages. What waits is seen by nobody else."),
        icon="message-square",
        read=MODERATE,
        write=MODERATE,
        order=(Comment.created_at.desc(), Comment.id.desc()),
        makes=False,
        deletes=False,
        own_wire=True,
        facts=(CommentCreated, CommentPublished, CommentHidden, CommentUpdated),
        fields=(
            Field(Comment.text, _("Comment"), _("Its words."), widget=Widget.TEXTAREA, column=True, search=True),
            Field(Comment.name, _("Author"), _("As it stands beside the comment."), column=True, search=True,
                  sort=True),
            Field(Comment.email, _("E-mail"), _("For you alone."), search=True, filter=True, write=False),
            Field(Comment.status, _("Where it stands"), _("Only published ones are seen."), column=True, filter=True,
                  write=False, choices=STANDINGS),
            Field(Comment.kind, _("About"), _("The kind of thing that it is about."), filter=True, write=False),
            Field(Comment.subject_id, _("About which"), _("The thing that it is about."), filter=True, write=False,
                  widget=Widget.TEXT),
            Field(Comment.is_staff, _("By you"), _("Marked as written by staff."), filter=True, write=False),
            Field(Comment.created_at, _("Written"), _("When it came."), column=True, sort=True, filter=True,
                  write=False),
        ),
        verbs={"update": acts.update},
        actions={
            "approve": Action(label=_("Publish"), run=acts.approve, permission=MODERATE, icon="check", bulk=True,
                              done=_("It is published."), shown=_is_not(Standing.PUBLISHED)),
            "hold": Action(label=_("Not spam"), run=acts.hold, permission=MODERATE, icon="undo-2", bulk=True,
                           done=_("It waits for you."), shown=_is_not(Standing.PENDING)),
            "spam": Action(label=_("Spam"), run=acts.spam, permission=MODERATE, icon="shield", bulk=True,
                           done=_("It is with the spam."), shown=_is_not(Standing.SPAM)),
            "discard": Action(label=_("Throw away"), run=acts.discard, permission=MODERATE, icon="trash-2", bulk=True,
                              done=_("It is in the bin for 30 days."), shown=_is_not(Standing.BINNED)),
        },
    )  # fmt: skip


def _is_not(standing: Standing) -> Callable[[Mapping[str, Any]], bool]:
    return lambda values: values["status"] != standing
