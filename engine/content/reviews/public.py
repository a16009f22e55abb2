"""The door of reviews: what other domains and the faces may ask."""

from engine.content.reviews.imports import ImportedReview, bring
from engine.content.reviews.letters import invitation, invite
from engine.content.reviews.moderation import Moderation
from engine.content.reviews.queries import (
    ORDERS,
    QUEUE,
    own,
    photos_of,
    published,
    rating,
    rating_column,
    stars_columns,
)
from engine.content.reviews.ratings import recount
from engine.content.reviews.reviews import ReviewDraft, checked, require_open, write
from engine.content.reviews.rules import MAX_PHOTO_BYTES, MAX_PHOTOS, average
from engine.content.reviews.views import RatingView, ReviewView, rating_of

__all__ = [
    "MAX_PHOTOS",
    "MAX_PHOTO_BYTES",
    "ORDERS",
    "QUEUE",
    "ImportedReview",
    "Moderation",
    "RatingView",
    "ReviewDraft",
    "ReviewView",
    "average",
    "bring",
    "checked",
    "invitation",
    "invite",
    "own",
    "photos_of",
    "published",
    "rating",
    "rating_column",
    "rating_of",
    "recount",
    "require_open",
    "stars_columns",
    "write",
]
