"""`/blog` and its shelves: categories, tags, authors, series, years and months."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_month_names
from fastapi import Request
from fastapi.responses import Response
from markupsafe import Markup
from sqlalchemy import Connection, select

from engine.api.request import CurrentSite, House, public
from engine.api.routing import APIRouter
from engine.content.articles import queries
from engine.content.articles.models import ArticleAuthor, ArticleCategory, ArticleSeries, ArticleTag
from engine.content.articles.queries import Card, Named, Wanted
from engine.core.blogsettings import Blog
from engine.core.errors import NotFound
from engine.core.html import clean_html, text_of
from engine.core.i18n import Message, _
from engine.core.paging import Page, PageRequest
from engine.media.public import MediaUrls, urls
from ui.page import Text
from ui.respond import absolute, page
from ui.storefront.articles.reading import DESCRIBED, Writer
from ui.storefront.asked import page_number
from ui.storefront.pages import find_page

router = APIRouter(prefix="/blog", include_in_schema=False, dependencies=[public])
BLOG = "/blog"
FIRST_YEAR, LAST_YEAR = 1900, 9998
TABLES: dict[str, Any] = {
    "category": ArticleCategory,
    "tag": ArticleTag,
    "author": ArticleAuthor,
    "series": ArticleSeries,
}


@dataclass(frozen=True)
class Shelf:
    """A category, tag, author or series. body: safe HTML; image: stands for it where its page is shared."""

    link: Named
    kind: str
    body: Markup
    title: str
    description: str
    image: MediaUrls | None
    website: str


@dataclass(frozen=True)
class ListPage:
    """Articles of the blog or one shelf of it. page_url holds "{page}"; shelves: the categories, as a way in."""

    title: Text
    text: str
    body: Markup
    crumbs: Sequence[tuple[Text, str]]
    found: Page[Card]
    page_url: str
    layout: str
    blog: Blog
    feed: str
    shelves: Sequence[Named] = ()
    writer: Writer | None = None
    archive_url: str = ""


@dataclass(frozen=True)
class ArchivePage:
    """Years with their months: (year, its address, [(name, address, how many)])."""

    blog_title: Text
    years: Sequence[tuple[int, str, Sequence[tuple[str, str, int]]]]


def title_of(blog: Blog) -> Text:
    """Return what the blog is called."""
    return blog.title or _("Blog")


@router.get("")
async def show_blog(request: Request, house: House, site: CurrentSite) -> Response:
    """Answer the newest articles; pinned ones stand first."""
    blog, asked = site.blog, _asked(request, site.blog)
    found, shelves = await house.db.query(
        lambda connection: (
            queries.listed(connection, Wanted(pinned_first=True), asked),
            queries.shelved(connection),
        )
    )
    context = ListPage(
        title=title_of(blog),
        text=blog.description,
        body=Markup(),
        crumbs=(),
        found=found,
        page_url=f"{BLOG}?page={{page}}",
        layout=_layout(blog, asked),
        blog=blog,
        feed=f"{BLOG}/feed.xml",
        shelves=shelves if len(shelves) > 1 else (),
        archive_url=f"{BLOG}/archive" if found.total > asked.limit else "",
    )
    return await _answer(request, context, BLOG, blog.description)


@router.get("/archive")
async def show_archive(request: Request, house: House, site: CurrentSite) -> Response:
    """Answer the months in which something appeared."""
    if (own := await find_page(request)) is not None:
        return own
    rows = await house.db.query(queries.months, site.general.zone)
    names = get_month_names("wide", context="stand-alone", locale=site.general.language.replace("-", "_"))
    years = [
        (
            year,
            f"{BLOG}/{year}",
            [(names[month], f"{BLOG}/{year}/{month:02}", count) for y, month, count in rows if y == year],
        )
        for year in dict.fromkeys(year for year, _month, _count in rows)
    ]
    context = ArchivePage(title_of(site.blog), years)
    return await page(request, "storefront/articles/archive.html", context, title=_("All articles by month"))


@router.get("/{kind}/{slug}")
async def show_shelf(request: Request, kind: str, slug: str, house: House, site: CurrentSite) -> Response:
    """Answer a category, tag, author or series; or a month, which has the same shape."""
    if kind.isascii() and kind.isdigit():
        return await _answer_time(request, house, site.blog, site.general.zone, kind, slug)
    blog, asked = site.blog, _asked(request, site.blog)
    found = await house.db.query(_shelf, kind, slug, asked)
    if found is None:
        raise NotFound(_("This part of the blog is not here any more. Have a look at all articles."))
    shelf, cards = found
    is_author = kind == "author"
    writer = Writer(shelf.link, shelf.body, shelf.image, shelf.website) if is_author else None
    context = ListPage(
        title=shelf.link.name,
        text="",
        body=Markup() if is_author else shelf.body,
        crumbs=[(title_of(blog), BLOG)],
        found=cards,
        page_url=f"{shelf.link.url}?page={{page}}",
        layout="list" if kind == "series" else _layout(blog, asked),
        blog=blog,
        feed=f"{shelf.link.url}/feed.xml" if kind in ("category", "tag") else f"{BLOG}/feed.xml",
        writer=writer if writer and (writer.bio or writer.image) else None,
    )
    return await _answer(request, context, shelf.link.url, shelf.description, shelf.title, shelf.image)


@router.get("/{year}")
async def show_year(request: Request, year: str, house: House, site: CurrentSite) -> Response:
    """Answer the article at this address, else the articles of a year."""
    if (own := await find_page(request)) is not None:
        return own
    return await _answer_time(request, house, site.blog, site.general.zone, year, "")


async def _answer_time(
    request: Request, house: House, blog: Blog, zone: ZoneInfo, year_text: str, month_text: str
) -> Response:
    year, month = _number(year_text), _number(month_text) if month_text else 0
    if not FIRST_YEAR <= year <= LAST_YEAR or (month_text and not 1 <= month <= 12):
        raise NotFound(_("The page has moved or never was. Search for it, or start from the front."))
    asked = _asked(request, blog)
    since = datetime(year, month or 1, 1, tzinfo=zone)
    before = since.replace(year=year + 1) if not month else _next_month(since)
    found = await house.db.query(queries.listed, Wanted(since=since, before=before), asked)
    if not found.total:
        raise NotFound(_("Nothing appeared then. Have a look at all articles."))
    address = f"{BLOG}/{year}" + (f"/{month:02}" if month else "")
    locale = house.site.general.language.replace("-", "_")
    names = get_month_names("wide", context="stand-alone", locale=locale)
    context = ListPage(
        title=f"{names[month]} {year}" if month else str(year),
        text="",
        body=Markup(),
        crumbs=[(title_of(blog), BLOG), (_("All articles by month"), f"{BLOG}/archive")],
        found=found,
        page_url=f"{address}?page={{page}}",
        layout="list",
        blog=blog,
        feed=f"{BLOG}/feed.xml",
    )
    return await _answer(request, context, address, "")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else -1


def _next_month(since: datetime) -> datetime:
    return since.replace(year=since.year + since.month // 12, month=since.month % 12 + 1)


def _asked(request: Request, blog: Blog) -> PageRequest:
    return PageRequest(page_number(request.query_params.get("page", "")), blog.posts_per_page)


def _layout(blog: Blog, asked: PageRequest) -> str:
    """Return how the list stands: only the first page of a magazine opens with a large article."""
    return "grid" if blog.layout == "magazine" and asked.page > 1 else blog.layout


def _shelf(connection: Connection, kind: str, slug: str, asked: PageRequest) -> tuple[Shelf, Page[Card]] | None:
    table = TABLES.get(kind)
    row = connection.execute(select(*table.__table__.columns).where(table.slug == slug)).first() if table else None
    if row is None:
        return None
    given = row._asdict()
    link = Named(row.id, row.name, f"{BLOG}/{kind}/{row.slug}")
    html = clean_html(given.get("bio") or given.get("description") or "")
    image_id = given.get("image_id")
    shelf = Shelf(
        link=link,
        kind=kind,
        body=Markup(html),  # noqa: S704 - cleaned
        title=given.get("seo_title") or row.name,
        description=given.get("seo_description") or text_of(html, DESCRIBED),
        image=urls(connection, [image_id]).get(image_id) if image_id else None,
        website=given.get("website") or "",
    )
    wanted = replace(Wanted(), **{f"{kind}_id": row.id})
    return shelf, queries.listed(connection, wanted, asked)


async def _answer(
    request: Request,
    context: ListPage,
    address: str,
    description: str,
    title: str | Message = "",
    image: MediaUrls | None = None,
) -> Response:
    if context.found.page > context.found.pages:
        raise NotFound(_("There are not so many articles. Have a look at the newest."))
    number = context.found.page
    return await page(
        request,
        "storefront/articles/list.html",
        context,
        title=title or context.title,
        description=description,
        canonical_url=absolute(request, address + (f"?page={number}" if number > 1 else "")),
        image_url=absolute(request, image.large) if image else None,
    )
