"""The list of reviews, as staff keep it; the public reads and writes are routes of their own."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.content.reviews.facts import ReviewCreated, ReviewHidden, ReviewPublished, ReviewUpdated
from engine.content.reviews.models import Review
from engine.content.reviews.moderation import Moderation
from engine.content.reviews.reviews import MODERATE
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


def reviews(voices: Voices) -> Resource:
    """Return the resource."""
    acts = Moderation(voices)
    return Resource(
        path="reviews",
        noun="review",
        model=Review,
        singular=_("Review"),
        plural=_("Reviews"),
        title=lambda row: f"{row.name}: {row.title or row.text}"[:80],
        text=_("What people think of what you sell. Pictures and what waits are seen by nobody else."),
        icon="star",
        read=MODERATE,
        write=MODERATE,
        order=(Review.created_at.desc(), Review.id.desc()),
        makes=False,
        deletes=False,
        own_wire=True,
        facts=(ReviewCreated, ReviewPublished, ReviewHidden, ReviewUpdated),
        fields=(
            Field(Review.stars, _("Stars"), _("One to five."), column=True, sort=True, filter=True, write=False,
                  minimum=1, maximum=5),
            Field(Review.title, _("Title"), _("In a few words."), column=True, search=True, write=False),
            Field(Review.text, _("Review"), _("Its words."), widget=Widget.TEXTAREA, search=True, write=False),
            Field(Review.name, _("Author"), _("As it stands beside the review."), column=True, search=True, sort=True,
                  write=False),
            Field(Review.email, _("E-mail"), _("For you alone."), search=True, filter=True, write=False),
            Field(Review.is_verified, _("Bought it"), _("Its author bought the thing here."), column=True, filter=True,
                  write=False),
            Field(Review.answer, _("Your answer"), _("Everybody sees it below the review."), widget=Widget.TEXTAREA),
            Field(Review.status, _("Where it stands"), _("Only published ones are seen."), column=True, filter=True,
                  write=False, choices=STANDINGS),
            Field(Review.kind, _("About"), _("The kind of thing that it is about."), filter=True, write=False),
            Field(Review.subject_id, _("About which"), _("The thing that it is about."), filter=True, write=False,
                  widget=Widget.TEXT),
            Field(Review.created_at, _("Written"), _("When it came."), column=True, sort=True, filter=True,
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
