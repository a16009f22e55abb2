"""Reads of reviews: those of a thing, what they come to, and the queue of staff."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, select

from engine.content.reviews.models import Rating, Review, ReviewPhoto
from engine.content.reviews.views import RatingView, ReviewView, rating_of
from engine.content.speech.queueing import Queued
from engine.content.speech.standing import Standing
from engine.core.paging import Page, PageRequest

_table = Review.__table__
_newest = (Review.created_at.desc(), Review.id.desc())
ORDERS: Mapping[str, tuple[Any, ...]] = {
    "newest": _newest,
    "oldest": (Review.created_at, Review.id),
    "highest": (Review.stars.desc(), *_newest),
    "lowest": (Review.stars, *_newest),
}


def rating(connection: Connection, kind: str, subject_id: UUID) -> RatingView:
    """Return what a thing's reviews come to."""
    asked = select(Rating.shown).where(Rating.kind == kind, Rating.subject_id == subject_id)
    return rating_of(connection.scalar(asked))


def rating_column(kind: str, subject_id: Any) -> ColumnElement[Any]:
    """Return a column for another domain's statement about its things: the JSON that `rating_of` reads, or null."""
    return (
        select(Rating.shown)
        .where(Rating.kind == kind, Rating.subject_id == subject_id)
        .scalar_subquery()
        .label("rating")
    )


def stars_columns(kind: str, subject_id: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Return two columns for another domain's lists: how many reviews a thing has, and the sum of their stars."""
    mine = (Rating.kind == kind, Rating.subject_id == subject_id)
    return (
        select(Rating.count).where(*mine).scalar_subquery().label("review_count"),
        select(Rating.total).where(*mine).scalar_subquery().label("review_stars"),
    )


def published(
    connection: Connection, kind: str, subject_id: UUID, request: PageRequest, sort: str = "newest", stars: int = 0
) -> Page[ReviewView]:
    """Return one page of a thing's reviews. sort: a key of ORDERS; stars: only those that give so many, 0 for all."""
    where = and_(
        Review.kind == kind,
        Review.subject_id == subject_id,
        Review.status == Standing.PUBLISHED,
        *([Review.stars == stars] if stars else []),
    )
    total = connection.scalar(select(func.count()).select_from(Review).where(where)) or 0
    order = ORDERS.get(sort, _newest)
    found = select(_table).where(where).order_by(*order).limit(request.limit).offset(request.offset)
    rows = connection.execute(found).all()
    photos = photos_of(connection, [row.id for row in rows])
    return Page.of([_view(row, photos.get(row.id, ())) for row in rows], total, request)


def review(connection: Connection, review_id: UUID) -> Any:
    """Return one review's row, or None."""
    return connection.execute(select(_table).where(Review.id == review_id)).first()


def own(connection: Connection, kind: str, subject_id: UUID, email: str) -> Any:
    """Return the row of a person's review of a thing, or None. The caller knows that the address is theirs."""
    mine = (Review.kind == kind, Review.subject_id == subject_id, Review.email == email)
    return connection.execute(select(_table).where(*mine)).first()


def photos_of(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Return the pictures of these reviews, in order."""
    asked = select(ReviewPhoto.review_id, ReviewPhoto.media_id).where(ReviewPhoto.review_id.in_(ids))
    found: dict[UUID, list[UUID]] = {}
    for review_id, media_id in connection.execute(asked.order_by(ReviewPhoto.position)) if ids else ():
        found.setdefault(review_id, []).append(media_id)
    return found


def _view(row: Any, photos: Sequence[UUID]) -> ReviewView:
    names = (name for name in ReviewView.__dataclass_fields__ if name != "photos")
    return ReviewView(photos=photos, **{name: getattr(row, name) for name in names})


#: What staff look through.
QUEUE = Queued(Review, (Review.title, Review.text, Review.name, Review.email))
