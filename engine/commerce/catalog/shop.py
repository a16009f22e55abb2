"""What the shop's pages read: no page more than four queries, whatever it shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.commerce.catalog.drafts import NamedList, named_lists
from engine.commerce.catalog.models import ProductType, Visibility, title_of
from engine.commerce.catalog.priced import Priced
from engine.commerce.catalog.statements import (
    BY_ID,
    COVER,
    DETAIL,
    FRONT,
    ORDERS,
    PICTURES,
    RELATED,
    VARIANTS,
    ListStatements,
    list_statements,
)
from engine.commerce.catalog.views import VariantView
from engine.content.reviews import public as reviews
from engine.content.reviews.public import RatingView
from engine.core import shown
from engine.core.counting import EXACT, lately
from engine.core.ids import parse_id
from engine.core.paging import Page, PageRequest
from engine.core.quick import Quick
from engine.media import public as media
from engine.media.public import MediaUrls

#: The mark of pages that stand in another order when something is sold out (engine/core/shown.py).
STOCK = "stock"


@dataclass(frozen=True, slots=True)
class Card(Priced):
    """A product beside others. highest_price_minor: of its variants, so that a page can say “from”.

    review_count, review_stars: how many reviews it has, and the sum of their stars.
    """

    id: UUID
    name: str
    slug: str
    price_minor: int
    highest_price_minor: int
    compare_at_minor: int | None
    is_available: bool
    is_featured: bool
    published_at: datetime | None
    image: MediaUrls | None
    review_count: int = 0
    review_stars: int = 0

    @property
    def url(self) -> str:
        return f"/products/{self.slug}"

    @property
    def rating(self) -> Decimal | None:
        """The mean of its stars; None where nobody reviewed it."""
        return reviews.average(self.review_stars, self.review_count) if self.review_count else None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a shopper asked a list for. category_ids: None means all; tags: slugs, each of which must be borne.

    bands: of prices ("500-1000", minor units, the upper end not in it), of which one must fit. options: name -> values
    of which one must be made; the search index knows them, `listing` does not ask for them.
    """

    category_ids: Sequence[UUID] | None = None
    tags: tuple[str, ...] = ()
    min_price: int | None = None
    max_price: int | None = None
    is_available: bool = False
    is_reduced: bool = False
    bands: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "featured"

    @property
    def whole(self) -> "Choice":
        """The list before it was narrowed."""
        return Choice(self.category_ids, sort=self.sort)


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag, and how many products of the list bear it."""

    slug: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Whole:
    """A list before it is narrowed: how many products it holds, and the tags that most of them bear."""

    total: int
    tags: Sequence[TagCount]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, and the tags that it can be narrowed by."""

    page: Page[Card]
    tags: Sequence[TagCount]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a product."""

    id: UUID
    alt: str
    urls: MediaUrls


@dataclass(frozen=True, slots=True)
class Detail:
    """A product on its own page. low_at: at so few pieces it says how many are left.

    review_photos: the pictures of its latest reviews, by id.
    """

    id: UUID
    type: ProductType
    name: str
    slug: str
    sku: str
    short_description: str
    description: str
    seo_title: str
    seo_description: str
    low_at: int
    details: Sequence[NamedList]
    options: Sequence[NamedList]
    variants: Sequence[VariantView]
    images: Sequence[Picture]
    category_ids: Sequence[UUID]
    is_indexed: bool
    rating: RatingView = RatingView()
    review_photos: Mapping[UUID, MediaUrls] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"/products/{self.slug}"


def listing(connection: Connection, choice: Choice, request: PageRequest, known: Whole | None = None) -> Listing:
    """Return one page of what is shown, by what was chosen: four queries, less what is known of the whole list."""
    whole = known or whole_list(connection, choice.category_ids)
    asked, values = _asked(choice)
    total = whole.total if choice == choice.whole else _narrowed(connection, choice, whole, asked, values)
    shown = _shown(connection, asked.rows, {**values, "limit": request.limit, "offset": request.offset})
    return Listing(Page.of(shown, total, request), whole.tags)


def _narrowed(
    connection: Connection, choice: Choice, whole: Whole, asked: ListStatements, values: Mapping[str, Any]
) -> int:
    """Return how many products a narrower choice holds; of a long list, as it was in the last half minute."""

    def read() -> int:
        return connection.execute(asked.total, values).scalar() or 0

    return lately(connection, ("shop", repr(choice)), read) if whole.total > EXACT else read()


def whole_list(connection: Connection, category_ids: Sequence[UUID] | None) -> Whole:
    """Return what a list of everything, or of these categories, holds."""
    asked, values = _asked(Choice(category_ids))
    total = connection.execute(asked.total, values).scalar() or 0
    return Whole(total, [TagCount(*row) for row in connection.execute(asked.tags, values)])


def _asked(choice: Choice) -> tuple[ListStatements, Mapping[str, Any]]:
    """Return the statements of a list with their values."""
    asked = list_statements(
        choice.category_ids is not None,
        choice.min_price is not None,
        choice.max_price is not None,
        choice.is_available,
        choice.is_reduced,
        choice.bands,
        len(choice.tags),
        choice.sort if choice.sort in ORDERS else "featured",
    )
    values = {
        "category_ids": choice.category_ids,
        "min_price": choice.min_price,
        "max_price": choice.max_price,
        **{f"tag_{number}": slug for number, slug in enumerate(choice.tags)},
    }
    return asked, values


def some(connection: Connection, choice: Choice, limit: int) -> list[Card]:
    """Return the first of what was chosen, without counting the others."""
    asked, values = _asked(choice)
    return _shown(connection, asked.rows, {**values, "limit": limit, "offset": 0})


def front(connection: Connection, limit: int) -> list[Card]:
    """Return what the front page shows: featured products first, then the newest."""
    return _shown(connection, FRONT, {"limit": limit, "offset": 0})


def cards(connection: Connection, ids: Sequence[UUID]) -> list[Card]:
    """Return these products, in this order, without those that are not sold."""
    known = {card.id: card for card in _shown(connection, BY_ID, {"ids": ids})} if ids else {}
    return [known[id_] for id_ in ids if id_ in known]


def related(connection: Connection, slug: str, limit: int = 4) -> list[Card]:
    """Return others of the same categories, those that can be had first."""
    shown.note(STOCK)
    return _shown(connection, RELATED, {"slug": slug, "limit": limit, "offset": 0})


def detail(connection: Connection, slug: str) -> Detail | None:
    """Return an active product by the last part of its address, or None: four queries."""
    with shown.narrow("catalog", "reviews") as alone:
        rows = DETAIL.rows(connection, {"slug": slug})
        if not rows:
            return None
        alone.to([rows[0].id])
        return _detail(connection, rows)


def _detail(connection: Connection, rows: Sequence[Any]) -> Detail:
    row = rows[0]
    ids = [parse_id(text) for text in (row.category_ids or "").split(",")]
    rating = reviews.rating_of(row.rating)
    images, review_photos = _pictures(connection, row.id, rating.photos)
    return Detail(
        id=row.id,
        type=ProductType(row.type),
        name=row.name,
        slug=row.slug,
        sku=row.sku or "",
        short_description=row.short_description,
        description=row.description,
        seo_title=row.seo_title,
        seo_description=row.seo_description,
        low_at=row.low_at,
        details=named_lists(row.details),
        options=[NamedList(name=r.option_name, values=tuple(r.option_values)) for r in rows if r.option_name],
        variants=_variants(connection, row.id),
        images=images,
        category_ids=[id_ for id_ in ids if id_ is not None],
        is_indexed=row.visibility != Visibility.HIDDEN,
        rating=rating,
        review_photos=review_photos,
    )


def cover(connection: Connection, category_ids: Sequence[UUID]) -> MediaUrls | None:
    """Return a picture that stands for these categories: of a product that has one."""
    media_id = connection.execute(COVER, {"category_ids": category_ids}).scalar()
    return media.urls(connection, [media_id]).get(media_id) if media_id else None


def _shown(connection: Connection, statement: Quick, values: Mapping[str, Any]) -> list[Card]:
    with shown.narrow("reviews") as alone:
        rows = statement.rows(connection, values)
        alone.to([row.id for row in rows])
    shown.note(*(f"catalog:{row.id}" for row in rows))
    urls = media.urls(connection, [row.media_id for row in rows if row.media_id])
    return [
        Card(
            id=row.id,
            name=row.name,
            slug=row.slug,
            price_minor=row.price_minor,
            highest_price_minor=row.highest or row.price_minor,
            compare_at_minor=row.compare_at_minor,
            is_available=bool(row.is_available),
            is_featured=row.is_featured,
            published_at=row.published_at,
            image=urls.get(row.media_id),
            review_count=row.review_count or 0,
            review_stars=row.review_stars or 0,
        )
        for row in rows
    ]


def _variants(connection: Connection, product_id: UUID) -> list[VariantView]:
    rows = VARIANTS.rows(connection, {"product_id": product_id})
    return [
        VariantView(
            id=row.id,
            sku=row.sku or "",
            barcode=row.barcode,
            title=title_of(row.option_values),
            option_values=dict(row.option_values),
            price_minor=row.price_minor,
            compare_at_minor=row.compare_at_minor,
            cost_minor=None,
            stock=row.stock if row.tracks_stock else None,
            weight_grams=row.weight_grams,
            length_mm=row.length_mm,
            width_mm=row.width_mm,
            height_mm=row.height_mm,
            image_id=row.image_id,
        )
        for row in rows
    ]


def _pictures(
    connection: Connection, product_id: UUID, others: Sequence[UUID]
) -> tuple[list[Picture], dict[UUID, MediaUrls]]:
    """Return a product's pictures, and the addresses of others: both from one query."""
    rows = PICTURES.rows(connection, {"product_id": product_id})
    urls = media.urls(connection, [*(row.media_id for row in rows), *others])
    own = [
        Picture(row.id, row.alt or urls[row.media_id].alt, urls[row.media_id]) for row in rows if row.media_id in urls
    ]
    return own, {one: urls[one] for one in others if one in urls}
