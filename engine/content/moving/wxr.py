"""WordPress eXtended RSS (WXR 1.0 to 1.2): read item by item, so that memory does not grow with the site.

Source: WordPress/wordpress-importer, whose parsers accept the same files. A document type is refused before anything
of it is expanded: exports have none, and bombs are made of it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element
from xml.parsers import expat

from engine.content.moving.elements import elements_in
from engine.content.moving.incoming import (
    BodyKind,
    Incoming,
    IncomingAuthor,
    IncomingComment,
    IncomingFile,
    IncomingItem,
    IncomingKind,
    IncomingMenu,
    IncomingMenuItem,
    IncomingStatus,
    IncomingTerm,
)
from engine.core.errors import Invalid
from engine.core.html import text_of
from engine.core.i18n import _

KNOWN_VERSIONS = ("1.0", "1.1", "1.2")
STATUSES: Mapping[str, IncomingStatus] = {
    "publish": IncomingStatus.PUBLISHED,
    "future": IncomingStatus.SCHEDULED,
    "draft": IncomingStatus.DRAFT,
    "pending": IncomingStatus.REVIEW,
    "private": IncomingStatus.PRIVATE,
}
ITEMS: Mapping[str, IncomingKind] = {
    "post": IncomingKind.ARTICLE,
    "page": IncomingKind.PAGE,
    "wp_block": IncomingKind.BLOCK,
}
#: Taxonomies that are no words about a thing, and those that have a place of their own.
NO_TAGS = frozenset(("category", "post_tag", "tag", "nav_menu", "post_format", "link_category", "wp_theme",
                     "wp_template_part_area", "wp_pattern_category"))  # fmt: skip
#: Of WordPress itself, and of nobody's concern elsewhere.
MACHINERY = frozenset((
    "revision", "custom_css", "customize_changeset", "oembed_cache", "user_request", "wp_global_styles",
    "wp_navigation", "wp_template", "wp_template_part",
))  # fmt: skip


def read(data: bytes, filename: str = "") -> Incoming:
    """Return what a WordPress export holds.

    Raises Invalid with the line and the reason for what is no such export; then nothing of it is used.
    """
    reader = _Reader(Incoming("wordpress"))
    try:
        for name, element, line in elements_in(BytesIO(data), "channel", "rss"):
            reader.take(name, element, line)
    except expat.ExpatError as error:
        message = _("{file}, line {line}: this is not well-formed XML ({reason}). Export it again.").having(
            file=filename or _("The file"), line=error.lineno, reason=expat.errors.messages[error.code]
        )
        raise Invalid(message, {"file": message}) from None
    if reader.version not in KNOWN_VERSIONS:
        message = (
            _("This is not a WordPress export: it names no WXR version. In WordPress: Tools, Export.")
            if not reader.version
            else _("WXR version “{version}” is not known: 1.0, 1.1 and 1.2 are. Export it again.").having(
                version=reader.version[:20]
            )
        )
        raise Invalid(message, {"file": message})
    return reader.finished()


class _Reader:
    def __init__(self, found: Incoming) -> None:
        self.found = found
        self.version = ""
        self.menus: dict[str, list[IncomingMenuItem]] = defaultdict(list)
        self.menu_names: dict[str, str] = {}
        self.term_slugs: dict[str, str] = {}
        self.left: dict[str, int] = defaultdict(int)
        #: Of taxonomies of the site's own: name by `taxonomy:slug`.
        self.words: dict[str, str] = {}

    def take(self, name: str, element: Element, line: int) -> None:
        if name == "wxr_version":
            self.version = _text(element)
        elif name == "title":
            self.found.title = _text(element)
        elif name == "pubDate":
            self.found.exported_at = _moment("", _text(element), "")
        elif name in ("base_blog_url", "link") and not self.found.address:
            self.found.address = _text(element).rstrip("/")
        elif name == "author":
            self.author(element)
        elif name in ("category", "tag", "term"):
            self.term(name, element)
        elif name == "item":
            self.item(element, line)

    def author(self, element: Element) -> None:
        of = _children(element)
        login = of("author_login")
        if login:
            name = of("author_display_name") or f"{of('author_first_name')} {of('author_last_name')}".strip() or login
            self.found.authors.append(IncomingAuthor(login, name, of("author_email")))

    def term(self, name: str, element: Element) -> None:
        of = _children(element)
        kind = of("term_taxonomy") or {"category": "category", "tag": "post_tag"}.get(name, "")
        slug = unquote(of("category_nicename") or of("tag_slug") or of("term_slug"))
        named = of("cat_name") or of("tag_name") or of("term_name") or slug
        parent = of("category_parent") or of("term_parent")
        words = of("category_description") or of("tag_description") or of("term_description")
        term = IncomingTerm(slug, named, slug, words, unquote(parent))
        self.term_slugs[of("term_id")] = slug
        if kind == "category" and slug:
            self.found.categories.append(term)
        elif kind == "post_tag" and slug:
            self.found.tags.append(term)
        elif kind == "nav_menu":
            self.menu_names[slug] = named
        elif kind and kind not in NO_TAGS and slug:
            self.word(kind, slug, named, words)

    def word(self, taxonomy: str, slug: str, name: str, description: str = "") -> str:
        """Take a word of a taxonomy that is the site's own for a tag; return its key."""
        key = f"{taxonomy}:{slug}"
        if key not in self.words:
            self.words[key] = name
            self.found.tags.append(IncomingTerm(key, name, slug, description))
        return key

    def item(self, element: Element, line: int) -> None:
        of = _children(element)
        kind, status = of("post_type") or "post", of("status")
        if kind == "attachment":
            self.file(element)
        elif kind == "nav_menu_item":
            self.menu_item(element)
        elif kind in MACHINERY or status in ("trash", "auto-draft", "inherit"):
            self.left[f"{kind} ({status})" if status == "trash" else kind] += 1
        elif status not in STATUSES and status:
            self.found.report(
                of("title"), _("It is left out: its state “{state}” is not known.").having(state=status), line
            )
        else:
            self.written(element, kind, line)

    def written(self, element: Element, kind: str, line: int) -> None:
        of, meta = _children(element), _meta(element)
        title = text_of(of("title"))
        if kind not in ITEMS:
            self.found.report(
                title, _("It is of the kind “{kind}”, and becomes an article.").having(kind=kind[:40]), line
            )
        key = of("post_id") or of("link") or f"line-{line}"
        published = _moment(of("post_date_gmt"), of("pubDate"), of("post_date"))
        self.found.items.append(
            IncomingItem(
                key=key,
                kind=ITEMS.get(kind, IncomingKind.ARTICLE),
                title=title,
                body=of("content:encoded"),
                body_kind=BodyKind.WORDPRESS,
                slug=unquote(of("post_name")),
                address=of("link"),
                old_paths=tuple(_old_paths(of("guid"), key)),
                excerpt=text_of(of("excerpt:encoded")),
                status=STATUSES.get(of("status"), IncomingStatus.DRAFT),
                published_at=published,
                parent_key=of("post_parent") if of("post_parent") not in ("", "0") else "",
                position=_number(of("menu_order")),
                author_keys=tuple(filter(None, (of("creator").lstrip(">"),))),
                category_keys=tuple(_terms(element, "category")),
                tag_keys=(*_terms(element, "post_tag", "tag"), *self.own_words(element)),
                cover=meta.get("_thumbnail_id", ""),
                password=of("post_password"),
                is_featured=of("is_sticky") == "1",
                allows_comments=of("comment_status") != "closed",
                seo_title=meta.get("_yoast_wpseo_title", ""),
                seo_description=meta.get("_yoast_wpseo_metadesc", ""),
                comments=tuple(self.comments(element, title)),
                line=line,
            )
        )

    def own_words(self, element: Element) -> Iterator[str]:
        """Yield the keys of an item's words of taxonomies of its own."""
        for child in element:
            taxonomy, slug = child.get("domain") or "", unquote(child.get("nicename") or "")
            if _local(child) == "category" and slug and taxonomy and taxonomy not in NO_TAGS:
                yield self.word(taxonomy, slug, _text(child) or slug)

    def comments(self, element: Element, title: str) -> Iterator[IncomingComment]:
        for child in element:
            if _local(child) != "comment":
                continue
            of = _children(child)
            kind, approved = of("comment_type") or "comment", of("comment_approved")
            if kind != "comment" or approved in ("spam", "trash"):
                self.left["pingback" if kind != "comment" else f"comment ({approved})"] += 1
                continue
            parent = of("comment_parent")
            yield IncomingComment(
                of("comment_id"),
                of("comment_author"),
                of("comment_author_email"),
                of("comment_content"),
                _moment(of("comment_date_gmt"), "", of("comment_date")),
                "" if parent == "0" else parent,
                approved == "1",
            )

    def file(self, element: Element) -> None:
        of, meta = _children(element), _meta(element)
        address = of("attachment_url") or of("guid")
        if address:
            alt = meta.get("_wp_attachment_image_alt", "")
            self.found.files.append(IncomingFile(of("post_id"), address, text_of(of("title")), alt))

    def menu_item(self, element: Element) -> None:
        of, meta = _children(element), _meta(element)
        menu = next(_terms(element, "nav_menu"), "menu")
        kind, object_id = meta.get("_menu_item_type", ""), meta.get("_menu_item_object_id", "")
        is_term = kind == "taxonomy"
        parent = meta.get("_menu_item_menu_item_parent", "")
        self.menus[menu].append(
            IncomingMenuItem(
                of("post_id"),
                text_of(of("title")),
                meta.get("_menu_item_url", "") if kind == "custom" else "",
                object_id if kind == "post_type" else "",
                object_id if is_term else "",
                "" if parent == "0" else parent,
                _number(of("menu_order")),
            )
        )

    def finished(self) -> Incoming:
        # Two sites of one host (example.org/one, example.org/two) count their posts each from 1.
        place = urlsplit(self.found.address)
        self.found.source = f"wordpress:{place.hostname or ''}{place.path.rstrip('/')}"[:160]
        for slug, items in self.menus.items():
            known = [replace(one, term_key=self.term_slugs.get(one.term_key, "")) for one in items]
            ordered = sorted(known, key=lambda item: item.position)
            self.found.menus.append(IncomingMenu(slug, self.menu_names.get(slug, slug), ordered))
        named = {author.key for author in self.found.authors}
        for login in sorted({key for item in self.found.items for key in item.author_keys} - named):
            self.found.authors.append(IncomingAuthor(login, login))
        for taxonomy, names in sorted(self.taxonomies().items()):
            message = _("The words of “{taxonomy}” are tags here: {names}.")
            self.found.report("", message.having(taxonomy=taxonomy[:40], names=", ".join(names)[:300]))
        for kind, count in sorted(self.left.items()):
            message = _("{count} of the kind “{kind}” are left out: Agora has no place for them.")
            self.found.report("", message.having(count=count, kind=kind))
        return self.found

    def taxonomies(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key, name in self.words.items():
            found[key.partition(":")[0]].append(name)
        return found


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _qualified(element: Element) -> str:
    """Return `content:encoded` for what two namespaces call the same, else the local name."""
    space, _mark, name = element.tag.rpartition("}")
    if name != "encoded":
        return name
    return "content:encoded" if "content" in space else "excerpt:encoded"


class _children:  # noqa: N801 - reads as a function
    """The texts of an element's children by name; of several, the first."""

    def __init__(self, element: Element) -> None:
        self.texts: dict[str, str] = {}
        for child in element:
            self.texts.setdefault(_qualified(child), child.text or "")

    def __call__(self, name: str) -> str:
        text = self.texts.get(name, "")
        return text if name.endswith("encoded") else text.strip()


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _meta(element: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in element:
        if _local(child) == "postmeta":
            of = _children(child)
            found.setdefault(of("meta_key"), of("meta_value"))
    return found


def _terms(element: Element, *domains: str) -> Iterator[str]:
    """Yield the slugs of an item's terms. WXR 1.0 writes each twice, once without its slug."""
    seen = set()
    for child in element:
        if _local(child) != "category" or child.get("domain") not in domains:
            continue
        slug = unquote(child.get("nicename") or "")
        if slug and slug not in seen:
            seen.add(slug)
            yield slug


def _moment(utc: str, rss: str, local: str) -> datetime | None:
    """Return when something happened: by its UTC date, else RSS's, else the local one taken for UTC."""
    for text in (utc, local):
        if text and not text.startswith("0000"):
            try:
                return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
            except ValueError:
                continue
    try:
        found = parsedate_to_datetime(rss)
        return found.astimezone(UTC) if found.tzinfo and 1970 < found.year < 9000 else None
    except (ValueError, TypeError, OverflowError):
        return None


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else 0


def _old_paths(guid: str, key: str) -> Iterator[str]:
    """Yield other addresses of an item on its site: those by number."""
    if key.isdigit():
        yield f"/?p={key}"
    parts = urlsplit(guid) if guid.startswith("http") else None
    if parts is not None and parts.path not in ("", "/"):
        yield parts.path
