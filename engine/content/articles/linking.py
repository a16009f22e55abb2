"""What links can lead to in the blog besides articles, what visitors speak about, and where its pictures are used."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from engine.content.articles.models import Article, ArticleAuthor, ArticleCategory, ArticleTag
from engine.content.pages.models import Page, PageKind
from engine.core.domain import MediaPlace, MediaUse
from engine.core.i18n import _
from engine.core.linking import LinkKind, LinkPlace, fixed_places, reference_to
from engine.core.records.facts import RecordCreated, RecordDeleted, RecordUpdated
from engine.core.subjects import Subject, SubjectKind

ARTICLE, CATEGORY = "article", "article-category"
_OF_ARTICLES = Page.kind == PageKind.ARTICLE


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


BLOG_TARGETS = (
    fixed_places("blog", _("Blog"), "newspaper", ((_("Blog"), "/blog"),)),
    LinkKind(CATEGORY, _("Article category"), _("Article categories"), "folder-open", _find_shelves, _shelves_by_id,
             _shelf_at, (RecordCreated, RecordUpdated, RecordDeleted)),
)  # fmt: skip


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
