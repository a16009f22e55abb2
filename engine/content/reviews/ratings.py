"""What a thing's reviews come to: written whenever one of them changes, never counted for a page."""

from uuid import UUID

from sqlalchemy import func, select

from engine.content.reviews.facts import RatingChanged
from engine.content.reviews.models import Rating, Review, ReviewPhoto
from engine.content.reviews.rules import MAX_STARS
from engine.content.speech.standing import Standing
from engine.core.transaction import Tx

#: How many reviews a thing's page shows at first.
LATEST = 5


async def recount(tx: Tx, kind: str, subject_id: UUID) -> None:
    """Work a thing's rating out anew. Whoever does so for the same one waits here, so that the last one is right."""
    await tx.flush()
    await tx.insert_new(Rating, {"kind": kind, "subject_id": subject_id, "count": 0, "total": 0, "shown": {}})
    row = await tx.get(Rating, (kind, subject_id), locked=True)
    assert row is not None  # noqa: S101 - it was just put there
    shown = (Review.kind == kind, Review.subject_id == subject_id, Review.status == Standing.PUBLISHED)
    found = await tx.execute(select(Review.stars, func.count().label("many")).where(*shown).group_by(Review.stars))
    by_stars: dict[int, int] = {row.stars: row.many for row in found}
    counts = [by_stars.get(stars, 0) for stars in range(1, MAX_STARS + 1)]
    row.count = sum(counts)
    row.total = sum(stars * count for stars, count in by_stars.items())
    newest = select(Review).where(*shown).order_by(Review.created_at.desc(), Review.id.desc()).limit(LATEST)
    rows = list(await tx.scalars(newest))
    photos = await _photos(tx, [one.id for one in rows])
    latest = [_shown(one, photos.get(one.id, [])) for one in rows]
    row.shown = {"count": row.count, "total": row.total, "stars": counts, "latest": latest}
    await tx.flush()
    tx.publish(RatingChanged(subject_id, kind, row.count, row.total))


async def _photos(tx: Tx, ids: list[UUID]) -> dict[UUID, list[str]]:
    asked = select(ReviewPhoto.review_id, ReviewPhoto.media_id).where(ReviewPhoto.review_id.in_(ids))
    found: dict[UUID, list[str]] = {}
    for row in await tx.execute(asked.order_by(ReviewPhoto.position)):
        found.setdefault(row.review_id, []).append(str(row.media_id))
    return found


def _shown(row: Review, photos: list[str]) -> dict[str, object]:
    """Return a review as JSON, without anything that is for staff alone."""
    return {
        "id": str(row.id),
        "name": row.name,
        "stars": row.stars,
        "title": row.title,
        "text": row.text,
        "is_verified": row.is_verified,
        "answer": row.answer,
        "answered_by": row.answered_by,
        "answered_at": row.answered_at.isoformat() if row.answered_at else None,
        "created_at": row.created_at.isoformat(),
        "edited_at": row.edited_at.isoformat() if row.edited_at else None,
        "photos": photos,
    }
