"""What links can lead to in the blog, what search engines should know of it, and what visitors can speak about."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from engine.content.articles.models import Article, ArticleAuthor, ArticleCategory, ArticleTag
from engine.content.articles.queries import OPEN
from engine.content.pages.facts import PAGE_FACTS
from engine.content.pages.models import Page, PageKind, PageStatus, PageVisibility
from engine.core.domain import MediaPlace, MediaUse
from engine.core.i18n import _
from engine.core.linking import Address, Addresses, LinkKind, LinkPlace, fixed_places, reference_to
from engine.core.records.facts import RecordCreated, RecordDeleted, RecordUpdated
from engine.core.subjects import Subject, SubjectKind
from engine.media.public import urls

ARTICLE, CATEGORY = "article", "article-category"
_OF_ARTICLES = Page.kind == PageKind.ARTICLE


def _articles() -> Select[Any]:
    columns: tuple[Any, ...] = (Page.id, Page.title, Page.path, Page.status, Page.published_version_id, Page.visibility)
    return select(*columns).where(_OF_ARTICLES)


def _place(row: Any) -> LinkPlace:
    is_public = row.published_version_id is not None and row.visibility is PageVisibility.PUBLIC
    note = "" if row.status is PageStatus.PUBLISHED else _("Draft")
    return LinkPlace(reference_to(ARTICLE, row.id), row.title, row.path, is_public, note)


def _find(connection: Connection, words: str, limit: int) -> Sequence[LinkPlace]:
    statement = _articles().where(Page.status != PageStatus.ARCHIVED)
    if words:
        statement = statement.where(func.lower(Page.title).contains(words.lower(), autoescape=True))
    return [_place(row) for row in connection.execute(statement.order_by(Page.updated_at.desc()).limit(limit))]


def _by_id(connection: Connection, ids: Sequence[UUID]) -> Mapping[UUID, LinkPlace]:
    return {row.id: _place(row) for row in connection.execute(_articles().where(Page.id.in_(ids)))}


def _at(connection: Connection, path: str) -> LinkPlace | None:
    row = connection.execute(_articles().where(Page.path == path)).first()
    return _place(row) if row else None


def _shelf(row: Any) -> LinkPlace:
    return LinkPlace(reference_to(CATEGORY, row.id), row.name, f"/blog/category/{row.slug}")


def _shelves() -> Select[Any]:
    columns: tuple[Any, ...] = (ArticleCategory.id, ArticleCategory.name, ArticleCategory.slug)
    return select(*columns)


def _find_shelves(connection: Connection, words: str, limit: int) -> Sequence[LinkPlace]:
    statement = _shelves().where(func.lower(ArticleCategory.name).contains(words.lower(), autoescape=True))
    return [_shelf(row) for row in connection.execute(statement.order_by(ArticleCategory.name).limit(limit))]


def _shelves_by_id(connection: Connection, ids: Sequence[UUID]) -> Mapping[UUID, LinkPlace]:
    return {row.id: _shelf(row) for row in connection.execute(_shelves().where(ArticleCategory.id.in_(ids)))}


def _shelf_at(connection: Connection, path: str) -> LinkPlace | None:
    slug = path.removeprefix("/blog/category/")
    row = connection.execute(_shelves().where(ArticleCategory.slug == slug)).first() if slug != path else None
    return _shelf(row) if row else None


LINK_TARGETS = (
    fixed_places("blog", _("Blog"), "newspaper", ((_("All articles"), "/blog"),)),
    LinkKind(ARTICLE, _("Article"), _("Articles"), "newspaper", _find, _by_id, _at, PAGE_FACTS),
    LinkKind(CATEGORY, _("Article category"), _("Article categories"), "folder-open", _find_shelves, _shelves_by_id,
             _shelf_at, (RecordCreated, RecordUpdated, RecordDeleted)),
)  # fmt: skip


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(Page).where(*OPEN)) or 0


def _part(connection: Connection, offset: int, limit: int) -> Iterator[Address]:
    statement = select(Page.path, Page.published_at, Article.cover_id).join(Article, Article.page_id == Page.id)
    rows = connection.execute(statement.where(*OPEN).order_by(Page.id).offset(offset).limit(limit)).all()
    covers = urls(connection, {row.cover_id for row in rows if row.cover_id})
    for row in rows:
        cover = covers.get(row.cover_id)
        yield Address(row.path, row.published_at, (cover.large,) if cover else ())


def _titled(connection: Connection, limit: int) -> Sequence[tuple[str, str, str]]:
    statement = select(Article.title, Page.path, Article.excerpt).join(Article, Article.page_id == Page.id)
    rows = connection.execute(statement.where(*OPEN).order_by(Page.first_published_at.desc()).limit(limit))
    return [(row.title, row.path, row.excerpt[:200]) for row in rows]


ADDRESSES = Addresses("articles", _("Articles"), _count, _part, _titled)


def _subjects(connection: Connection, ids: Sequence[UUID]) -> Mapping[UUID, Subject]:
    columns = (Page.id, Article.title, Page.path, Page.first_published_at, Article.allows_comments)
    is_seen = Page.published_version_id.is_not(None)
    statement = select(*columns, is_seen.label("is_seen")).join(Article, Article.page_id == Page.id)
    rows = connection.execute(statement.where(_OF_ARTICLES, Page.id.in_(ids)))
    return {
        row.id: Subject(ARTICLE, row.id, row.title, row.path if row.is_seen else "", row.first_published_at,
                        takes_comments=bool(row.is_seen and row.allows_comments))
        for row in rows
    }  # fmt: skip


SUBJECT = SubjectKind(ARTICLE, _("Article"), _subjects, admin_url=lambda id_: f"/admin/articles/{id_}/write")


_PICTURED = (
    (ArticleCategory, _("Article category"), "article-categories"),
    (ArticleTag, _("Article tag"), "article-tags"),
    (ArticleAuthor, _("Author"), "article-authors"),
)


def _media_ids() -> Select[tuple[UUID | None]]:
    first, *others = (select(kind.image_id).where(kind.image_id.is_not(None)) for kind, _word, _path in _PICTURED)
    return select(first.union(*others).subquery().c.image_id)


def _media_places(connection: Connection, ids: Sequence[UUID]) -> Iterator[MediaPlace]:
    for kind, word, path in _PICTURED:
        columns: tuple[Any, ...] = (kind.image_id, kind.id, kind.name)
        for media_id, id_, name in connection.execute(select(*columns).where(kind.image_id.in_(ids))):
            yield MediaPlace(media_id, word, name, f"/admin/{path}/{id_}")


SHELF_PICTURES = MediaUse(_media_ids, _media_places)
