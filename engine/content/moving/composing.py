"""An incoming item as a page's content here: its body as blocks, its links and files as those of this site."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from engine.content.moving.gutenberg import body_blocks
from engine.content.moving.incoming import BodyKind, IncomingItem, IncomingKind
from engine.content.moving.nodes import Node
from engine.content.moving.turning import REUSED, WANTED, Made, blocks_of, gallery
from engine.core.html import text_of
from engine.core.i18n import Message

EXCERPT = 1_000
_source = re.compile(r'(<img\b[^>]*?\bsrc=")([^"]*)(")', re.IGNORECASE)
_href = re.compile(r'(<a\b[^>]*?\bhref=")([^"]*)(")', re.IGNORECASE)
_size = re.compile(r"-\d{2,5}x\d{2,5}(\.\w{2,5})$")


@dataclass(frozen=True)
class Places:
    """Where things of the old site stand now. host: the old site's.

    items: link references by old path; files: ids of the library by address; public: a file's address here by id;
    blocks: ids of reusable blocks by their key.
    """

    host: str
    items: Mapping[str, str]
    files: Mapping[str, str]
    public: Mapping[str, str]
    blocks: Mapping[str, str] = field(default_factory=dict)

    def link(self, href: str) -> str:
        """Return a link as it is here: to what was brought in, to a file of the library, or as it was."""
        if href.startswith(("#", "mailto:", "tel:")) or not href.strip():
            return href
        if (file_id := self.file(href)) and file_id in self.public:
            return self.public[file_id]
        try:
            parts = urlsplit(href)
        except ValueError:
            return href
        if parts.hostname and bare(parts.hostname) != self.host:
            return href
        found = self.items.get(path_of(href))
        mark = f"#{parts.fragment}" if parts.fragment else ""
        if found:
            return found + mark
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "") + mark if parts.hostname else href

    def file(self, address: str) -> str:
        """Return the id of a file by its address, or that of the whole picture that a size of it was made from."""
        if not address:
            return ""
        clean = address.split("?", 1)[0]
        for one in (address, clean, _size.sub(r"\1", clean), clean.rpartition("/")[2]):
            if one in self.files:
                return self.files[one]
        return ""


def whole_size(address: str) -> str:
    """Return the address of the whole picture that WordPress made a size of."""
    return _size.sub(r"\1", address.split("?", 1)[0])


def bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def path_of(address: str) -> str:
    """Return the path of an address as places are looked up by: without a slash at its end, with `?p=7`."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    path = unquote(parts.path).rstrip("/") or "/"
    return f"{path}?{parts.query}" if parts.query and re.fullmatch(r"(p|page_id)=\d+", parts.query) else path


def reused_in(blocks: Any) -> Iterator[str]:
    """Yield the keys of the reusable blocks that an item shows."""
    if isinstance(blocks, dict):
        for one in blocks.values():
            yield from reused_in(one)
    elif isinstance(blocks, list):
        for one in blocks:
            yield from reused_in(one)
    elif isinstance(blocks, str) and blocks.startswith(REUSED):
        yield blocks.removeprefix(REUSED)


def turned(item: IncomingItem, report: Callable[[Message], None], known: Callable[[str], bool]) -> list[Made]:
    """Return an item's body as blocks, with the files that it names still wanted."""
    if item.body_kind is BodyKind.WORDPRESS:
        made = body_blocks(item.body, report, known)
    else:
        made = blocks_of(item.body, report)
    if item.pictures:
        made.append(gallery([Node("img", {"src": one}) for one in item.pictures]))
    return made


def wanted_files(item: IncomingItem, blocks: list[Made]) -> list[str]:
    """Return the addresses of the files that an item shows, each once."""
    found: dict[str, None] = {}
    if item.cover:
        found[item.cover if not item.cover.isdigit() else f"#{item.cover}"] = None

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for one in value.values():
                walk(one)
        elif isinstance(value, list):
            for one in value:
                walk(one)
        elif isinstance(value, str):
            if value.startswith(WANTED):
                found[value.removeprefix(WANTED)] = None
            elif "<img" in value:
                found.update(dict.fromkeys(address for _start, address, _end in _source.findall(value)))

    walk(blocks)
    return [address for address in found if address]


def content_of(item: IncomingItem, blocks: list[Made], places: Places, article: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item's content as JSON, as `content.read` takes it."""
    cover = places.file(f"#{item.cover}" if item.cover.isdigit() else item.cover)
    made: dict[str, Any] = {
        "title": text_of(item.title)[:200],
        "excerpt": text_of(item.excerpt)[:EXCERPT],
        "cover": cover,
        "seoTitle": text_of(item.seo_title)[:200],
        "seoDescription": text_of(item.seo_description)[:400],
        "blocks": _resolved(blocks, places),
    }
    if item.kind is IncomingKind.ARTICLE:
        made["article"] = dict(article)
    elif item.kind is IncomingKind.PAGE and item.comments and item.allows_comments:
        made["comments"] = True
    return {name: value for name, value in made.items() if value not in ("", {})}


def _resolved(value: Any, places: Places, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _resolved(one, places, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_resolved(one, places) for one in value]
    return _text_resolved(value, places, name) if isinstance(value, str) else value


def _text_resolved(value: str, places: Places, name: str) -> str:
    if value.startswith(WANTED):
        return places.file(value.removeprefix(WANTED))
    if value.startswith(REUSED):
        return places.blocks.get(value.removeprefix(REUSED), "")
    if name.lower().endswith("href"):
        return places.link(value)
    if "<a" in value or "<img" in value:
        value = _href.sub(lambda found: found[1] + places.link(found[2]).replace("&amp;", "&") + found[3], value)
        value = _source.sub(lambda found: found[1] + _picture(found[2], places) + found[3], value)
    return value


def _picture(address: str, places: Places) -> str:
    return places.public.get(places.file(address), address)
