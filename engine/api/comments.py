"""`/comments`: everybody reads what is published about a thing and may add to it; staff read all, and judge.

The rest (one comment, its changes, actions, bulk, history) are routes of the declared list.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import Connection

from engine.api.apiwords import also
from engine.api.ports import Ports
from engine.api.request import Caller, House, WriteTx, allow, public
from engine.api.routing import APIRouter
from engine.api.voicing import (
    AskedKind,
    AskedSearch,
    AskedStanding,
    AskedSubject,
    Kind,
    SubjectWire,
    Words,
    guarded,
    published_status,
    reasons_of,
    subjects_of,
)
from engine.api.wire import PageWire, Paging, Wire
from engine.content.comments import public as comments
from engine.content.comments.public import CommentDraft, CommentView
from engine.content.speech.queueing import Queue
from engine.content.speech.standing import Standing
from engine.content.speech.text import html_of
from engine.core.access import Permission
from engine.core.paging import PageRequest

router = APIRouter(prefix="/comments", tags=["comments"])


class CommentWire(Wire):
    """A published comment. html: its words made safe; replies: what stands below it, three levels deep in all.

    isHidden: it is gone, and stands there for its replies' sake.
    """

    id: UUID
    parent_id: UUID | None
    name: str
    text: str
    html: str
    is_staff: bool
    is_hidden: bool
    created_at: datetime
    edited_at: datetime | None
    replies: list["CommentWire"]

    @classmethod
    def from_view(cls, view: CommentView) -> "CommentWire":
        plain = {name: getattr(view, name) for name in cls.model_fields if name != "replies"}
        return cls(**plain, replies=[cls.from_view(one) for one in view.replies])


class CommentPage(PageWire[CommentWire]):
    """One page of threads. count: published comments of the thing, replies too."""

    count: int


class CommentCreate(Wire):
    """A comment. name and email: of somebody without an account, the address is never shown.

    homepage: leave it empty. wantsReplies: letters about answers, once the address is confirmed.
    """

    kind: Kind
    subject_id: UUID
    text: Words
    parent_id: UUID | None = None
    name: Annotated[str, Field(max_length=200)] = ""
    email: Annotated[str, Field(max_length=320)] = ""
    wants_replies: bool = False
    homepage: Annotated[str, Field(max_length=600)] = ""


class CommentSent(Wire):
    """What became of it. status: published, or pending until staff have looked at it."""

    id: UUID
    status: Literal["published", "pending"]


class QueuedComment(Wire):
    """A comment as staff read it."""

    id: UUID
    subject: SubjectWire
    parent_id: UUID | None
    name: str
    email: str
    text: str
    html: str
    status: Standing
    reasons: list[str]
    is_staff: bool
    created_at: datetime
    edited_at: datetime | None


class CommentQueuePage(PageWire[QueuedComment]):
    """One page of what staff asked for."""


@router.get("", dependencies=[public], responses=also(404))
async def list_comments(kind: AskedKind, subject_id: AskedSubject, house: House, paging: Paging) -> CommentPage:
    """Return the published comments of a thing, as threads, the oldest first."""
    house.voices.kind(kind)
    thread = await house.db.query(comments.thread, kind, subject_id, paging)
    items = [CommentWire.from_view(one) for one in thread.page.items]
    return CommentPage(items=items, total=thread.page.total, page=paging.page, limit=paging.limit, count=thread.count)


@router.post("", status_code=201, dependencies=[public], responses=also(404, 409))
async def write_comment(sent: CommentCreate, house: House, actor: Caller, tx: WriteTx) -> CommentSent:
    """Comment on a thing, or answer a comment. Five a minute from one address."""
    draft = CommentDraft(
        text=sent.text,
        name=sent.name,
        email=sent.email,
        parent_id=sent.parent_id,
        wants_replies=sent.wants_replies,
        guarded=guarded(sent.homepage),
    )
    row = await comments.write(tx, actor, house.voices, sent.kind, sent.subject_id, draft)
    return CommentSent(id=row.id, status=published_status(row.status))


@router.get("/queue", dependencies=[allow(Permission.MODERATE_COMMENTS)])
async def list_comment_queue(
    house: House, paging: Paging, status: AskedStanding = Standing.PENDING, search: AskedSearch = ""
) -> CommentQueuePage:
    """Return what waits for staff, or stands elsewhere, with the reasons."""
    return await house.db.query(_queue, house, Queue(status, search=search.replace("\x00", "")), paging)


def _queue(connection: Connection, house: Ports, queue: Queue, paging: PageRequest) -> CommentQueuePage:
    found = comments.QUEUE.page(connection, queue, paging)
    subjects = subjects_of(connection, house, list(found.items))
    own = ("id", "parent_id", "name", "email", "text", "status", "is_staff", "created_at", "edited_at")
    items = [
        QueuedComment(
            subject=subjects[row.id],
            reasons=reasons_of(row),
            html=html_of(row.text),
            **{name: getattr(row, name) for name in own},
        )
        for row in found.items
    ]
    return CommentQueuePage(items=items, total=found.total, page=found.page, limit=found.limit)
