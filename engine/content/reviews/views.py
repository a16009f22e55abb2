"""What pages and the wire show of reviews: frozen, and without anything that is for staff alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine.content.reviews.rules import average, shares
from engine.content.speech.text import html_of


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A published review. photos: ids of the media library, in order."""

    id: UUID
    name: str
    stars: int
    title: str
    text: str
    is_verified: bool
    answer: str
    answered_by: str
    answered_at: datetime | None
    created_at: datetime
    edited_at: datetime | None
    photos: Sequence[UUID]

    @property
    def html(self) -> str:
        return html_of(self.text)

    @property
    def answer_html(self) -> str:
        return html_of(self.answer)


@dataclass(frozen=True, slots=True)
class RatingView:
    """What a thing's reviews come to. stars: how many gave one to five; latest: the newest of them."""

    count: int = 0
    total: int = 0
    stars: Sequence[int] = (0, 0, 0, 0, 0)
    latest: Sequence[ReviewView] = ()

    @property
    def average(self) -> Decimal:
        return average(self.total, self.count)

    @property
    def bars(self) -> Sequence[tuple[int, int, int]]:
        """(stars, how many, percent) from five down."""
        found = zip((1, 2, 3, 4, 5), self.stars, shares(self.stars), strict=True)
        return sorted(found, reverse=True)

    @property
    def photos(self) -> list[UUID]:
        """The pictures of the latest reviews."""
        return [photo for review in self.latest for photo in review.photos]


def rating_of(kept: Mapping[str, Any] | None) -> RatingView:
    """Return a rating from the JSON of `queries.rating_column`; an empty one where there is none."""
    if not kept:
        return RatingView()
    return RatingView(kept["count"], kept["total"], tuple(kept["stars"]), tuple(_latest(one) for one in kept["latest"]))


def _latest(kept: Mapping[str, Any]) -> ReviewView:
    times = {name: datetime.fromisoformat(kept[name]) if kept[name] else None for name in _TIMES}
    photos = tuple(UUID(one) for one in kept["photos"])
    plain = {name: value for name, value in kept.items() if name not in (*_TIMES, "photos", "id")}
    return ReviewView(id=UUID(kept["id"]), photos=photos, **plain, **times)  # type: ignore[arg-type]


_TIMES = ("answered_at", "created_at", "edited_at")
