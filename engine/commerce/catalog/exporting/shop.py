"""What an export knows beside the products: how the shop writes money, where its pictures are, names of its shelves."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, func, select

from engine.commerce.catalog.models import Category, Product, ProductOption
from engine.commerce.catalog.views import ImageView, NamedLink
from engine.core.money import decimals

MAX_DETAIL_COLUMNS = 200
_FEW = 500


@dataclass(frozen=True, slots=True)
class Shop:
    """What holds for the whole file.

    base: where the site stands, for the addresses of pictures. names: of categories by path. options, attributes: how
    many of them a product has at most. details: the names of details.
    """

    currency: str
    base: str
    names: Mapping[str, str]
    options: int
    attributes: int
    details: Sequence[str]

    def price(self, minor: int | None) -> str:
        """Return an amount as 12.50; "" for none."""
        if minor is None:
            return ""
        places = decimals(self.currency)
        return f"{Decimal(minor).scaleb(-places):.{places}f}"

    def picture(self, image: ImageView) -> str:
        """Return by what a picture can be had again: where it came from, or, of one that was uploaded, its address."""
        if "://" in image.source or image.urls is None:
            return image.source
        return f"{self.base}{image.urls.full}"

    def pictures(self, images: Sequence[ImageView]) -> list[tuple[str, ImageView]]:
        """Return (address, picture) of those that can be had again."""
        return [(address, image) for image in images if (address := self.picture(image))]

    def path(self, category: NamedLink) -> list[str]:
        """Return a category's names from the root down."""
        slugs = category.path.split("/")
        paths = ["/".join(slugs[: place + 1]) for place in range(len(slugs))]
        return [self.names.get(path, path) for path in paths]


def shop_of(connection: Connection, currency: str, base: str) -> Shop:
    """Return what an export has to know before its first line."""
    names = {row.path: row.name for row in connection.execute(select(Category.path, Category.name))}
    options = connection.execute(select(func.max(ProductOption.position))).scalar()
    details: Counter[str] = Counter()
    attributes = 0
    rows = connection.execution_options(yield_per=_FEW).execute(select(Product.details))
    for (found,) in rows:
        details.update(item["name"] for item in found)
        attributes = max(attributes, len(found))
    most = 0 if options is None else options + 1
    common = [name for name, _count in details.most_common(MAX_DETAIL_COLUMNS)]
    return Shop(currency, base.rstrip("/"), names, most, attributes + most, sorted(common))
