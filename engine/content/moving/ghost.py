"""Ghost's JSON export (versions 1 to 5): posts, pages, tags, authors.

Source: Ghost's `data` tables. `html` is what Ghost itself drew of its cards; it is taken where it is there.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from engine.content.moving.incoming import (
    BodyKind,
    Incoming,
    IncomingAuthor,
    IncomingItem,
    IncomingKind,
    IncomingStatus,
    IncomingTerm,
)
from engine.content.moving.marked import html_of_markdown
from engine.core.errors import Invalid
from engine.core.i18n import _

STATUSES: Mapping[str, IncomingStatus] = {
    "published": IncomingStatus.PUBLISHED,
    "scheduled": IncomingStatus.SCHEDULED,
    "draft": IncomingStatus.DRAFT,
}
#: What Ghost writes in place of the site's own address.
OWN = "__GHOST_URL__"
Row = Mapping[str, Any]


def read(data: bytes, filename: str = "") -> Incoming:
    """Return what a Ghost export holds. Raises Invalid with the line and the reason for what is no such export."""
    tables = _tables(data, filename)
    settings = {str(row.get("key")): row.get("value") for row in tables("settings")}
    address = str(settings.get("url") or "").rstrip("/")
    found = Incoming(f"ghost:{settings.get('title') or filename}"[:120], str(settings.get("title") or ""), address)
    for row in tables("users"):
        found.authors.append(
            IncomingAuthor(
                _key(row), _line(row, "name"), _line(row, "email"), _line(row, "bio"), _own(row, "profile_image")
            )
        )
    internal = set()
    for row in tables("tags"):
        if _line(row, "name").startswith("#") or row.get("visibility") == "internal":
            internal.add(_key(row))
            continue
        found.tags.append(IncomingTerm(_key(row), _line(row, "name"), _line(row, "slug"), _line(row, "description")))
    if internal:
        found.report("", _("{count} internal tags are left out.").having(count=len(internal)))
    tags, authors = _linked(tables("posts_tags"), "tag_id"), _linked(tables("posts_authors"), "author_id")
    meta = {str(row.get("post_id")): row for row in tables("posts_meta")}
    for row in tables("posts"):
        key = _key(row)
        found.items.append(
            _item(row, meta.get(key, {}), [one for one in tags[key] if one not in internal], authors[key], found)
        )
    return found


def _tables(data: bytes, filename: str) -> Any:
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        message = _("{file}, line {line}: this is not JSON. In Ghost: Settings, Labs, Export.").having(
            file=filename or _("The file"), line=line
        )
        raise Invalid(message, {"file": message}) from None
    held = whole.get("db") if isinstance(whole, dict) else None
    first = held[0] if isinstance(held, list) and held else whole
    tables = first.get("data") if isinstance(first, dict) else None
    if not isinstance(tables, dict) or not isinstance(tables.get("posts"), list):
        message = _("This is not a Ghost export: it has no posts. In Ghost: Settings, Labs, Export.")
        raise Invalid(message, {"file": message})

    def rows(name: str) -> Sequence[Row]:
        return [row for row in tables.get(name) or () if isinstance(row, dict)]

    return rows


def _item(row: Row, meta: Row, tags: Sequence[str], authors: Sequence[str], found: Incoming) -> IncomingItem:
    is_page = row.get("type") == "page" or row.get("page") in (1, True)
    title = _line(row, "title")
    status = STATUSES.get(_line(row, "status"), IncomingStatus.DRAFT)
    if _line(row, "visibility") not in ("", "public"):
        found.report(title, _("It was for members only, and comes in as a draft."))
        status = IncomingStatus.DRAFT
    if row.get("codeinjection_head") or row.get("codeinjection_foot"):
        found.report(title, _("Its injected code is left out."))
    slug = _line(row, "slug")
    return IncomingItem(
        key=_key(row),
        kind=IncomingKind.PAGE if is_page else IncomingKind.ARTICLE,
        title=title,
        body=_body(row, title, found).replace(OWN, ""),
        body_kind=BodyKind.HTML,
        slug=slug,
        address=f"/{slug}/",
        excerpt=_line(row, "custom_excerpt"),
        status=status,
        published_at=_moment(row.get("published_at")),
        author_keys=tuple(authors) or tuple(filter(None, [_line(row, "author_id")])),
        tag_keys=tuple(tags),
        cover=_own(row, "feature_image"),
        is_featured=bool(row.get("featured")),
        seo_title=_line(row, "meta_title") or _line(meta, "meta_title"),
        seo_description=_line(row, "meta_description") or _line(meta, "meta_description"),
    )


def _body(row: Row, title: str, found: Incoming) -> str:
    if html := _line(row, "html"):
        return html
    try:
        cards = json.loads(_line(row, "mobiledoc") or "{}").get("cards", [])
    except (ValueError, AttributeError, RecursionError):
        cards = []
    written = [html_of_markdown(str(card[1].get("markdown", ""))) for card in cards if _is_markdown(card)]
    if not written and (row.get("mobiledoc") or row.get("lexical")):
        found.report(
            title, _("Its text is in a form that Ghost alone can draw. Publish it in Ghost once, and export again.")
        )
    return "\n".join(written)


def _is_markdown(card: Any) -> bool:
    return isinstance(card, list) and len(card) == 2 and isinstance(card[1], dict) and "markdown" in card[1]


def _linked(rows: Sequence[Row], name: str) -> Mapping[str, Sequence[str]]:
    """Return what each post is linked to, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: one.get("sort_order") or 0):
        found[str(row.get("post_id"))].append(str(row.get(name)))
    return found


def _key(row: Row) -> str:
    return str(row.get("id") or row.get("uuid") or row.get("slug"))


def _line(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def _own(row: Row, name: str) -> str:
    return _line(row, name).replace(OWN, "")


def _moment(value: Any) -> datetime | None:
    """Return a date of Ghost's: ISO 8601, `2018-09-22 10:00:00`, or milliseconds."""
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value / 1000, UTC)
        found = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
