"""The part of a product's page where its reviews stand: what they come to, and the newest of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from engine.commerce.catalog.shop import Detail
from engine.content.reviews.public import RatingView
from engine.core.settings import Site
from engine.media.public import MediaUrls


@dataclass(frozen=True)
class ReviewsSection:
    """What the part shows. write_url: none where nobody can write one now; rating_url holds {stars}."""

    rating: RatingView
    pictures: Mapping[UUID, MediaUrls]
    all_url: str
    rating_url: str
    write_url: str | None

    @property
    def is_cut(self) -> bool:
        """Whether there are more than stand here."""
        return self.rating.count > len(self.rating.latest)


def section_of(product: Detail, site: Site) -> ReviewsSection | None:
    """Return a product's reviews as its page shows them; None where there are none and will be none."""
    if not product.rating.count and not site.reviews.enabled:
        return None
    home = f"/reviews/product/{product.id}"
    return ReviewsSection(
        rating=product.rating,
        pictures=product.review_photos,
        all_url=home,
        rating_url=f"{home}?stars={{stars}}",
        write_url=f"{home}/write" if site.reviews.enabled else None,
    )
