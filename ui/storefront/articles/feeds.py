"""Feeds of the blog: RSS 2.0 and Atom, of all articles, a category, or a tag. Whole, valid, and not sent twice."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import nh3
from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Connection, select

from engine.api.ports import Ports
from engine.api.request import House, public
from engine.api.routing import APIRouter
from engine.content.articles import queries
from engine.content.articles.queries import Card, Wanted
from engine.content.pages import content
from engine.content.pages import queries as pages
from engine.content.pages.loading import Loaded, load
from engine.core.actor import Actor
from engine.core.errors import NotFound
from engine.core.html import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, SAFE_SCHEMES
from engine.core.i18n import Message, _, format_message
from engine.core.paging import PageRequest
from ui.blocks.drawing import Drawing
from ui.blocks.outline import outline
from ui.respond import absolute, frame_of
from ui.storefront.articles.pages import BLOG, TABLES, title_of
from ui.storefront.pages import link_in

router = APIRouter(prefix=BLOG, include_in_schema=False, dependencies=[public])
MOST = 20
ATOM, CONTENT, DC = (
    "http://www.w3.org/2005/Atom",
    "http://purl.org/rss/1.0/modules/content/",
    "http://purl.org/dc/elements/1.1/",
)
TYPES = {"feed.xml": "application/rss+xml", "atom.xml": "application/atom+xml"}
#: What XML 1.0 cannot hold, escaped or not.
_unbearable = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_drawn_only = re.compile(r'<img class="picture-blur"[^>]*>|<source\b[^>]*>')
for prefix, uri in (("atom", ATOM), ("content", CONTENT), ("dc", DC)):
    ET.register_namespace(prefix, uri)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as any format writes it. url: the page that it follows; entries: (article, its HTML or none)."""

    title: str
    description: str
    url: str
    own_url: str
    changed_at: datetime
    language: str
    entries: Sequence[tuple[Card, str]]
    full: Callable[[str], str]


@router.get("/{file}.xml")
async def show_feed(request: Request, file: str, house: House) -> Response:
    """Answer the feed of all articles."""
    return await _answer(request, house, f"{file}.xml", "", "")


@router.get("/{kind}/{slug}/{file}.xml")
async def show_shelf_feed(request: Request, kind: str, slug: str, file: str, house: House) -> Response:
    """Answer the feed of a category or a tag."""
    return await _answer(request, house, f"{file}.xml", kind, slug)


async def _answer(request: Request, house: Ports, file: str, kind: str, slug: str) -> Response:
    if file not in TYPES or (kind and kind not in ("category", "tag")):
        raise NotFound(_("There is no feed at this address. The blog’s own is /blog/feed.xml."))
    read = await house.db.query(_read, house, kind, slug)
    if read is None:
        raise NotFound(_("This part of the blog is not here any more. Its feed ends here."))
    feed = await _feed(request, house, *read)
    body = (rss if file == "feed.xml" else atom)(feed)
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(feed.changed_at.replace(microsecond=0), usegmt=True),
        "Cache-Control": "public, max-age=300",
    }
    if tag in (one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=f"{TYPES[file]}; charset=utf-8", headers=headers)


@dataclass(frozen=True, slots=True)
class _Read:
    cards: Sequence[Card]
    contents: dict[Any, content.PageContent]
    loaded: dict[Any, Loaded]
    changed_at: datetime
    name: str


def _read(connection: Connection, house: Ports, kind: str, slug: str) -> tuple[_Read, str] | None:
    wanted, name, url = Wanted(), "", BLOG
    if kind:
        table = TABLES[kind]
        columns: tuple[Any, ...] = (table.id, table.name)
        row = connection.execute(select(*columns).where(table.slug == slug)).first()
        if row is None:
            return None
        wanted, name, url = Wanted(**{f"{kind}_id": row.id}), row.name, f"{BLOG}/{kind}/{slug}"
    cards = queries.listed(connection, wanted, PageRequest(1, MOST)).items
    shown = pages.published(connection, [card.id for card in cards]) if house.site.blog.feed_length == "full" else {}
    moment = house.moment(Actor.stranger())
    contents = {id_: content.read(one.content, house.blocks) for id_, one in shown.items()}
    loaded = {id_: load(connection, one.blocks, house.blocks, moment) for id_, one in contents.items()}
    changed_at = max((card.changed_at for card in cards), default=queries.last_change(connection))
    return _Read(cards, contents, loaded, changed_at, name), url


