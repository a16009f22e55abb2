"""Reads of comments: the thread of a thing, and the queue of staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from engine.content.comments.models import Comment, CommentCount
from engine.content.speech.queueing import Queued
from engine.content.speech.standing import Standing
from engine.content.speech.text import html_of
from engine.core import shown
from engine.core.paging import Page, PageRequest

THREADS = 20
#: How many answers stand under one page of threads at most.
MOST_ANSWERS = 500
_table = Comment.__table__


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment as everybody sees it. is_hidden: it stands there for its answers' sake, without a word.

    answers: (name, id) of whom it answers, where it does not stand right below.
    """

    id: UUID
    parent_id: UUID | None
    branch_id: UUID | None
    depth: int
    user_id: UUID | None
    name: str
    text: str
    is_staff: bool
    is_hidden: bool
    created_at: datetime
    edited_at: datetime | None
    answers: tuple[str, UUID] | None = None
    replies: Sequence["CommentView"] = field(default=())

    @property
    def html(self) -> str:
        return html_of(self.text)


@dataclass(frozen=True, slots=True)
class Thread:
    """One page of a thing's comments, the oldest first; `count` of them on all pages."""

    page: Page[CommentView]
    count: int


def thread(connection: Connection, kind: str, subject_id: UUID, request: PageRequest) -> Thread:
    """Return one page of a thread: four queries, however many answers there are."""
    with shown.narrow("comments") as alone:
        alone.to([subject_id])
        return _thread(connection, kind, subject_id, request)


def _thread(connection: Connection, kind: str, subject_id: UUID, request: PageRequest) -> Thread:
    mine = and_(Comment.kind == kind, Comment.subject_id == subject_id)
    counted = select(CommentCount.published).where(CommentCount.kind == kind, CommentCount.subject_id == subject_id)
    roots = select(_table).where(mine, Comment.branch_id.is_(None), _shown(levels=2))
    total = connection.scalar(select(func.count()).select_from(roots.subquery())) or 0
    page = roots.order_by(Comment.created_at, Comment.id).limit(request.limit).offset(request.offset)
    rows = [*connection.execute(page)]
    below = _below([row.id for row in rows]) if rows else None
    answers = [*connection.execute(below)] if below is not None else []
    return Thread(Page.of(_tree(rows, answers), total, request), connection.scalar(counted) or 0)


def _shown(levels: int, of: Any = Comment) -> Any:
    """Return whether a comment is shown, or something below it is, `levels` deep."""
    is_shown = of.status == Standing.PUBLISHED
    if not levels:
        return is_shown
    child = aliased(Comment)
    return or_(is_shown, select(child.id).where(child.branch_id == of.id, _shown(levels - 1, child)).exists())


def _below(ids: Sequence[UUID]) -> Select[Any]:
    """Return the statement of what stands under these threads, two levels deep."""
    first = select(Comment.id).where(Comment.branch_id.in_(ids))
    under = or_(Comment.branch_id.in_(ids), Comment.branch_id.in_(first))
    return select(_table).where(under, _shown(levels=1)).order_by(Comment.created_at, Comment.id).limit(MOST_ANSWERS)


def _tree(roots: Sequence[Any], answers: Sequence[Any]) -> list[CommentView]:
    below: dict[UUID, list[Any]] = {}
    for row in answers:
        below.setdefault(row.branch_id, []).append(row)
    names = {row.id: row.name for row in (*roots, *answers) if row.status == Standing.PUBLISHED}

    def view(row: Any) -> CommentView:
        is_beside = row.parent_id is not None and row.parent_id != row.branch_id and row.parent_id in names
        is_hidden = row.status != Standing.PUBLISHED
        return CommentView(
            id=row.id,
            parent_id=row.parent_id,
            branch_id=row.branch_id,
            depth=row.depth,
            user_id=row.user_id,
            name="" if is_hidden else row.name,
            text="" if is_hidden else row.text,
            is_staff=row.is_staff and not is_hidden,
            is_hidden=is_hidden,
            created_at=row.created_at,
            edited_at=row.edited_at,
            answers=(names[row.parent_id], row.parent_id) if is_beside else None,
            replies=[view(one) for one in below.get(row.id, ())],
        )

    return [view(row) for row in roots]


def comment(connection: Connection, comment_id: UUID) -> Any:
    """Return one comment's row, or None."""
    return connection.execute(select(_table).where(Comment.id == comment_id)).first()


def above(connection: Connection, rows: Sequence[Any]) -> Mapping[UUID, Sequence[Any]]:
    """Return, by comment, what stands above it, the nearest last: two queries."""
    known: dict[UUID, Any] = {}
    wanted = {row.parent_id for row in rows if row.parent_id}
    for _level in range(2):
        missing = wanted - known.keys()
        found = connection.execute(select(_table).where(Comment.id.in_(missing))) if missing else ()
        known |= {row.id: row for row in found}
        wanted = {row.parent_id for row in known.values() if row.parent_id}
    chains = {}
    for row in rows:
        chain: list[Any] = []
        at = known.get(row.parent_id) if row.parent_id else None
        while at is not None and len(chain) < 2:
            chain.insert(0, at)
            at = known.get(at.parent_id) if at.parent_id else None
        chains[row.id] = chain
    return chains


#: What staff look through.
QUEUE = Queued(Comment, (Comment.text, Comment.name, Comment.email))
