"""`/search`: products by words, as one types where there are scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from engine.api.request import CurrentSite, House, public
from engine.commerce.catalog import shop
from engine.commerce.catalog.shop import Card
from engine.core.i18n import _
from engine.core.paging import Page, PageRequest
from engine.core.ports import SearchRequest
from ui.page import Link
from ui.respond import page
from ui.storefront.asked import PAGE_SIZE, page_number

MAX_QUESTION = 200
router = APIRouter(include_in_schema=False, dependencies=[public])


@dataclass(frozen=True)
class SearchPage:
    """What was found. next_url holds "{page}"."""

    question: str
    found: Page[Card]
    page_url: str
    categories: Sequence[Link]
    currency: str


@router.get("/search")
async def show_search(request: Request, house: House, site: CurrentSite) -> Response:
    """Answer the products that hold every word."""
    question = " ".join(request.query_params.get("q", "").replace("\x00", " ").split())[:MAX_QUESTION]
    wanted = PageRequest(page_number(request.query_params.get("page", "")), PAGE_SIZE)
    result = await house.search.search(SearchRequest(question, ("product",), wanted.offset, wanted.limit))
    ids = [hit.id for hit in result.hits]
    cards = await house.db.query(shop.cards, ids) if ids else []
    tree = await house.categories.tree()
    context = SearchPage(
        question=question,
        found=Page.of(cards, result.total, wanted),
        page_url=f"/search?{urlencode({'q': question})}&page={{page}}",
        categories=[Link(one.name, one.url) for one in tree.top[:8]],
        currency=site.general.currency,
    )
    return await page(request, "storefront/search.html", context, title=_("Search"), block="results", indexed=False)