async def _feed(request: Request, house: Ports, read: _Read, url: str) -> Feed:
    general, blog = house.site.general, house.site.blog
    frame = await frame_of(request, general.site_name)

    def full(path: str) -> str:
        return absolute(request, path)

    def body_of(card: Card) -> str:
        if card.id not in read.contents:
            return ""
        blocks, loaded = read.contents[card.id].blocks, read.loaded[card.id]
        ranks = outline(blocks, house.blocks, loaded.inside)
        drawing = Drawing(house.blocks, loaded, frame, link_in(request), ranks=ranks)
        return safe_for_feeds(str(drawing.tree(blocks)), full(card.url))

    title = title_of(blog)
    said = format_message(title, general.language) if isinstance(title, Message) else title
    return Feed(
        title=" – ".join(filter(None, (read.name, said, general.site_name))),
        description=blog.description or general.tagline or general.site_name,
        url=full(url),
        own_url=full(request.url.path),
        changed_at=read.changed_at,
        language=general.language,
        entries=[(card, body_of(card)) for card in read.cards],
        full=full,
    )


def safe_for_feeds(html: str, base: str) -> str:
    """Return drawn blocks as readers of feeds take them: plain HTML, every address absolute."""

    def whole(_tag: str, name: str, value: str) -> str:
        return urljoin(base, value) if name in ("href", "src") else value

    return nh3.clean(
        _drawn_only.sub("", html),
        tags=ALLOWED_TAGS | {"h1"},
        attributes={tag: set(names) for tag, names in ALLOWED_ATTRIBUTES.items()},
        url_schemes=SAFE_SCHEMES,
        attribute_filter=whole,
        clean_content_tags={"script", "style", "svg", "form", "iframe", "object"},
        link_rel="noopener noreferrer",
    ).strip()


def rss(feed: Feed) -> bytes:
    """Return the feed as RSS 2.0, with whole articles as `content:encoded`."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _text(channel, "title", feed.title)
    _text(channel, "link", feed.url)
    _text(channel, "description", feed.description)
    _text(channel, "language", feed.language)
    _text(channel, "lastBuildDate", format_datetime(feed.changed_at, usegmt=True))
    ET.SubElement(channel, f"{{{ATOM}}}link", href=feed.own_url, rel="self", type=TYPES["feed.xml"])
    for card, body in feed.entries:
        item = ET.SubElement(channel, "item")
        _text(item, "title", card.title)
        _text(item, "link", feed.full(card.url))
        _text(item, "guid", f"urn:uuid:{card.id}", isPermaLink="false")
        _text(item, "pubDate", format_datetime(card.at, usegmt=True))
        if card.author:
            _text(item, f"{{{DC}}}creator", card.author.name)
        for one in (*card.categories, *card.tags):
            _text(item, "category", one.name)
        _text(item, "description", card.excerpt)
        if body or card.cover:
            _text(item, f"{{{CONTENT}}}encoded", _pictured(card, feed) + body)
    return _bytes(root)


def atom(feed: Feed) -> bytes:
    """Return the feed as Atom 1.0."""
    root = ET.Element(f"{{{ATOM}}}feed", {"xml:lang": feed.language})
    _text(root, f"{{{ATOM}}}id", feed.own_url)
    _text(root, f"{{{ATOM}}}title", feed.title)
    _text(root, f"{{{ATOM}}}subtitle", feed.description)
    _text(root, f"{{{ATOM}}}updated", feed.changed_at.isoformat())
    ET.SubElement(root, f"{{{ATOM}}}link", href=feed.url, rel="alternate", type="text/html")
    ET.SubElement(root, f"{{{ATOM}}}link", href=feed.own_url, rel="self", type=TYPES["atom.xml"])
    for card, body in feed.entries:
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        _text(entry, f"{{{ATOM}}}id", f"urn:uuid:{card.id}")
        _text(entry, f"{{{ATOM}}}title", card.title)
        _text(entry, f"{{{ATOM}}}updated", card.changed_at.isoformat())
        _text(entry, f"{{{ATOM}}}published", card.at.isoformat())
        author = ET.SubElement(entry, f"{{{ATOM}}}author")
        _text(author, f"{{{ATOM}}}name", card.author.name if card.author else feed.title)
        ET.SubElement(entry, f"{{{ATOM}}}link", href=feed.full(card.url), rel="alternate", type="text/html")
        for one in (*card.categories, *card.tags):
            ET.SubElement(entry, f"{{{ATOM}}}category", term=_bearable(one.name))
        _text(entry, f"{{{ATOM}}}summary", card.excerpt)
        if body or card.cover:
            _text(entry, f"{{{ATOM}}}content", _pictured(card, feed) + body, type="html")
    return _bytes(root)


def _pictured(card: Card, feed: Feed) -> str:
    if card.cover is None:
        return ""
    return safe_for_feeds(f'<p><img src="{card.cover.large}" alt=""></p>', feed.full(card.url))


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = _bearable(text)


def _bearable(text: str) -> str:
    return _unbearable.sub("", text)


def _bytes(root: ET.Element) -> bytes:
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body
