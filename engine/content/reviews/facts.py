"""What happened to reviews. Each names what the review is about, so that its page can be drawn anew."""

from dataclasses import dataclass
from uuid import UUID

from engine.core.facts import Fact


@dataclass(frozen=True)
class ReviewCreated(Fact, name="review.created"):
    """Somebody reviewed a thing. standing: pending, published or spam."""

    review_id: UUID
    kind: str
    subject_id: UUID
    stars: int
    standing: str


@dataclass(frozen=True)
class ReviewPublished(Fact, name="review.published"):
    """Everybody sees it now."""

    review_id: UUID
    kind: str
    subject_id: UUID


@dataclass(frozen=True)
class ReviewHidden(Fact, name="review.hidden"):
    """Nobody but staff sees it any more."""

    review_id: UUID
    kind: str
    subject_id: UUID


@dataclass(frozen=True)
class ReviewUpdated(Fact, name="review.updated"):
    """Its author changed it, its owner answered, or staff put it elsewhere without anybody seeing a difference."""

    review_id: UUID
    kind: str
    subject_id: UUID


@dataclass(frozen=True)
class ReviewDeleted(Fact, name="review.deleted"):
    """It is gone for good."""

    review_id: UUID
    kind: str
    subject_id: UUID


@dataclass(frozen=True)
class RatingChanged(Fact, name="rating.changed"):
    """What a thing's reviews come to changed. total: the sum of all stars."""

    subject_id: UUID
    kind: str
    count: int
    total: int
