"""`/search`: one question over everything that can be found, and what is offered while it is typed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated
from uuid import UUID

from anyascii import anyascii
from fastapi import Query

from engine.api.ports import Ports
from engine.api.request import Caller, House, public
from engine.api.routing import APIRouter
from engine.api.wire import MoneyWire, Paging, Wire
from engine.commerce.catalog import shop
from engine.commerce.catalog.shop import Card
from engine.commerce.catalog.views import CategoryView
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.ports import SearchRequest
from engine.core.searching import kinds_for

MAX_QUESTION = 200
MOST_FACETS, MOST_FILTERS = 20, 20
SUGGESTED = 5
router = APIRouter(prefix="/search", tags=["search"])


class SearchHitWire(Wire):
    """One thing that was found; a higher `score` fits better. marks: [start, end] of what matched in the snippet."""

    type: str
    id: UUID
    title: str
    url: str
    snippet: str
    score: float
    marks: list[tuple[int, int]]


class SearchPage(Wire):
    """One page of what was found.

    facets: by name, how many bear each value, as if the facet's own filter were off; `type` counts over all types.
    bounds: the least and the most of a number. didYouMean: a better question, where nothing was found. isWhole: false
    while the index is being built anew.
    """

    items: list[SearchHitWire]
    facets: dict[str, dict[str, int]]
    bounds: dict[str, tuple[int, int]]
    did_you_mean: str
    is_whole: bool
    total: int
    page: int
    limit: int


class SuggestedProduct(Wire):
    """A product that is offered while somebody types."""

    name: str
    url: str
    price: MoneyWire
    image_url: str | None


class SuggestedCategory(Wire):
    """A category that is offered while somebody types."""

    name: str
    url: str


class Suggestions(Wire):
    """What a question that is being typed may become."""

    completions: list[str]
    categories: list[SuggestedCategory]
    products: list[SuggestedProduct]


@router.get("", dependencies=[public])
async def search(
    house: House,
    actor: Caller,
    paging: Paging,
    q: Annotated[str, Query(max_length=MAX_QUESTION)] = "",
    type: Annotated[str, Query(max_length=40)] = "",  # noqa: A002 - the wire's word
    filter: Annotated[  # noqa: A002 - the wire's word
        list[str], Query(description="facet=value; the same facet again widens it", max_length=MOST_FILTERS)
    ] = [],  # noqa: B006 - FastAPI copies it
    range: Annotated[  # noqa: A002 - the wire's word
        list[str], Query(description="number=least..most, either end left out", max_length=MOST_FILTERS)
    ] = [],  # noqa: B006 - FastAPI copies it
    facets: Annotated[str, Query(description="which to count, separated by commas", max_length=1_000)] = "",
    sort: Annotated[str, Query(description="a number's name, - before it for the largest first", max_length=60)] = "",
) -> SearchPage:
    """Find what holds every word; staff also find what is not public. Without words, everything that fits the rest."""
    filters, ranges = _filters(filter), _ranges(range)
    if not (q.strip() or filters or ranges or facets):
        return SearchPage(
            items=[],
            facets={"type": {}},
            bounds={},
            did_you_mean="",
            is_whole=True,
            total=0,
            page=1,
            limit=paging.limit,
        )
    kinds = kinds_for(actor, house.keeper.searchables) if actor.is_staff else ()
    request = SearchRequest(
        q,
        (type,) if type else kinds,
        paging.offset,
        paging.limit,
        include_staff=type in kinds if type else bool(kinds),
        filters=filters,
        ranges=ranges,
        facets=tuple(name for name in facets.split(",") if name)[:MOST_FACETS],
        sort=sort,
    )
    found = await house.search.search(request)
    types = {kind: count for kind, count in found.types.items() if not kinds or kind in kinds}
    return SearchPage(
        items=[SearchHitWire.model_validate(hit) for hit in found.hits],
        facets={**{name: dict(counts) for name, counts in found.facets.items()}, "type": types},
        bounds=dict(found.bounds),
        did_you_mean=found.did_you_mean,
        is_whole=found.is_whole,
        total=found.total,
        page=paging.page,
        limit=paging.limit,
    )


@router.get("/suggest", dependencies=[public])
async def suggest(house: House, q: Annotated[str, Query(max_length=MAX_QUESTION)] = "") -> Suggestions:
    """Offer questions, categories and products for what is being typed."""
    completions, categories, cards = await suggestions(house, q)
    currency = house.site.general.currency
    return Suggestions(
        completions=list(completions),
        categories=[SuggestedCategory(name=one.name, url=one.url) for one in categories],
        products=[
            SuggestedProduct(
                name=card.name,
                url=card.url,
                price=MoneyWire.of(card.price_minor, currency),
                image_url=card.image.thumbnail if card.image else None,
            )
            for card in cards
        ],
    )


async def suggestions(house: Ports, text: str) -> tuple[Sequence[str], Sequence[CategoryView], Sequence[Card]]:
    """Return questions that begin with this text, and the categories and products that it finds."""
    if not text.strip():
        return (), (), ()
    completions = await house.search.complete(text, SUGGESTED)
    found = await house.search.search(SearchRequest(text, ("product",), limit=SUGGESTED))
    cards = await house.db.query(shop.cards, [hit.id for hit in found.hits]) if found.hits else []
    tree = await house.categories.tree()
    categories = [one for one in tree.by_id.values() if one.product_count and _begins(one.name, text)]
    return completions, categories[:3], cards


def _begins(name: str, text: str) -> bool:
    """Return whether each word of the text begins a word of the name."""
    words = anyascii(name).lower().replace("-", " ").split()
    return all(any(word.startswith(said) for word in words) for said in anyascii(text).lower().split())


def _filters(given: Iterable[str]) -> Mapping[str, list[str]]:
    filters: dict[str, list[str]] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not (name and equals):
            raise _refused("filter", one, "category=ID")
        filters.setdefault(name, []).append(value)
    return filters


def _ranges(given: Iterable[str]) -> Mapping[str, tuple[int | None, int | None]]:
    ranges: dict[str, tuple[int | None, int | None]] = {}
    for one in given:
        name, _equals, ends = one.partition("=")
        least, dots, most = ends.partition("..")
        if not (name and dots and all(_is_number(end) for end in (least, most))):
            raise _refused("range", one, "price=500..2000")
        ranges[name] = (int(least) if least else None, int(most) if most else None)
    return ranges


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-")
    return not text or (digits.isascii() and digits.isdigit() and len(digits) <= 18)  # noqa: PLR2004, RUF100


def _refused(name: str, value: str, example: str) -> Invalid:
    message = _("“{value}” is not understood; write it like {example}.").having(value=value[:60], example=example)
    return Invalid(message, {name: message})
