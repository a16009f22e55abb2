"""`/reviews`: everybody reads what is published about a thing and may add theirs; staff read all, and judge.

The rest (one review, its answer, actions, bulk, history) are routes of the declared list.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
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
from engine.content.reviews import public as reviews
from engine.content.reviews.public import RatingView, ReviewDraft, ReviewView
from engine.content.speech.queueing import Queue
from engine.content.speech.standing import Standing
from engine.content.speech.text import html_of
from engine.core.access import Permission
from engine.core.paging import PageRequest
from engine.media import public as media

router = APIRouter(prefix="/reviews", tags=["reviews"])
Sort = Literal["newest", "oldest", "highest", "lowest"]


class RatingWire(Wire):
    """What all published reviews of a thing come to. stars: how many gave one, two, three, four, five."""

    average: Decimal
    count: int
    stars: list[int]

    @classmethod
    def from_view(cls, view: RatingView) -> "RatingWire":
        return cls(average=view.average, count=view.count, stars=list(view.stars))


class ReviewWire(Wire):
    """A published review. html: its words made safe. isVerified: its author bought the thing here."""

    id: UUID
    name: str
    stars: int
    title: str
    text: str
    html: str
    is_verified: bool
    answer: str
    answered_at: datetime | None
    created_at: datetime
    edited_at: datetime | None
    photos: list[str]


class ReviewPage(PageWire[ReviewWire]):
    """One page of reviews, and what all of them come to."""

    rating: RatingWire


class ReviewCreate(Wire):
    """A review. name and email: of somebody without an account, the address is never shown.

    homepage: leave it empty. Pictures come by the form of the site only.
    """

    kind: Kind
    subject_id: UUID
    stars: Annotated[int, Field(ge=1, le=5)]
    title: Annotated[str, Field(max_length=120)] = ""
    text: Words = ""
    name: Annotated[str, Field(max_length=200)] = ""
    email: Annotated[str, Field(max_length=320)] = ""
    homepage: Annotated[str, Field(max_length=600)] = ""


class ReviewSent(Wire):
    """What became of it. status: published, or pending until staff have looked at it."""

    id: UUID
    status: Literal["published", "pending"]


class QueuedReview(Wire):
    """A review as staff read it."""

    id: UUID
    subject: SubjectWire
    name: str
    email: str | None
    stars: int
    title: str
    text: str
    html: str
    status: Standing
    reasons: list[str]
    is_verified: bool
    answer: str
    created_at: datetime
    edited_at: datetime | None


class ReviewQueuePage(PageWire[QueuedReview]):
    """One page of what staff asked for."""


@router.get("", dependencies=[public], responses=also(404))
async def list_reviews(
    kind: AskedKind,
    subject_id: AskedSubject,
    house: House,
    paging: Paging,
    sort: Sort = "newest",
    stars: Annotated[int, Query(ge=0, le=5, description="Only those that give so many; 0 is all.")] = 0,
) -> ReviewPage:
    """Return the published reviews of a thing."""
    house.voices.kind(kind)
    return await house.db.query(_published, kind, subject_id, paging, sort, stars)


def _published(
    connection: Connection, kind: str, subject_id: UUID, paging: PageRequest, sort: str, stars: int
) -> ReviewPage:
    found = reviews.published(connection, kind, subject_id, paging, sort, stars)
    urls = media.urls(connection, [one for view in found.items for one in view.photos])
    items = [_wire(view, [urls[one].large for one in view.photos if one in urls]) for view in found.items]
    rating = RatingWire.from_view(reviews.rating(connection, kind, subject_id))
    return ReviewPage(items=items, total=found.total, page=found.page, limit=found.limit, rating=rating)


def _wire(view: ReviewView, photos: list[str]) -> ReviewWire:
    plain = {name: getattr(view, name) for name in ReviewWire.model_fields if name != "photos"}
    return ReviewWire(photos=photos, **plain)


@router.post("", status_code=201, dependencies=[public], responses=also(404, 409))
async def write_review(sent: ReviewCreate, house: House, actor: Caller, tx: WriteTx) -> ReviewSent:
    """Review a thing, or change one's own review of it. Five a minute from one address."""
    draft = ReviewDraft(
        stars=sent.stars,
        title=sent.title,
        text=sent.text,
        name=sent.name,
        email=sent.email,
        guarded=guarded(sent.homepage),
    )
    row = await reviews.write(tx, actor, house.voices, sent.kind, sent.subject_id, draft)
    return ReviewSent(id=row.id, status=published_status(row.status))


@router.get("/queue", dependencies=[allow(Permission.MODERATE_REVIEWS)])
async def list_review_queue(
    house: House, paging: Paging, status: AskedStanding = Standing.PENDING, search: AskedSearch = ""
) -> ReviewQueuePage:
    """Return what waits for staff, or stands elsewhere, with the reasons."""
    return await house.db.query(_queue, house, Queue(status, search=search.replace("\x00", "")), paging)


def _queue(connection: Connection, house: Ports, queue: Queue, paging: PageRequest) -> ReviewQueuePage:
    found = reviews.QUEUE.page(connection, queue, paging)
    subjects = subjects_of(connection, house, list(found.items))
    own = (
        "id", "name", "email", "stars", "title", "text", "status", "is_verified", "answer", "created_at", "edited_at",
    )  # fmt: skip
    items = [
        QueuedReview(
            subject=subjects[row.id],
            reasons=reasons_of(row),
            html=html_of(row.text),
            **{name: getattr(row, name) for name in own},
        )
        for row in found.items
    ]
    return ReviewQueuePage(items=items, total=found.total, page=found.page, limit=found.limit)
