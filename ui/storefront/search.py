"""`/search`: products, articles and pages by words; and what is offered while somebody types."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from engine.api.ports import Ports
from engine.api.request import CurrentSite, House, public
from engine.api.routing import APIRouter
from engine.api.search import suggestions
from engine.commerce.catalog import shop
from engine.commerce.catalog.shop import Card
from engine.commerce.catalog.views import CategoryView
from engine.content.articles import queries
from engine.content.articles.queries import Card as Article
from engine.core.blogsettings import Blog
from engine.core.i18n import _
from engine.core.paging import Page, PageRequest
from engine.core.ports import SearchHit, SearchRequest
from ui.page import Link
from ui.respond import frame_of, page
from ui.storefront.asked import PAGE_SIZE, page_number
from ui.templates import render

MAX_QUESTION = 200
POPULAR = 8
BESIDES = 6
router = APIRouter(include_in_schema=False, dependencies=[public])


@dataclass(frozen=True)
class SearchPage:
    """What was found. page_url holds "{page}". meant: a better question; popular: what others like, if nothing was."""

    question: str
    found: Page[Card]
    page_url: str
    meant: str
    meant_url: str
    categories: Sequence[Link]
    popular: Sequence[Card]
    currency: str
    is_whole: bool
    articles: Sequence[Article]
    pages: Sequence[SearchHit]
    blog: Blog


@dataclass(frozen=True)
class Suggested:
    """What is offered for a question that is being typed: (words, their address), categories, products."""

    question: str
    completions: Sequence[tuple[str, str]]
    categories: Sequence[CategoryView]
    cards: Sequence[Card]
    currency: str


@router.get("/search")
async def show_search(request: Request, house: House, site: CurrentSite) -> Response:
    """Answer the products, articles and pages that answer the question."""
    question = _question(request)
    wanted = PageRequest(page_number(request.query_params.get("page", "")), PAGE_SIZE)
    cards: Sequence[Card] = ()
    total, meant, is_whole = 0, "", True
    articles, pages = await _read_besides(house, question) if question and wanted.page == 1 else ((), ())
    if question:
        result = await house.search.search(SearchRequest(question, ("product",), wanted.offset, wanted.limit))
        cards = await house.db.glance(shop.cards, [hit.id for hit in result.hits]) if result.hits else []
        total, meant, is_whole = result.total, result.did_you_mean, result.is_whole
        if is_whole and wanted.page == 1 and "hx-request" not in request.headers:
            house.keeper.book.note(question, total + len(articles) + len(pages))
    tree = await house.categories.tree()
    context = SearchPage(
        question=question,
        found=Page.of(cards, total, wanted),
        page_url=f"{_address(question)}&page={{page}}",
        meant=meant,
        meant_url=_address(meant),
        categories=[Link(one.name, one.url) for one in tree.top[:8]],
        popular=await house.db.glance(shop.front, POPULAR) if question and not (total or articles or pages) else (),
        currency=site.general.currency,
        is_whole=is_whole,
        articles=articles,
        pages=pages,
        blog=site.blog,
    )
    return await page(request, "storefront/search.html", context, title=_("Search"), block="results", indexed=False)


async def _read_besides(house: Ports, question: str) -> tuple[Sequence[Article], Sequence[SearchHit]]:
    """Return what there is to read that answers the question: articles, and pages."""
    articles = await house.search.search(SearchRequest(question, ("article",), limit=BESIDES))
    pages = await house.search.search(SearchRequest(question, ("page",), limit=BESIDES))
    cards = await house.db.glance(queries.by_ids, [hit.id for hit in articles.hits]) if articles.hits else ()
    return cards, pages.hits


@router.get("/search/suggest")
async def show_suggestions(request: Request, house: House, site: CurrentSite) -> Response:
    """Answer the list that hangs under a search field: options only, for its script."""
    question = _question(request, is_begun=True)
    completions, categories, cards = await suggestions(house, question)
    context = Suggested(
        question=question.strip(),
        completions=[(words, _address(words)) for words in completions],
        categories=categories,
        cards=cards,
        currency=site.general.currency,
    )
    body = render("storefront/suggestions.html", context, await frame_of(request, _("Search")))
    return HTMLResponse(body, headers={"Cache-Control": "public, max-age=30", "X-Robots-Tag": "noindex"})


def _question(request: Request, *, is_begun: bool = False) -> str:
    """Return what was asked on one line; a space at its end says that its last word is whole."""
    given = request.query_params.get("q", "").replace("\x00", " ")
    line = " ".join(given.split())[:MAX_QUESTION]
    return f"{line} " if line and is_begun and given[-1].isspace() else line


def _address(question: str) -> str:
    return f"/search?{urlencode({'q': question})}"
