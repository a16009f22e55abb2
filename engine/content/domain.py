"""What content offers to the house."""

from engine.content.comments import letters as comment_letters
from engine.content.comments.moderation import PURGE as PURGE_COMMENTS
from engine.content.comments.resources import comments
from engine.content.resources import REDIRECTS
from engine.content.reviews import letters as review_letters
from engine.content.reviews.media_use import REVIEW_PHOTOS
from engine.content.reviews.moderation import PURGE as PURGE_REVIEWS
from engine.content.reviews.resources import reviews
from engine.content.spam.posts import FORGET
from engine.content.speech.voices import Voices
from engine.core.domain import Domain


def domain(voices: Voices) -> Domain:
    """Return the domain. voices: what comments and reviews work with."""
    return Domain(
        "content",
        resources=(REDIRECTS, comments(voices), reviews(voices)),
        jobs=(FORGET, PURGE_COMMENTS, PURGE_REVIEWS),
        email_templates=(*comment_letters.TEMPLATES, *review_letters.TEMPLATES),
        media_uses=(REVIEW_PHOTOS,),
    )
