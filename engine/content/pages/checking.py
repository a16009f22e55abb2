"""Looking a page over before it is published: what visitors would stumble over, named block by block."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from sqlalchemy import Connection

from engine.content.pages.content import PageContent
from engine.content.pages.loading import load
from engine.content.pages.models import PageKind
from engine.content.pages.paths import RESERVED
from engine.core.blocks.declaring import Block, Book, Moment
from engine.core.blocks.tree import Node, walk
from engine.core.html import text_of
from engine.core.i18n import Message, _
from engine.core.linking import Links, is_address
from engine.core.site import Theme
from engine.media.public import MediaUrls

_heading = re.compile(r"<h([2-6])\b", re.IGNORECASE)
_href = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"[^>]*>(.*?)</a>', re.IGNORECASE | re.DOTALL)
_picture = re.compile(r"<img\b(?![^>]*\balt=)[^>]*>", re.IGNORECASE)


class Level(StrEnum):
    """An error is something broken; a warning could be better; an info is for a person to judge."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to mend. block_id: empty for the page itself; setting: the wire name, where one is meant."""

    level: Level
    message: Message
    block_id: str = ""
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the house knows about a page's pictures and links. broken: links that lead nowhere, and why."""

    pictures: Mapping[str, MediaUrls] = field(default_factory=dict)
    broken: Mapping[str, Message] = field(default_factory=dict)


#: Says where a tree's text is read badly on its backgrounds, by the site's theme. Pages are drawn above this house.
Contrast = Callable[[Sequence[Node], Book, Theme], Sequence[Remark]]


def look_over(
    connection: Connection,
    kind: PageKind,
    written: PageContent,
    book: Book,
    moment: Moment,
    theme: Theme,
    contrast: Contrast,
) -> list[Remark]:
    """Return all that is to mend on a page: the broken before what could be better, each in the order of the page."""
    loaded = load(connection, written.blocks, book, moment)
    broken = broken_links(connection, moment.links, sorted(links_in(written, book)))
    found = check(written, book, Known(loaded.pictures, broken))
    if kind is not PageKind.ARTICLE:  # a sheet of paper has one ground
        found += contrast(written.blocks, book, theme)
    return sorted(found, key=lambda one: list(Level).index(one.level))


def links_in(written: PageContent, book: Book) -> set[str]:
    """Return every link of a page, those within its texts too."""
    return {href for node, block in _shown(written, book) for _setting, href, _words in _links_of(node, block) if href}


def broken_links(connection: Connection, links: Links, hrefs: Sequence[str]) -> dict[str, Message]:
    """Return those that lead nowhere on this site, with the reason. Other sites are not asked."""
    places, found = links.places(connection, hrefs), dict[str, Message]()
    for href in hrefs:
        if href.startswith("/"):
            path = urlsplit(href).path
            is_ours = path == "/" or path.split("/")[1] in RESERVED
            if not is_ours and links.at(connection, path) is None:
                found[href] = _("{link} leads to no page of this site.").having(link=href[:80])
        elif not is_address(href):
            place = places.get(href)
            if place is None:
                found[href] = _("It leads to something that is gone.")
            elif not place.is_public:
                found[href] = _("“{title}” is not published: visitors cannot follow this link.").having(
                    title=place.title
                )
    return found


def check(written: PageContent, book: Book, known: Known) -> list[Remark]:
    """Return what to mend, in the order of the page."""
    found = list(_page(written))
    shown = list(_shown(written, book))
    for node, block in shown:
        found += _pictures(node, block, known)
        found += _link_remarks(node, block, known)
        found += _empty(node, block)
    return found + list(_outline(node for node, _block in shown))


def _page(written: PageContent) -> Iterator[Remark]:
    if not written.blocks:
        yield Remark(Level.WARNING, _("The page is empty: visitors see its title alone."))
    if not written.fields.seo_description and not written.fields.excerpt:
        message = _("Search engines will show the first words. Write a sentence or two for them.")
        yield Remark(Level.WARNING, message, setting="seoDescription")


