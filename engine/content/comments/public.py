"""The door of comments: what other domains and the faces may ask."""

from engine.content.comments.comments import CommentDraft, edit, write
from engine.content.comments.counts import counts
from engine.content.comments.imports import ImportedComment, bring
from engine.content.comments.moderation import Moderation
from engine.content.comments.queries import QUEUE, CommentView, Thread, thread
from engine.content.comments.rules import closes_at, is_editable, is_open

__all__ = [
    "QUEUE",
    "CommentDraft",
    "CommentView",
    "ImportedComment",
    "Moderation",
    "Thread",
    "bring",
    "closes_at",
    "counts",
    "edit",
    "is_editable",
    "is_open",
    "thread",
    "write",
]
