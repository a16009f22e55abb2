"""The door of comments: what other domains and the faces may ask."""

from engine.content.comments.comments import CommentDraft, edit, write
from engine.content.comments.counts import counts
from engine.content.comments.imports import ImportedComment, bring
from engine.content.comments.moderation import Moderation
from engine.content.comments.queries import CommentView, Queue, Thread, queued, standings, thread, waiting
from engine.content.comments.rules import closes_at, is_editable, is_open

__all__ = [
    "CommentDraft",
    "CommentView",
    "ImportedComment",
    "Moderation",
    "Queue",
    "Thread",
    "bring",
    "closes_at",
    "counts",
    "edit",
    "is_editable",
    "is_open",
    "queued",
    "standings",
    "thread",
    "waiting",
    "write",
]
