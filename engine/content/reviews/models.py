"""Tables of reviews: their photos, what they come to, and who was asked for one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.content.spam.learning import Lesson
from engine.content.speech.standing import Standing
from engine.core.audit import UNAUDITED
from engine.core.tables import Base, EnumText, HasId, HasTimes, Json


class Review(HasId, HasTimes, Base):
    """What one person says of a thing. email is for staff alone; None where an import had none.

    is_verified: its author bought the thing. reasons: why it waits (`spam.judging.said`). lesson: what staff taught by
    it. published_at: when it was first shown. source, external_key: where it was imported from.
    """

    __tablename__ = "reviews"

    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(320), index=True)
    stars: Mapped[int]
    title: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[Standing] = mapped_column(EnumText(Standing))
    reasons: Mapped[list[Any]] = mapped_column(Json, default=list, info=dict(UNAUDITED))
    lesson: Mapped[Lesson | None] = mapped_column(EnumText(Lesson), info=dict(UNAUDITED))
    is_verified: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(100), default="")
    answered_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(String(40), default="")
    external_key: Mapped[str | None] = mapped_column(String(160))

    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars_one_to_five"),
        Index("uq_reviews_kind_subject_id_email", "kind", "subject_id", "email", unique=True),
        Index(None, "kind", "subject_id", "status", "created_at"),
        Index(None, "status", "created_at"),
        Index("uq_reviews_source_external_key", "source", "external_key", unique=True),
    )


class ReviewPhoto(Base):
    """A picture that belongs to a review."""

    __tablename__ = "review_photos"

    review_id: Mapped[UUID] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"), primary_key=True)
    media_id: Mapped[UUID] = mapped_column(ForeignKey("media.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]


class Rating(Base):
    """What a thing's published reviews come to; kept by the verbs.

    shown: {count, total, stars: how many gave one to five, latest: the newest of them}, for its page in one read.
    """

    __tablename__ = "ratings"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    count: Mapped[int]
    total: Mapped[int]
    shown: Mapped[dict[str, Any]] = mapped_column(Json)


class ReviewInvitation(HasId, Base):
    """That a buyer was asked for a review of one thing; its link proves who writes. reference: the order."""

    __tablename__ = "review_invitations"

    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    reference: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(320))
    created_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (Index("uq_review_invitations_subject", "kind", "subject_id", "reference", unique=True),)
