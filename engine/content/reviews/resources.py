"""The list of reviews, as staff keep it; the public reads and writes are routes of their own."""

from engine.content.reviews.facts import ReviewCreated, ReviewHidden, ReviewPublished, ReviewUpdated
from engine.content.reviews.models import Review
from engine.content.reviews.moderation import Moderation
from engine.content.reviews.reviews import MODERATE
from engine.content.speech import listed
from engine.content.speech.voices import Voices
from engine.core.i18n import _
from engine.core.resource import Field, Resource, Widget


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
            listed.address(Review),
            Field(Review.is_verified, _("Bought it"), _("Its author bought the thing here."), column=True, filter=True,
                  write=False),
            Field(Review.answer, _("Your answer"), _("Everybody sees it below the review."), widget=Widget.TEXTAREA),
            *listed.standing(Review),
            listed.written(Review),
        ),
        verbs={"update": acts.update},
        actions=acts.actions(),
    )  # fmt: skip
