"""Articles as readers find them: in lists, by what they stand in, and what stands around one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from engine.content.articles.models import (
    Article,
    ArticleAuthor,
    ArticleCategory,
    ArticleCategoryLink,
    ArticleSeries,
    ArticleTag,
    ArticleTagLink,
)
from engine.content.comments.models import CommentCount
from engine.content.pages.models import Page, PageKind, PageVisibility
from engine.core.ids import parse_id
from engine.core.paging import Page as Paged
from engine.core.paging import PageRequest
from engine.media.public import MediaUrls, urls

#: What strangers may see: published, for everybody.
#: More categories than this are a list of their own, not a row above the articles.
MOST_SHELVES = 12
OPEN = (Page.published_version_id.is_not(None), Page.visibility == PageVisibility.PUBLIC, Page.kind == PageKind.ARTICLE)
TAG_WEIGHS = 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_tags, _other_tags = aliased(ArticleTagLink), aliased(ArticleTagLink)
_categories, _other_categories = aliased(ArticleCategoryLink), aliased(ArticleCategoryLink)


@dataclass(frozen=True, slots=True)
class Named:
    """Something that articles stand in, as a link: a category, tag, author or series. color: a tag's, or empty."""

    id: UUID
    name: str
    url: str
    color: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """An article as a list shows it. at: when readers first saw it. comments: how many of them readers see."""

    id: UUID
    title: str
    url: str
    excerpt: str
    at: datetime
    changed_at: datetime
    minutes: int
    cover: MediaUrls | None
    author: Named | None
    categories: Sequence[Named]
    tags: Sequence[Named]
    is_featured: bool
    is_pinned: bool
    comments: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles. since, before: when they first appeared, before not in it. pinned_first: as the blog has it."""

    category_id: UUID | None = None
    tag_id: UUID | None = None
    author_id: UUID | None = None
    series_id: UUID | None = None
    since: datetime | None = None
    before: datetime | None = None
    is_featured: bool = False
    pinned_first: bool = False


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The article before or after one, or a part of its series."""

    id: UUID
    title: str
    url: str


def listed(connection: Connection, wanted: Wanted, page: PageRequest) -> Paged[Card]:
    """Return one page of what strangers may see, the newest first; a series in its order."""
    where = _where(wanted)
    total = (
        connection.scalar(
            select(func.count()).select_from(Page).join(Article, Article.page_id == Page.id).where(*where)
        )
        or 0
    )
    statement = _cards().where(*where).order_by(*_order(wanted)).limit(page.limit).offset(page.offset)
    return Paged.of(_made(connection, statement), total, page)


def by_ids(connection: Connection, ids: Sequence[UUID]) -> list[Card]:
    """Return those of these that strangers may see, in the order of the ids."""
    found = {card.id: card for card in _made(connection, _cards().where(*OPEN, Page.id.in_(ids)))} if ids else {}
    return [found[id_] for id_ in ids if id_ in found]


def related(connection: Connection, page_id: UUID, limit: int) -> list[Card]:
    """Return articles that share most with one: tags weigh twice as much as categories, then the newest."""
    shared = union_all(
        *(
            select(other.page_id.label("page_id"), literal(weight).label("weight"))
            .select_from(link)
            .join(other, getattr(other, name) == getattr(link, name))
            .where(link.page_id == page_id, other.page_id != page_id)
            for link, other, name, weight in (
                (_tags, _other_tags, "tag_id", TAG_WEIGHS),
                (_categories, _other_categories, "category_id", 1),
            )
        )
    ).subquery()
    scored = select(shared.c.page_id, func.sum(shared.c.weight).label("score")).group_by(shared.c.page_id).subquery()
    ranked = _cards().join(scored, scored.c.page_id == Page.id).where(*OPEN)
    return _made(connection, ranked.order_by(scored.c.score.desc(), Page.first_published_at.desc()).limit(limit))


