"""The list of comments, as staff keep it; the public reads and writes are routes of their own."""

from engine.content.comments.comments import MODERATE
from engine.content.comments.facts import CommentCreated, CommentHidden, CommentPublished, CommentUpdated
from engine.content.comments.models import Comment
from engine.content.comments.moderation import Moderation
from engine.content.speech import listed
from engine.content.speech.voices import Voices
from engine.core.i18n import _
from engine.core.resource import Field, Resource, Widget


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
            listed.address(Comment),
            *listed.standing(Comment),
            Field(Comment.is_staff, _("By you"), _("Marked as written by staff."), filter=True, write=False),
            listed.written(Comment),
        ),
        verbs={"update": acts.update},
        actions=acts.actions(),
    )  # fmt: skip
