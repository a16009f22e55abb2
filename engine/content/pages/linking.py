"""What links can lead to among pages and articles, and their addresses for search engines."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, func, or_, select

from engine.content.pages.facts import PAGE_FACTS
from engine.content.pages.models import Page, PageKind, PageMedia, PageStatus, PageVersion, PageVisibility
from engine.content.pages.paths import FRONT
from engine.core.html import text_of
from engine.core.i18n import Message, _
from engine.core.linking import Address, Addresses, LinkKind, LinkPlace, fixed_places, reference_to
from engine.core.subjects import Subject, SubjectKind
from engine.media import public as media

#: So many pages are listed at once, and so many read.
BATCH, READ = 2_000, 200
MOST_IMAGES = 10
MAX_LINE = 200
_uuid = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_STATES: Mapping[PageStatus, Message] = {PageStatus.REVIEW: _("In review"), PageStatus.ARCHIVED: _("Archived")}


def _pages(kind: PageKind) -> Select[UUID, str, str | None, PageStatus, UUID | None]:
    columns = (Page.id, Page.title, Page.path, Page.status, Page.published_version_id)
    return select(*columns).where(Page.kind == kind, Page.path.is_not(None))


def _place(kind: PageKind, row: Any) -> LinkPlace:
    is_public = row.published_version_id is not None
    note = "" if is_public else _STATES.get(row.status, _("Draft"))
    return LinkPlace(reference_to(kind, row.id), row.title, row.path, is_public, note)


def _find(kind: PageKind, connection: Connection, words: str, limit: int) -> Sequence[LinkPlace]:
    statement = _pages(kind).where(Page.status != PageStatus.ARCHIVED)
    if words:
        folded = func.lower(Page.title)
        statement = statement.where(folded.contains(words.lower(), autoescape=True)).order_by(
            folded.startswith(words.lower(), autoescape=True).desc(), Page.path
        )
    else:
        statement = statement.order_by(Page.updated_at.desc(), Page.id)
    return [_place(kind, row) for row in connection.execute(statement.limit(limit))]


def _places(kind: PageKind, connection: Connection, ids: Sequence[UUID]) -> Mapping[UUID, LinkPlace]:
    return {row.id: _place(kind, row) for row in connection.execute(_pages(kind).where(Page.id.in_(ids)))}


def _at(kind: PageKind, connection: Connection, path: str) -> LinkPlace | None:
    row = connection.execute(_pages(kind).where(Page.path == path)).first()
    return _place(kind, row) if row else None


def _subjects(connection: Connection, ids: Sequence[UUID]) -> Mapping[UUID, Subject]:
    version = PageVersion
    columns = (Page.id, Page.title, Page.path, Page.first_published_at, version.content["comments"].as_boolean())
    statement = select(*columns).outerjoin(version, version.id == Page.published_version_id)
    rows = connection.execute(statement.where(Page.kind == PageKind.PAGE, Page.id.in_(ids), Page.path.is_not(None)))
    return {
        id_: Subject(str(PageKind.PAGE), id_, title, path if since else "", since, takes_comments=bool(is_open))
        for id_, title, path, since, is_open in rows
    }


#: Pages take comments where their writer lets them.
SUBJECT = SubjectKind(str(PageKind.PAGE), _("Page"), _subjects, admin_url=lambda id_: f"/admin/builder/{id_}")


def _mapped(kind: PageKind) -> ColumnElement[bool]:
    """What search engines may know: published, for everybody, and not kept from them by its writer."""
    is_indexed = PageVersion.content["isIndexed"].as_boolean()
    return (
        (Page.kind == kind)
        & Page.path.is_not(None)
        & (Page.path != FRONT)
        & (Page.visibility == PageVisibility.PUBLIC)
        & or_(is_indexed.is_(None), is_indexed.is_(True))
    )


def _seen(kind: PageKind) -> Select[Any]:
    columns = (Page.id, Page.title, Page.path, Page.published_at, PageVersion.content)
    return select(*columns).join(PageVersion, PageVersion.id == Page.published_version_id).where(_mapped(kind))


def _count(kind: PageKind, connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(_seen(kind).subquery())) or 0


def _part(kind: PageKind, connection: Connection, offset: int, limit: int) -> Iterator[Address]:
    """Yield addresses in the order of their ids, some hundred read at a time.

    What is written in a page is read only where there are pictures in it, and never taken apart.
    """
    columns = (Page.id, Page.path, Page.published_at)
    joined = select(*columns).join(PageVersion, PageVersion.id == Page.published_version_id)
    statement = joined.where(_mapped(kind)).order_by(Page.id)
    rows = connection.execute(statement.offset(offset).limit(min(limit, BATCH))).all()
    while rows:
        pictures = _pictures(connection, rows[0].id, rows[-1].id)
        for id_, path, published_at in rows:
            yield Address(path or FRONT, published_at, pictures.get(id_, ()))
        limit -= len(rows)
        rows = connection.execute(statement.where(Page.id > rows[-1].id).limit(min(limit, BATCH))).all()


def _pictures(connection: Connection, first: UUID, last: UUID) -> Mapping[UUID, Sequence[str]]:
    """Return the addresses of the pictures that visitors see on pages from one id to another."""
    asked = select(PageMedia.page_id).where(PageMedia.page_id.between(first, last)).distinct()
    with_some = connection.scalars(asked).all()
    written = select(Page.id, cast(PageVersion.content, Text)).join(
        PageVersion, PageVersion.id == Page.published_version_id
    )
    found: dict[UUID, Sequence[str]] = {}
    for start in range(0, len(with_some), READ):
        rows = connection.execute(written.where(Page.id.in_(with_some[start : start + READ]))).all()
        named = {id_: [UUID(one) for one in dict.fromkeys(_uuid.findall(text))] for id_, text in rows}
        urls = media.urls(connection, {one for every in named.values() for one in every})
        for id_, every in named.items():
            found[id_] = [urls[one].large for one in every if one in urls][:MOST_IMAGES]
    return found


def _front(connection: Connection, offset: int, _limit: int) -> Iterator[Address]:
    """Yield the front page, whoever made it; a built one has its own time and pictures."""
    if offset == 0:
        changed = connection.scalar(select(Page.published_at).where(Page.path == FRONT))
        yield Address(FRONT, changed)


def _titled(kind: PageKind, connection: Connection, limit: int) -> Sequence[tuple[str, str, str]]:
    order = (Page.published_at.desc(),) if kind is PageKind.ARTICLE else (Page.path,)
    rows = connection.execute(_seen(kind).order_by(*order, Page.id).limit(limit))
    found = []
    for row in rows:
        text = row.content.get("seoDescription") or row.content.get("excerpt") or ""
        found.append((row.title, row.path, text_of(text, MAX_LINE)))
    return found


def _target(kind: PageKind, label: Message, plural: Message) -> LinkKind:
    find, places, at = partial(_find, kind), partial(_places, kind), partial(_at, kind)
    return LinkKind(kind, label, plural, "file-text", find, places, at, PAGE_FACTS, rank=1)


def _addresses(key: str, kind: PageKind, label: Message) -> Addresses:
    return Addresses(key, label, partial(_count, kind), partial(_part, kind), partial(_titled, kind))


LINK_TARGETS = (
    _target(PageKind.PAGE, _("Page"), _("Pages")),
    _target(PageKind.ARTICLE, _("Article"), _("Articles")),
    fixed_places("front", _("Front page"), "house", ((_("Front page"), "/"),)),
)
ADDRESSES = (
    Addresses("front", _("Front page"), lambda _connection: 1, _front, lambda _connection, _limit: ()),
    _addresses("pages", PageKind.PAGE, _("Pages")),
    _addresses("articles", PageKind.ARTICLE, _("Articles")),
)
