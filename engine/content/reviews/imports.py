"""Reviews that come from elsewhere: with their dates, and the same again changes nothing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from engine.content.reviews.facts import ReviewCreated
from engine.content.reviews.models import Review
from engine.content.reviews.ratings import recount
from engine.content.reviews.reviews import MODERATE, ReviewDraft, checked
from engine.content.speech.standing import Standing
from engine.core import access
from engine.core.actor import Actor
from engine.core.transaction import Tx


@dataclass(frozen=True, slots=True)
class ImportedReview:
    """One review of another system. source, key: where it is from, and its id there."""

    source: str
    key: str
    name: str
    stars: int
    created_at: datetime
    title: str = ""
    text: str = ""
    email: str = ""
    answer: str = ""
    is_verified: bool = False
    standing: Standing = Standing.PUBLISHED


async def bring(
    tx: Tx, actor: Actor, kind: str, subject_id: UUID, given: ImportedReview, *, counts: bool = True
) -> tuple[Review, bool]:
    """Return a review from elsewhere, and whether it is new; nobody is told of it, and the filter learns nothing.

    counts: work the rating out; an import of many does so once, at its end. Raises NotAllowed below editor, Invalid.
    """
    access.require(actor, MODERATE)
    title, text = checked(ReviewDraft(given.stars, given.title, given.text))
    email = given.email.strip().lower()[:320] or None
    same = (Review.source == given.source) & (Review.external_key == given.key)
    theirs = (Review.kind == kind) & (Review.subject_id == subject_id) & (Review.email == email)
    row: Review | None = await tx.scalar(select(Review).where(or_(same, theirs) if email else same))
    is_new = row is None
    if row is None:
        row = Review(
            kind=kind,
            subject_id=subject_id,
            email=email,
            status=given.standing,
            reasons=[],
            source=given.source,
            external_key=given.key,
            created_at=given.created_at,
            published_at=given.created_at if given.standing is Standing.PUBLISHED else None,
        )
        tx.add(row)
    elif row.external_key != given.key:
        return row, False
    row.name = " ".join(given.name.split())[:100] or "–"
    row.stars, row.title, row.text, row.is_verified = given.stars, title, text, given.is_verified
    row.answer = given.answer.strip()
    row.answered_at = (row.answered_at or given.created_at) if row.answer else None
    await tx.flush()
    if is_new:
        tx.publish(ReviewCreated(row.id, kind, subject_id, row.stars, row.status))
    if counts and row.status is Standing.PUBLISHED:
        await recount(tx, kind, subject_id)
    return row, is_new