def _shown(written: PageContent, book: Book) -> Iterator[tuple[Node, Block]]:
    for node in walk(written.blocks):
        if node.settings is not None and not node.is_hidden and node.type in book:
            yield node, book[node.type]


def _wire(node: Node, name: str) -> str:
    assert node.settings is not None  # noqa: S101 - only known blocks are looked at
    return type(node.settings).model_fields[name].alias or name


def _pictures(node: Node, block: Block, known: Known) -> Iterator[Remark]:
    for name in block.fields_of("image"):
        media_id = getattr(node.settings, name)
        if not media_id:
            continue
        picture = known.pictures.get(media_id)
        if picture is None:
            message = _("The picture is not in the library any more. Choose another.")
            yield Remark(Level.ERROR, message, node.id, _wire(node, name))
        elif not (picture.alt or picture.is_decorative or getattr(node.settings, "alt", "")):
            message = _("Say what the picture shows, for people who do not see it; or mark it as decorative.")
            yield Remark(Level.WARNING, message, node.id, "alt" if hasattr(node.settings, "alt") else _wire(node, name))
    for name in block.fields_of("richtext"):
        if _picture.search(getattr(node.settings, name)):
            message = _("A picture in the text has no description for people who do not see it.")
            yield Remark(Level.WARNING, message, node.id, _wire(node, name))


def _links_of(node: Node, block: Block) -> Iterator[tuple[str, str, str | None]]:
    """Yield (setting, link, words): words None where other settings bear them."""
    for name in block.fields_of("href"):
        yield _wire(node, name), getattr(node.settings, name), None
    for name in block.fields_of("richtext"):
        for href, words in _href.findall(getattr(node.settings, name)):
            yield _wire(node, name), href, text_of(words) or ("picture" if "<img" in words.lower() else "")


def _link_remarks(node: Node, block: Block, known: Known) -> Iterator[Remark]:
    for setting, href, words in _links_of(node, block):
        if href in known.broken:
            yield Remark(Level.ERROR, known.broken[href], node.id, setting)
        if words == "":
            yield Remark(Level.WARNING, _("A link in the text has no words to click on."), node.id, setting)
    for name in block.fields_of("href"):
        own = name.removesuffix("href") + "label"
        label, href = getattr(node.settings, own, None), getattr(node.settings, name)
        if label and not href:
            yield Remark(Level.ERROR, _("The button leads nowhere yet."), node.id, _wire(node, name))
        elif href and label == "":
            yield Remark(Level.ERROR, _("The button has no words."), node.id, _wire(node, own))


def _empty(node: Node, _block: Block) -> Iterator[Remark]:
    if node.type == "heading" and not getattr(node.settings, "text", ""):
        yield Remark(Level.WARNING, _("The heading is empty."), node.id, "text")
    if node.type == "image" and not getattr(node.settings, "image", ""):
        yield Remark(Level.WARNING, _("No picture is chosen."), node.id, "image")


def _outline(nodes: Iterator[Node]) -> Iterator[Remark]:
    """Name headings that skip a level, and a second main heading."""
    level, heroes = 1, 0
    for node in nodes:
        if node.type == "hero":
            heroes += 1
            if heroes > 1:
                yield Remark(Level.WARNING, _("A page has one main heading; this is another."), node.id)
            level = 1
        for found in _levels(node):
            if found > level + 1:
                message = _("The heading skips a level: {found} comes after {level}.").having(found=found, level=level)
                yield Remark(Level.WARNING, message, node.id, "level" if node.type == "heading" else "")
            level = found


def _levels(node: Node) -> list[int]:
    if node.type == "heading":
        return [int(getattr(node.settings, "level", 2))]
    if node.type != "text":
        return []
    return [int(found) for found in _heading.findall(str(getattr(node.settings, "text", "")))]
