"""One article as visitors read it: what stands around its blocks, and what is said of it to search engines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from markupsafe import Markup
from sqlalchemy import Connection, select

from engine.api.ports import Ports
from engine.content.articles import queries
from engine.content.articles.linking import SUBJECT
from engine.content.articles.models import ArticleAuthor
from engine.content.articles.queries import Card, Named, Neighbour
from engine.content.articles.standing import fields_in
from engine.content.articles.wording import excerpt_of, minutes_for, text_in
from engine.content.pages.content import PageContent
from engine.content.pages.queries import Shown
from engine.core.blogsettings import Blog
from engine.core.html import clean_html
from engine.core.ids import parse_id
from engine.core.settings import Site
from engine.media.public import MediaUrls, urls
from ui.respond import absolute, page
from ui.storefront import structured
from ui.storefront.comments.section import CommentsSection, section_of

DESCRIBED = 160


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote it. bio: safe HTML."""

    link: Named
    bio: Markup
    image: MediaUrls | None
    website: str


@dataclass(frozen=True)
class ArticlePage:
    """An article. intro: its own excerpt; series: with its parts; structured_data: for search engines."""

    id: UUID
    card: Card
    blog: Blog
    intro: str
    body: Markup
    writer: Writer | None
    series: Named | None
    parts: Sequence[Neighbour]
    related: Sequence[Card]
    before: Neighbour | None
    after: Neighbour | None
    url: str
    head: Markup
    comments: CommentsSection | None


@dataclass(frozen=True, slots=True)
class _Around:
    card: Card
    writer: Writer | None = None
    series: Named | None = None
    parts: Sequence[Neighbour] = ()
    related: Sequence[Card] = ()
    beside: tuple[Neighbour | None, Neighbour | None] = field(default=(None, None))
    comments: CommentsSection | None = None


async def answer_article(
    request: Request,
    house: Ports,
    shown: Shown,
    written: PageContent,
    body: Markup,
    image: MediaUrls | None,
    **more: Any,
) -> Response:
    """Answer the page of an article. body: its blocks, drawn; more: of the page's frame."""
    blog = house.site.blog
    around = await house.db.query(_around, house, shown)
    fields = written.fields
    url = absolute(request, shown.path or "/")
    description = fields.seo_description or around.card.excerpt[:DESCRIBED]
    found = ArticlePage(
        id=shown.id,
        card=around.card,
        blog=blog,
        intro=fields.excerpt,
        body=body,
        writer=around.writer if blog.show_author else None,
        series=around.series,
        parts=around.parts,
        related=around.related,
        before=around.beside[0],
        after=around.beside[1],
        url=url,
        comments=around.comments,
        head=_head(house.site, around, url, description, lambda path: absolute(request, path)),
    )
    frame: dict[str, Any] = {
        "description": description,
        "canonical_url": fields.canonical or url,
        "image_url": absolute(request, image.large) if image else None,
        "indexed": fields.is_indexed,
    }
    title = fields.seo_title or fields.title
    return await page(request, "storefront/articles/article.html", found, title=title, **{**frame, **more})


def _around(connection: Connection, house: Ports, shown: Shown) -> _Around:
    """Read what stands around an article; of a draft, as it would stand."""
    at, related = shown.first_published_at or house.clock.now(), house.site.blog.related_count
    subject = SUBJECT.find(connection, [shown.id]).get(shown.id)
    card = _card(connection, shown, at)
    said = fields_in(shown.content)
    series = next(iter(queries.named(connection, "series", [said.series])), None)
    return _Around(
        card=card,
        writer=_writer(connection, card.author),
        series=series,
        parts=queries.parts_of(connection, series.id) if series else (),
        related=queries.related(connection, shown.id, related) if related else (),
        beside=queries.neighbours(connection, shown.id, at),
        comments=section_of(connection, house, subject) if subject and subject.url else None,
    )


def _card(connection: Connection, shown: Shown, at: Any) -> Card:
    """Return the article as this version of it has it, whoever may see it."""
    said, text = fields_in(shown.content), text_in(shown.content)
    cover_id = parse_id(str(shown.content.get("cover") or ""))
    covers = urls(connection, [cover_id]) if cover_id else {}
    return Card(
        id=shown.id,
        title=str(shown.content.get("title") or shown.title),
        url=shown.path or "",
        excerpt=excerpt_of(shown.content),
        at=at,
        changed_at=shown.published_at or at,
        minutes=minutes_for(text),
        cover=covers.get(cover_id) if cover_id else None,
        author=next(iter(queries.named(connection, "author", [said.author])), None),
        categories=queries.named(connection, "category", said.categories),
        tags=queries.named(connection, "tag", said.tags),
        is_featured=said.featured,
        is_pinned=said.pinned,
    )


def _writer(connection: Connection, author: Named | None) -> Writer | None:
    if author is None:
        return None
    columns: tuple[Any, ...] = (ArticleAuthor.bio, ArticleAuthor.image_id, ArticleAuthor.website)
    row = connection.execute(select(*columns).where(ArticleAuthor.id == author.id)).one()
    image = urls(connection, [row.image_id]).get(row.image_id) if row.image_id else None
    return Writer(author, Markup(clean_html(row.bio)), image, row.website)  # noqa: S704 - cleaned


def _head(site: Site, around: _Around, url: str, description: str, full: Callable[[str], str]) -> Markup:
    """Return what networks and search engines read: Open Graph's article, and schema.org's BlogPosting."""
    card = around.card
    facts = [
        ("og:type", "article"),
        ("og:url", url),
        ("og:description", description),
        ("article:published_time", card.at.isoformat()),
        ("article:modified_time", card.changed_at.isoformat()),
        *([("article:author", full(card.author.url))] if card.author else []),
        *(("article:section", one.name) for one in card.categories[:1]),
        *(("article:tag", one.name) for one in card.tags),
    ]
    lines = [Markup('<meta property="{}" content="{}">').format(name, value) for name, value in facts]
    feed = Markup('<link rel="alternate" type="application/atom+xml" title="{}" href="/blog/atom.xml">')
    lines.append(feed.format(site.general.site_name))
    if site.seo.structured_data_enabled:
        lines.append(structured.json_ld(_posting(site, around, url, description, full)))
    return Markup("\n").join(lines)


def _posting(site: Site, around: _Around, url: str, description: str, full: Callable[[str], str]) -> dict[str, Any]:
    card = around.card
    data: dict[str, Any] = {
        "@context": structured.CONTEXT,
        "@type": "BlogPosting",
        "headline": card.title[:110],
        "description": description,
        "url": url,
        "mainEntityOfPage": url,
        "datePublished": card.at.isoformat(),
        "dateModified": card.changed_at.isoformat(),
        "publisher": {"@type": "Organization", "name": site.general.site_name, "url": full("/")},
    }
    if card.author:
        data["author"] = {"@type": "Person", "name": card.author.name, "url": full(card.author.url)}
    if card.cover:
        data["image"] = [full(card.cover.large)]
    if card.categories:
        data["articleSection"] = card.categories[0].name
    if card.tags:
        data["keywords"] = [one.name for one in card.tags]
    return data
