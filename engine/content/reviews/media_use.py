"""Where reviews use pictures of the media library."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import Connection, Select, select

from engine.content.reviews.models import Review, ReviewPhoto
from engine.core.domain import MediaPlace, MediaUse
from engine.core.i18n import _


def _ids() -> Select[tuple[UUID | None]]:
    return select(ReviewPhoto.media_id)


def _places(connection: Connection, ids: Sequence[UUID]) -> Iterator[MediaPlace]:
    asked = (
        select(ReviewPhoto.media_id, Review.id, Review.name)
        .join(Review, Review.id == ReviewPhoto.review_id)
        .where(ReviewPhoto.media_id.in_(ids))
        .order_by(Review.name, Review.id)
    )
    for media_id, review_id, name in connection.execute(asked):
        yield MediaPlace(media_id, _("Review"), name, f"/admin/reviews/{review_id}")


REVIEW_PHOTOS = MediaUse(_ids, _places)
