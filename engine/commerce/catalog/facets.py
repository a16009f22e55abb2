"""What a list of products can be narrowed by, counted by the search index, and the products of narrower choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection, func, select

from engine.commerce.catalog.models import Product, ProductOption
from engine.commerce.catalog.search import AVAILABLE, SALE
from engine.commerce.catalog.shop import Choice
from engine.commerce.catalog.statements import SHOWN
from engine.core import shown
from engine.core.paging import PageRequest
from engine.core.ports import SearchIndex, SearchRequest

MOST_OPTIONS = 12
_OPTION = "option:"
#: How far behind the catalogue the index may be, at most, where nothing is wrong.
INDEX_SECONDS = 60.0
_SORTS = {"featured": "-featured", "newest": "-newest", "price": "price", "-price": "-price", "name": "name"}


@dataclass(frozen=True, slots=True)
class Facets:
    """How many products each further choice would leave, and the ids of this page's products where they were asked for.

    bands: of prices, by the lower end; each as if its own choice were off. is_whole: False while the index is being
    built, so that these counts may be too low.
    """

    ids: Sequence[UUID] = ()
    total: int = 0
    bands: Sequence[tuple[str, int]] = ()
    available: int = 0
    reduced: int = 0
    tags: Mapping[str, int] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    is_whole: bool = True


def option_names(connection: Connection) -> list[str]:
    """Return the names of the options that most of the shown products have."""
    rows = connection.execute(
        select(ProductOption.name)
        .join(Product, Product.id == ProductOption.product_id)
        .where(SHOWN)
        .group_by(ProductOption.name)
        .order_by(func.count().desc(), ProductOption.name)
        .limit(MOST_OPTIONS)
    )
    return list(rows.scalars())


async def counted(
    index: SearchIndex, choice: Choice, category_id: UUID | None, options: Sequence[str], request: PageRequest
) -> Facets:
    """Return what a choice can be narrowed by. category_id: the category, those below it meant too."""
    shown.lasts(INDEX_SECONDS)
    names = [f"{_OPTION}{name}" for name in options]
    filters: dict[str, Sequence[str]] = {f"{_OPTION}{name}": values for name, values in choice.options.items()}
    filters |= {"category": (str(category_id),)} if category_id else {}
    filters |= {"band": choice.bands} if choice.bands else {}
    filters |= {AVAILABLE: ("true",)} if choice.is_available else {}
    filters |= {SALE: ("true",)} if choice.is_reduced else {}
    filters |= {"tag": choice.tags[:1]} if choice.tags else {}
    has_range = choice.min_price is not None or choice.max_price is not None
    found = await index.search(
        SearchRequest(
            text="",
            types=("product",),
            offset=request.offset,
            limit=request.limit if choice.options else 1,
            filters=filters,
            ranges={"price": (choice.min_price, choice.max_price)} if has_range else {},
            facets=("band", "tag", AVAILABLE, SALE, *names),
            sort=_SORTS.get(choice.sort, "-featured"),
        )
    )
    bands = sorted(found.facets.get("band", {}).items(), key=lambda pair: int(pair[0].partition("-")[0]))
    return Facets(
        ids=[hit.id for hit in found.hits],
        total=found.total,
        bands=bands,
        available=found.facets.get(AVAILABLE, {}).get("true", 0),
        reduced=found.facets.get(SALE, {}).get("true", 0),
        tags=found.facets.get("tag", {}),
        options={name: found.facets.get(f"{_OPTION}{name}", {}) for name in options},
        is_whole=found.is_whole,
    )