def neighbours(connection: Connection, page_id: UUID, at: datetime) -> tuple[Neighbour | None, Neighbour | None]:
    """Return the article that appeared before, and the one after."""
    moment = (Page.first_published_at, Page.id)
    earlier = or_(moment[0] < at, (moment[0] == at) & (moment[1] < page_id))
    later = or_(moment[0] > at, (moment[0] == at) & (moment[1] > page_id))
    before = _beside(connection, earlier, [moment[0].desc(), moment[1].desc()])
    after = _beside(connection, later, [moment[0].asc(), moment[1].asc()])
    return before, after


def _beside(connection: Connection, where: ColumnElement[bool], order: Sequence[Any]) -> Neighbour | None:
    statement = _neighbours().where(*OPEN, where).order_by(*order).limit(1)
    row = connection.execute(statement).first()
    return Neighbour(*row) if row else None


def _neighbours() -> Select[Any]:
    columns: tuple[Any, ...] = (Page.id, Article.title, Page.path)
    return select(*columns).join(Article, Article.page_id == Page.id)


def parts_of(connection: Connection, series_id: UUID) -> list[Neighbour]:
    """Return the parts of a series that strangers may see, in their order."""
    statement = _neighbours().where(*OPEN, Article.series_id == series_id)
    rows = connection.execute(statement.order_by(*_order(Wanted(series_id=series_id))))
    return [Neighbour(*row) for row in rows]


def months(connection: Connection, zone: ZoneInfo) -> list[tuple[int, int, int]]:
    """Return (year, month, how many articles), the newest month first, as the site's zone has them."""
    rows = connection.scalars(select(Page.first_published_at).join(Article, Article.page_id == Page.id).where(*OPEN))
    counted = Counter((at.astimezone(zone).year, at.astimezone(zone).month) for at in rows if at)
    return [(year, month, counted[year, month]) for year, month in sorted(counted, reverse=True)]


def last_change(connection: Connection) -> datetime:
    """Return when what strangers see of the blog last changed: for feeds."""
    found: datetime | None = connection.scalar(select(func.max(Page.published_at)).where(*OPEN))
    return found or _EPOCH


def has_articles(connection: Connection) -> bool:
    """Return whether there is anything to read."""
    return connection.scalar(select(Page.id).where(*OPEN).limit(1)) is not None


def _where(wanted: Wanted) -> list[ColumnElement[bool]]:
    where = list(OPEN)
    for link, name, value in (
        (ArticleCategoryLink, "category_id", wanted.category_id),
        (ArticleTagLink, "tag_id", wanted.tag_id),
    ):
        if value is not None:
            where.append(Page.id.in_(select(link.page_id).where(getattr(link, name) == value)))
    if wanted.author_id is not None:
        where.append(Article.author_id == wanted.author_id)
    if wanted.series_id is not None:
        where.append(Article.series_id == wanted.series_id)
    if wanted.is_featured:
        where.append(Article.is_featured.is_(True))
    if wanted.since is not None:
        where.append(Page.first_published_at >= wanted.since)
    if wanted.before is not None:
        where.append(Page.first_published_at < wanted.before)
    return where


def _order(wanted: Wanted) -> list[Any]:
    if wanted.series_id is not None:
        return [Article.series_place, Page.first_published_at, Page.id]
    pinned = [case((Article.is_pinned, 0), else_=1)] if wanted.pinned_first else []
    return [*pinned, Page.first_published_at.desc(), Page.id.desc()]


def _cards() -> Select[Any]:
    author: tuple[Any, ...] = (ArticleAuthor.name.label("author_name"), ArticleAuthor.slug.label("author_slug"))
    own: tuple[Any, ...] = (
        Page.id, Page.path, Page.first_published_at, Page.published_at, Article.title, Article.excerpt,
        Article.reading_minutes, Article.cover_id, Article.author_id, Article.is_featured, Article.is_pinned,
        func.coalesce(CommentCount.published, 0).label("comments"),
    )  # fmt: skip
    return (
        select(*own, *author)
        .join(Article, Article.page_id == Page.id)
        .outerjoin(ArticleAuthor, ArticleAuthor.id == Article.author_id)
        .outerjoin(CommentCount, and_(CommentCount.kind == "article", CommentCount.subject_id == Page.id))
    )


