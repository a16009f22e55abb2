"""Pages and articles as they can be found by words: what visitors see by everybody, drafts by staff."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.content.articles import queries, wording
from engine.content.articles.models import Article, ArticleAuthor
from engine.content.pages.facts import PAGE_FACTS
from engine.content.pages.models import Page, PageKind, PageVersion, PageVisibility
from engine.core.access import Permission
from engine.core.ports import SearchDocument
from engine.core.records.catalogue import CHANGES
from engine.core.searching import Searchable

MAX_BODY = 20_000
NEWEST = "newest"


def _documents(kind: PageKind) -> Callable[[Connection, Sequence[UUID]], list[SearchDocument]]:
    def documents(connection: Connection, ids: Sequence[UUID]) -> list[SearchDocument]:
        columns: tuple[Any, ...] = (
            Page.id, Page.path, Page.status, Page.visibility, Page.published_version_id, Page.updated_at,
            Page.first_published_at, PageVersion.content, Article.author_id, ArticleAuthor.name,
        )  # fmt: skip
        is_shown = (PageVersion.id == Page.published_version_id) | (
            Page.published_version_id.is_(None) & (PageVersion.id == Page.draft_version_id)
        )
        statement = select(*columns).join(PageVersion, is_shown).outerjoin(Article, Article.page_id == Page.id)
        statement = statement.outerjoin(ArticleAuthor, ArticleAuthor.id == Article.author_id)
        rows = connection.execute(statement.where(Page.kind == kind, Page.id.in_(ids))).all()
        categories, tags = queries.categories_of(connection, ids), queries.tags_of(connection, ids)
        return [
            _document(kind, row, [*categories.get(row.id, ()), *tags.get(row.id, ())])
            for row in rows
        ]  # fmt: skip

    return documents


def _document(kind: PageKind, row: Any, shelves: Sequence[queries.Named]) -> SearchDocument:
    content = row.content
    is_open = row.published_version_id is not None and row.visibility is PageVisibility.PUBLIC and bool(row.path)
    admin = f"/admin/builder/{row.id}" if kind is PageKind.PAGE else f"/admin/articles/{row.id}/write"
    return SearchDocument(
        type=str(kind),
        id=row.id,
        title=str(content.get("title") or ""),
        body=f"{content.get('excerpt') or ''} {wording.text_in(content)}".strip()[:MAX_BODY],
        url=row.path if is_open else admin,
        keywords=" ".join(filter(None, [row.name or "", *(one.name for one in shelves)])),
        visibility="public" if is_open and content.get("isIndexed", True) else "staff",
        facets={
            "status": (str(row.status),),
            "shelf": tuple(
                filter(None, [*(str(one.id) for one in shelves), str(row.author_id) if row.author_id else ""])
            ),
        },
        numbers={NEWEST: int((row.first_published_at or row.updated_at).timestamp())},
    )


def _searchable(kind: PageKind) -> Searchable:
    return Searchable(
        str(kind),
        PAGE_FACTS,
        _documents(kind),
        select(Page.id).where(Page.kind == kind),
        numbers=(NEWEST,),
        follows=dict.fromkeys(CHANGES, "shelf") if kind is PageKind.ARTICLE else {},
        read=Permission.VIEW_PAGES,
    )


SEARCH = (_searchable(PageKind.PAGE), _searchable(PageKind.ARTICLE))
