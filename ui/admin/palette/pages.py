"""`/admin/palette`: lines for what is being typed; `/admin/search`: everything that a question finds, by kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.i18n import Message, _
from engine.core.paging import Page
from engine.core.ports import SearchHit
from ui.admin.lists import asked, next_pages, page_asked
from ui.admin.palette.entries import Text
from ui.admin.palette.finding import Group, address_of, found, kind_of, search_url, searched
from ui.page import PageContext
from ui.respond import page
from ui.templates import render_block

router = APIRouter(prefix="/admin", include_in_schema=False, dependencies=[allow(Permission.ENTER_ADMIN)])


@dataclass(frozen=True)
class Palette:
    """What fits a question. everything: the address of the page that shows all that was found."""

    question: str
    groups: Sequence[Group]
    everything: str


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found. parts: its snippet in pieces, with whether each is what matched."""

    id: UUID
    title: str
    url: str
    kind: Text
    parts: Sequence[tuple[str, bool]]


@dataclass(frozen=True)
class SearchPage:
    """Everything that a question finds. others: screens and actions that fit it, too; meant: a better question."""

    question: str
    hits: Page[Found]
    tabs: Sequence[tuple[Text, str, int | None]]
    here: str
    pages_url: str
    others: Sequence[Group]
    meant: str
    meant_url: str
    is_whole: bool


@router.get("/palette")
async def offer(request: Request, house: House, actor: Caller) -> Response:
    """Answer the lines that fit, as a fragment: it knows nothing of the page around."""
    question = asked(request, "q")
    context = Palette(question, await found(house, actor, question), search_url(question))
    general = house.site.general
    frame = PageContext(title="", surface="admin", locale=general.language, timezone=general.timezone)
    body = render_block("admin/palette/palette.html", "lines", context, frame)
    return HTMLResponse(body, headers={"Cache-Control": "no-store"})


@router.get("/search")
async def search(request: Request, house: House, actor: Caller) -> Response:
    """Answer everything that a question finds, by kind."""
    question, kind, paging = asked(request, "q"), asked(request, "kind"), page_asked(request, 20)
    result = await searched(house, actor, question, kind, paging.offset, paging.limit)
    groups = await found(house, actor, question) if question else []
    own = {"q": question, "kind": kind if kind in result.types else ""}
    tabs = [
        (_("Everything"), search_url(question), sum(result.types.values())),
        *((kind_of(house, one)[1], search_url(question, one), count) for one, count in sorted(result.types.items())),
    ]
    context = SearchPage(
        question=question,
        hits=Page.of([_shown(house, hit) for hit in result.hits], result.total, paging),
        tabs=tabs,
        here=search_url(question, own["kind"]),
        pages_url=next_pages("/admin/search", own),
        others=[group for group in groups if group.label != _("Records")],
        meant=result.did_you_mean,
        meant_url=search_url(result.did_you_mean),
        is_whole=result.is_whole,
    )
    title: Message = _("Search")
    return await page(request, "admin/palette/search.html", context, title=title, search_query=question)


def _shown(house: House, hit: SearchHit) -> Found:
    return Found(hit.id, hit.title, address_of(hit), kind_of(house, hit.type)[0], pieces(hit.snippet, hit.marks))


def pieces(text: str, marks: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Return text cut at its marks, each piece with whether it is marked."""
    found_pieces, at = [], 0
    for start, end in sorted(marks):
        found_pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [(piece, is_marked) for piece, is_marked in (*found_pieces, (text[at:], False)) if piece]
