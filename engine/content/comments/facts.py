"""What happened to comments. Each names what the comment is about, so that its page can be drawn anew."""

from dataclasses import dataclass
from uuid import UUID

from engine.core.facts import Fact


@dataclass(frozen=True)
class CommentCreated(Fact, name="comment.created"):
    """Somebody wrote a comment. standing: pending, published or spam."""

    comment_id: UUID
    kind: str
    subject_id: UUID
    standing: str


@dataclass(frozen=True)
class CommentPublished(Fact, name="comment.published"):
    """Everybody sees it now."""

    comment_id: UUID
    kind: str
    subject_id: UUID


@dataclass(frozen=True)
class CommentHidden(Fact, name="comment.hidden"):
    """Nobody but staff sees it any more."""

    comment_id: UUID
    kind: str
    subject_id: UUID


@dataclass(frozen=True)
class CommentUpdated(Fact, name="comment.updated"):
    """Its words changed, or staff put it elsewhere without anybody seeing a difference."""

    comment_id: UUID
    kind: str
    subject_id: UUID


@dataclass(frozen=True)
class CommentDeleted(Fact, name="comment.deleted"):
    """It is gone for good."""

    comment_id: UUID
    kind: str
    subject_id: UUID