def _made(connection: Connection, statement: Select[Any]) -> list[Card]:
    rows = connection.execute(statement).all()
    ids = [row.id for row in rows]
    covers = urls(connection, {row.cover_id for row in rows if row.cover_id})
    categories, tags = categories_of(connection, ids), tags_of(connection, ids)
    return [
        Card(
            id=row.id,
            title=row.title,
            url=row.path,
            excerpt=row.excerpt,
            at=row.first_published_at,
            changed_at=row.published_at or row.first_published_at,
            minutes=row.reading_minutes,
            cover=covers.get(row.cover_id),
            author=Named(row.author_id, row.author_name, f"/blog/author/{row.author_slug}") if row.author_id else None,
            categories=categories.get(row.id, ()),
            tags=tags.get(row.id, ()),
            is_featured=row.is_featured,
            is_pinned=row.is_pinned,
            comments=row.comments,
        )
        for row in rows
    ]


def categories_of(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, list[Named]]:
    """Return the categories of these articles, the main one first."""
    link = ArticleCategoryLink
    columns: tuple[Any, ...] = (link.page_id, ArticleCategory.id, ArticleCategory.name, ArticleCategory.slug)
    statement = select(*columns).join(ArticleCategory, ArticleCategory.id == link.category_id)
    return _grouped(connection, statement.where(link.page_id.in_(list(ids))).order_by(link.position), "category")


def tags_of(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, list[Named]]:
    """Return the tags of these articles."""
    link = ArticleTagLink
    columns: tuple[Any, ...] = (link.page_id, ArticleTag.id, ArticleTag.name, ArticleTag.slug, ArticleTag.color)
    statement = select(*columns).join(ArticleTag, ArticleTag.id == link.tag_id)
    return _grouped(connection, statement.where(link.page_id.in_(list(ids))).order_by(link.position), "tag")


def _grouped(connection: Connection, statement: Select[Any], kind: str) -> dict[UUID, list[Named]]:
    found: dict[UUID, list[Named]] = {}
    for page_id, id_, name, slug, *rest in connection.execute(statement):
        found.setdefault(page_id, []).append(Named(id_, name, f"/blog/{kind}/{slug}", (rest and rest[0]) or ""))
    return found


_KINDS: tuple[tuple[str, Any], ...] = (
    ("category", ArticleCategory),
    ("tag", ArticleTag),
    ("author", ArticleAuthor),
    ("series", ArticleSeries),
)


def named(connection: Connection, kind: str, texts: Sequence[str]) -> list[Named]:
    """Return those of these ids that are of this kind (category, tag, author, series), in their order."""
    ids = [id_ for text in texts if (id_ := parse_id(text)) is not None]
    table = dict(_KINDS)[kind]
    found = {one.id: one for one in _all(connection, kind, table, table.id.in_(ids))} if ids else {}
    return [found[id_] for id_ in ids if id_ in found]


def offered(connection: Connection) -> Mapping[str, Sequence[Named]]:
    """Return every category, tag, author and series by name: for those who write."""
    return {kind: _all(connection, kind, table, table.id.is_not(None)) for kind, table in _KINDS}


def shelved(connection: Connection) -> list[Named]:
    """Return the categories in which strangers find most, in their order."""
    link = ArticleCategoryLink
    held = select(link.category_id).join(Page, Page.id == link.page_id).where(*OPEN).group_by(link.category_id)
    filled = held.order_by(func.count().desc(), link.category_id).limit(MOST_SHELVES)
    order = (ArticleCategory.position, func.lower(ArticleCategory.name))
    return _all(connection, "category", ArticleCategory, ArticleCategory.id.in_(filled), order)


def _all(
    connection: Connection, kind: str, table: Any, where: ColumnElement[bool], order: Sequence[Any] = ()
) -> list[Named]:
    color = table.color if kind == "tag" else literal("")
    statement = select(table.id, table.name, table.slug, color.label("color")).where(where)
    rows = connection.execute(statement.order_by(*(order or (func.lower(table.name),))))
    return [Named(row.id, row.name, f"/blog/{kind}/{row.slug}", row.color or "") for row in rows]
