"""Articles as a list for staff and for everybody's programs. What is written in them is changed in the writing mode."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, func, select, type_coerce

from engine.content.articles import writing
from engine.content.articles.models import (
    Article,
    ArticleAuthor,
    ArticleCategory,
    ArticleCategoryLink,
    ArticleSeries,
    ArticleTagLink,
)
from engine.content.pages.facts import PAGE_FACTS
from engine.content.pages.models import Page, PageKind, PageMedia, PageNote, PageVersion
from engine.content.pages.resources import ACTIONS, STATUSES, TONES, VISIBILITIES, bring_back, visible_to
from engine.content.pages.writing import change, delete
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.i18n import _
from engine.core.resource import Action, Field, Resource, View, Widget
from engine.core.transaction import Tx


def _own(attribute: Any, name: str) -> ColumnElement[Any]:
    """Return what the table of articles says of a page, to be read beside it."""
    return select(attribute).where(Article.page_id == Page.id).correlate(Page).scalar_subquery().label(name)


def _named(name_of: Any, key: Any, name: str) -> ColumnElement[str]:
    joined = select(name_of).join(Article, key == name_of.class_.id).where(Article.page_id == Page.id)
    return joined.correlate(Page).scalar_subquery().label(name)


def _main_category() -> ColumnElement[str]:
    link = ArticleCategoryLink
    found = select(ArticleCategory.name).join(link, link.category_id == ArticleCategory.id)
    first = found.where(link.page_id == Page.id).order_by(link.position).limit(1)
    return first.correlate(Page).scalar_subquery().label("category_name")


def _linked(link: Any, name: str) -> ColumnElement[Any]:
    """Return the first thing that an article is linked to; filters ask for any, by `within`."""
    column = getattr(link, name)
    first = select(column).where(link.page_id == Page.id).order_by(link.position).limit(1)
    return first.correlate(Page).scalar_subquery().label(name)


def _bears(link: Any, name: str) -> Any:
    def within(wanted: UUID | None) -> ColumnElement[bool]:
        column = getattr(link, name)
        there = select(link.page_id).where(link.page_id == Page.id)
        if wanted is None:
            return ~there.exists()
        return there.where(column == wanted).exists()

    return within


def _year() -> ColumnElement[int]:
    return type_coerce(func.extract("year", Page.first_published_at), Integer).label("year")


def _in_year(year: int | None) -> ColumnElement[bool]:
    if year is None:
        return Page.first_published_at.is_(None)
    return func.extract("year", Page.first_published_at) == year


async def create_from(tx: Tx, actor: Actor, values: Mapping[str, Any]) -> Page:
    """Begin an article from the fields of the wire, in the name of whoever begins it."""
    return await writing.begin(tx, actor, **{name: value for name, value in values.items() if value is not None})


def _turn(name: str, *, on: bool) -> Any:
    async def run(tx: Tx, actor: Actor, page_id: UUID) -> Page:
        return await writing.amend(tx, actor, page_id, lambda article: article.model_copy(update={name: on}))

    return run


_ALLOWED = {name: ACTIONS[name] for name in ("publish", "unpublish", "archive", "duplicate")}


def _action(label: Any, name: str, icon: str, done: Any, *, on: bool) -> Action:
    return Action(label=label, run=_turn(name, on=on), permission=Permission.MANAGE_ARTICLES, icon=icon, bulk=True,
                  done=done, shown=lambda values: bool(values[f"is_{name}"]) is not on)  # fmt: skip


ARTICLES = Resource(
    path="articles",
    noun="article",
    model=Page,
    singular=_("Article"),
    plural=_("Articles"),
    title=lambda row: row.title,
    text=_("Your blog: news, stories, what you have learnt."),
    icon="newspaper",
    read=None,
    write=Permission.MANAGE_ARTICLES,
    scope=visible_to(PageKind.ARTICLE),
    order=(func.coalesce(Page.first_published_at, Page.updated_at).desc(),),
    verbs={"create": create_from, "update": change, "delete": delete, "restore": bring_back},
    facts=PAGE_FACTS,
    keeps=(
        PageVersion.page_id, PageMedia.page_id, PageNote.page_id, Article.page_id, ArticleCategoryLink.page_id,
        ArticleTagLink.page_id,
    ),
    address=lambda values: values["path"] or "",
    is_found=False,
    picture="cover_id",
    opens=lambda id_: f"/admin/articles/{id_}/write",
    many=(("/admin/articles/categories", _("Categories …"), "folder-open"),),
    actions={
        **_ALLOWED,
        "feature": _action(_("Feature"), "featured", "star", _("It is featured now."), on=True),
        "unfeature": _action(_("Stop featuring"), "featured", "star-off", _("It is not featured any more."), on=False),
        "pin": _action(_("Pin to the top"), "pinned", "pin", _("It stands before the others now."), on=True),
        "unpin": _action(_("Unpin"), "pinned", "pin-off", _("It stands in its order again."), on=False),
    },
    fields=(
        Field(Page.title, _("Title"), _("What readers see first."), column=True, search=True, sort=True,
              required=True),
        Field(Page.slug, _("Address"), _("The last part of its address. The old one keeps leading here."),
              source="title"),
        Field(Page.path.label("url"), _("Page"), _("Where visitors find it.")),
        Field(Page.path, _("Path"), _("Its address on the site."), search=True, sort=True, write=False),
        Field(Page.status, _("State"), _("Who sees it so far."), column=True, filter=True, sort=True, write=False,
              choices=STATUSES, tones=TONES),
        Field(_named(ArticleAuthor.name, Article.author_id, "author_name"), _("Author"), _("Whose name it bears."),
              widget=Widget.TEXT, column=True, search=True),
        Field(_main_category(), _("Category"), _("The first it stands in."), widget=Widget.TEXT, column=True,
              search=True),
        Field(Page.visibility, _("Open to"), _("Who may see it once it is published."), filter=True,
              choices=VISIBILITIES),
        Field(_own(Article.excerpt, "excerpt"), _("Excerpt"), _("How lists show it."), widget=Widget.TEXTAREA,
              search=True),
        Field(_own(Article.cover_id, "cover_id"), _("Cover"), _("The picture that stands for it."),
              widget=Widget.IMAGE),
        Field(_own(Article.author_id, "author_id"), _("Author’s entry"), _("Among the authors."),
              to="article-authors", filter=True),
        Field(_linked(ArticleCategoryLink, "category_id"), _("Main category"), _("Filters ask for any of its."),
              to="article-categories", filter=True, within=_bears(ArticleCategoryLink, "category_id")),
        Field(_linked(ArticleTagLink, "tag_id"), _("Tag"), _("The first it bears; filters ask for any."),
              to="article-tags", filter=True, within=_bears(ArticleTagLink, "tag_id")),
        Field(_own(Article.series_id, "series_id"), _("Series’ entry"), _("Among the series."), to="article-series",
              filter=True),
        Field(_named(ArticleSeries.name, Article.series_id, "series_name"), _("Series"), _("What it is a part of."),
              widget=Widget.TEXT),
        Field(_own(Article.series_place, "series_place"), _("Part"), _("Its number in the series."),
              widget=Widget.NUMBER),
        Field(_own(Article.word_count, "word_count"), _("Words"), _("How many it has."), widget=Widget.NUMBER,
              sort=True),
        Field(_own(Article.reading_minutes, "reading_minutes"), _("Minutes"), _("How long it takes to read."),
              widget=Widget.NUMBER),
        Field(_own(Article.is_featured, "is_featured"), _("Featured"), _("Lists may ask for it."),
              widget=Widget.SWITCH, filter=True),
        Field(_own(Article.is_pinned, "is_pinned"), _("Pinned"), _("Stands before all others."),
              widget=Widget.SWITCH, filter=True),
        Field(_own(Article.allows_comments, "allows_comments"), _("Comments"), _("Whether visitors may answer."),
              widget=Widget.SWITCH, filter=True),
        Field(_year(), _("Year"), _("In which it first appeared."), widget=Widget.NUMBER, filter=True,
              within=_in_year),
        Field(Page.publish_at, _("Appears"), _("When it is published by itself."), filter=True, sort=True,
              write=False),
        Field(Page.unpublish_at, _("Leaves"), _("When it is taken off the site by itself."), write=False),
        Field(Page.first_published_at, _("First published"), _("When visitors first saw it."), sort=True, filter=True,
              write=False),
        Field(Page.published_at, _("Published"), _("When visitors first saw what they see now."), sort=True,
              filter=True, write=False),
        Field(Page.updated_at, _("Changed"), _("When somebody last wrote on it."), column=True, sort=True, filter=True,
              write=False),
        Field(Page.updated_by_name, _("By"), _("Who last wrote on it."), search=True, write=False),
    ),
    views=(
        View(label=_("Published"), filters={"status": "published"}, sort="-firstPublishedAt"),
        View(label=_("Drafts"), filters={"status": "draft"}, sort="-updatedAt"),
        View(label=_("To review"), filters={"status": "review"}, sort="-updatedAt"),
        View(label=_("Scheduled"), filters={"publishAtFrom": "2000-01-01"}, sort="publishAt"),
    ),
    empty=(_("No articles yet"), _("Write your first one. It stays a draft until you publish it.")),
)  # fmt: skip
