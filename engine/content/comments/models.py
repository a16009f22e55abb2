"""Tables of comments, and of how many a thing has."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.content.spam.learning import Lesson
from engine.content.speech.standing import Standing
from engine.core.audit import UNAUDITED
from engine.core.tables import Base, EnumText, HasId, HasTimes, Json


class Comment(HasId, HasTimes, Base):
    """What somebody says about a thing, or in answer to another comment.

    parent_id: the comment it answers; branch_id: the one it stands under, which differs where answers are too deep.
    depth: 0 for one about the thing itself. email is for staff alone. reasons: why it waits (`spam.judging.said`).
    lesson: what staff taught by it. published_at: when it was first shown. source, external_key: where it was
    imported from. told_at: when the author above was told.
    """

    __tablename__ = "comments"

    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[UUID]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("comments.id", ondelete="SET NULL"), index=True)
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("comments.id", ondelete="SET NULL"), index=True)
    depth: Mapped[int] = mapped_column(default=0)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(320), default="", index=True)
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[Standing] = mapped_column(EnumText(Standing))
    reasons: Mapped[list[Any]] = mapped_column(Json, default=list, info=dict(UNAUDITED))
    lesson: Mapped[Lesson | None] = mapped_column(EnumText(Lesson), info=dict(UNAUDITED))
    is_staff: Mapped[bool] = mapped_column(default=False)
    wants_replies: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None] = mapped_column(info=dict(UNAUDITED))
    source: Mapped[str] = mapped_column(String(40), default="")
    external_key: Mapped[str | None] = mapped_column(String(160))

    __table_args__ = (
        Index(None, "kind", "subject_id", "status"),
        Index(None, "status", "created_at"),
        Index("uq_comments_source_external_key", "source", "external_key", unique=True),
    )


class CommentCount(Base):
    """How many published comments a thing has; kept by the verbs."""

    __tablename__ = "comment_counts"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    published: Mapped[int]
