"""`/admin/articles/categories`: putting several articles into categories at once, or taking them out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import Connection, select

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content.articles import queries, writing
from engine.content.articles.fields import ArticleFields
from engine.content.articles.queries import Named
from engine.content.pages.models import Page, PageKind
from engine.core.access import Permission
from engine.core.i18n import _, ngettext
from engine.core.ids import parse_id
from engine.core.records.bulk import MOST
from ui.page import Flash
from ui.respond import page, redirect

HOME = "/admin/articles"
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_ARTICLES)])


@dataclass(frozen=True)
class Shelving:
    """The articles that were selected, and the categories there are."""

    articles: Sequence[tuple[UUID, str]]
    categories: Sequence[Named]


@router.post("/categories")
async def ask_for_categories(request: Request, house: House, actor: Caller) -> Response:
    """Ask which categories; with an answer, put the articles there or take them out."""
    form = await request.form()
    ids = [found for one in form.getlist("selected")[:MOST] if (found := parse_id(str(one))) is not None]
    if not ids:
        return redirect(HOME, flash=Flash(_("Select rows first."), "info"), request=request)
    wanted = [str(one) for one in form.getlist("categories") if parse_id(str(one))]
    act = form.get("how")
    if act not in ("add", "remove") or not wanted:
        found = await house.db.query(_asked, ids)
        return await page(request, "admin/articles/shelving.html", found, title=_("Categories"))
    change = _added(wanted) if act == "add" else _removed(wanted)
    for page_id in ids:
        async with house.db.write() as tx:
            await writing.amend(tx, actor, page_id, change)
    said = ngettext("{count} article changed.", "{count} articles changed.", len(ids))
    return redirect(HOME, flash=said, request=request)


def _added(ids: Sequence[str]) -> Callable[[ArticleFields], ArticleFields]:
    return lambda said: said.model_copy(update={"categories": tuple(dict.fromkeys((*said.categories, *ids)))})


def _removed(ids: Sequence[str]) -> Callable[[ArticleFields], ArticleFields]:
    return lambda said: said.model_copy(update={"categories": tuple(one for one in said.categories if one not in ids)})


def _asked(connection: Connection, ids: Sequence[UUID]) -> Shelving:
    statement = select(Page.id, Page.title).where(Page.kind == PageKind.ARTICLE, Page.id.in_(ids)).order_by(Page.title)
    rows = connection.execute(statement).all()
    return Shelving([(row.id, row.title) for row in rows], queries.offered(connection)["category"])
