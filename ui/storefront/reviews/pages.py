"""`/reviews/{kind}/{id}`: all reviews of a thing, sorted and narrowed; as a page, and as the part that changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.request import House, public
from engine.api.routing import APIRouter
from engine.content.reviews import public as reviews
from engine.content.reviews.public import RatingView, ReviewView
from engine.core import shown as recorded
from engine.core.i18n import Message, _
from engine.core.paging import Page, PageRequest
from engine.core.subjects import Subject
from engine.media import public as media
from engine.media.public import MediaUrls
from ui.admin.lists import address
from ui.respond import absolute, page
from ui.storefront.voicing import shown

router = APIRouter(include_in_schema=False, dependencies=[public])
SHOWN = 10
SORTS: tuple[tuple[str, Message], ...] = (
    ("newest", _("Newest first")),
    ("highest", _("Best first")),
    ("lowest", _("Worst first")),
    ("oldest", _("Oldest first")),
)


@dataclass(frozen=True)
class ReviewsPage:
    """All reviews of a thing. sorts: (words, address); here: that of the chosen one. rating_url holds {stars}."""

    subject: Subject
    crumbs: Sequence[tuple[str | Message, str]]
    rating: RatingView
    found: Page[ReviewView]
    pictures: Mapping[UUID, MediaUrls]
    sorts: Sequence[tuple[Message, str]]
    here: str
    stars: int
    rating_url: str
    all_url: str
    pages_url: str
    write_url: str | None


@router.get("/reviews/{kind}/{subject_id:uuid}")
async def show_reviews(request: Request, kind: str, subject_id: UUID, house: House) -> Response:
    """Answer one page of a thing's reviews; `sort`, `stars` and `page` choose. Its own page is indexed instead."""
    asked = request.query_params
    sort = asked.get("sort", "") if asked.get("sort", "") in reviews.ORDERS else "newest"
    stars = int(asked["stars"]) if asked.get("stars") in ("1", "2", "3", "4", "5") else 0
    number = asked.get("page", "")
    wanted = PageRequest(max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1, SHOWN)
    found = await house.db.query(_read, house, kind, subject_id, wanted, sort, stars)
    title = _("Reviews of {title}").having(title=found.subject.title)
    return await page(
        request,
        "storefront/reviews/list.html",
        found,
        title=title,
        block="reviews",
        indexed=False,
        canonical_url=absolute(request, found.subject.url),
    )


def _read(
    connection: Connection, house: Ports, kind: str, subject_id: UUID, wanted: PageRequest, sort: str, stars: int
) -> ReviewsPage:
    subject = shown(house.voices.find(connection, kind, [subject_id]).get(subject_id))
    with recorded.narrow("reviews") as alone:
        alone.to([subject_id])
        found = reviews.published(connection, kind, subject_id, wanted, sort, stars)
        rating = reviews.rating(connection, kind, subject_id)
    pictures = media.urls(connection, [one for review in found.items for one in review.photos])
    home = f"/reviews/{kind}/{subject_id}"
    kept = {"sort": sort if sort != "newest" else "", "stars": stars or ""}
    first = address(home, kept)
    return ReviewsPage(
        subject=subject,
        crumbs=[(subject.title, subject.url)],
        rating=rating,
        found=found,
        pictures=pictures,
        sorts=[(label, address(home, kept, sort=key if key != "newest" else "")) for key, label in SORTS],
        here=first,
        stars=stars,
        rating_url=f"{home}?stars={{stars}}",
        all_url=home,
        pages_url=f"{first}{'&' if '?' in first else '?'}page={{page}}",
        write_url=f"{home}/write" if house.site.reviews.enabled and subject.takes_reviews else None,
    )
