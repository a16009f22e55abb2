"""The shelves that articles stand on, as lists: categories, tags, authors, series."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, select

from engine.content.articles.models import (
    Article,
    ArticleAuthor,
    ArticleCategory,
    ArticleCategoryLink,
    ArticleSeries,
    ArticleTag,
    ArticleTagLink,
)
from engine.content.pages.models import Page
from engine.core.access import Permission
from engine.core.i18n import Message, _
from engine.core.resource import Field, Resource, Widget

_FOUND = _("Where readers find it.")
_SEEN_NAME = _("What readers see.")
_SHARED = _("Stands for it when its page is shared.")
SEEN = and_(Page.published_version_id.is_not(None), Page.kind == "article")


def _count(page_id: Any, where: ColumnElement[bool], outer: Any) -> ColumnElement[int]:
    counted = select(func.count()).select_from(Page).join(page_id.class_, page_id == Page.id).where(SEEN, where)
    return counted.correlate(outer).scalar_subquery().label("article_count")


def _url(kind: str, slug: Any) -> ColumnElement[str]:
    found: ColumnElement[str] = (literal(f"/blog/{kind}/") + slug).label("url")
    return found


def _shelf(
    kind: str,
    model: Any,
    said: tuple[Message, Message, Message],
    own: tuple[Field, ...],
    articles: Field,
    *,
    empty: tuple[Message, Message],
    page: Message = _FOUND,
    is_unique: bool = True,
    named: Message = _SEEN_NAME,
    **more: Any,
) -> Resource:
    """Return the list of what articles stand on: a name, its address, what else it has, its page and its articles.

    kind: its word in addresses. said: one of it, several, and what they are for. own: between its address and its page.
    """
    name = Field(model.name, _("Name"), named, column=True, search=True, sort=True, unique=is_unique)
    address = Field(model.slug, _("Address"), _("How it stands in addresses. Made from the name."), source="name")
    where = Field(_url(kind, model.slug), _("Page"), page, widget=Widget.TEXT, column=True)
    singular, plural, text = said
    return Resource(
        model=model,
        singular=singular,
        plural=plural,
        text=text,
        title=lambda row: row.name,
        read=None,
        write=Permission.MANAGE_ARTICLES,
        key=model.slug,
        address=lambda values: f"/blog/{kind}/{values['slug']}",
        fields=(name, address, *own, where, articles),
        empty=empty,
        **{"order": (func.lower(model.name),), **more},
    )


def _articles(page_id: Any, where: ColumnElement[bool], outer: Any, text: Message) -> Field:
    return Field(_count(page_id, where, outer), _("Articles"), text, widget=Widget.NUMBER, column=True, sort=True)


def _for_search_engines(model: Any) -> tuple[Field, Field]:
    return (
        Field(model.seo_title, _("Title for search engines"), _("Empty: its name.")),
        Field(model.seo_description, _("Description for search engines"), _("One or two sentences."),
              widget=Widget.TEXTAREA),
    )  # fmt: skip


def _described(model: Any) -> Field:
    return Field(model.description, _("Description"), _("Stands above its articles."), widget=Widget.RICHTEXT)


def _pictured(model: Any, text: Message = _SHARED) -> Field:
    return Field(model.image_id, _("Picture"), text, widget=Widget.IMAGE)


ARTICLE_CATEGORIES = _shelf(
    "category",
    ArticleCategory,
    (_("Article category"), _("Article categories"), _("The parts of your blog. An article can stand in several.")),
    (
        _described(ArticleCategory),
        _pictured(ArticleCategory),
        Field(ArticleCategory.position, _("Place"), _("Its place among the others, from 0."), sort=True, minimum=0,
              required=False),
        *_for_search_engines(ArticleCategory),
    ),
    _articles(ArticleCategoryLink.page_id, ArticleCategoryLink.category_id == ArticleCategory.id, ArticleCategory,
              _("Articles that visitors see in it.")),
    path="article-categories",
    noun="article_category",
    icon="folder-open",
    order=(ArticleCategory.position, func.lower(ArticleCategory.name)),
    keeps=(ArticleCategoryLink.category_id,),
    picture="image_id",
    empty=(_("No categories yet"), _("Categories help readers find their way: News, Stories, How we work.")),
)  # fmt: skip

ARTICLE_TAGS = _shelf(
    "tag",
    ArticleTag,
    (_("Article tag"), _("Article tags"), _("Words that articles share across categories.")),
    (
        Field(ArticleTag.color, _("Colour"), _("Of its mark in lists; none where it is empty."),
              widget=Widget.COLOUR, column=True),
        _described(ArticleTag),
        _pictured(ArticleTag),
        *_for_search_engines(ArticleTag),
    ),
    _articles(ArticleTagLink.page_id, ArticleTagLink.tag_id == ArticleTag.id, ArticleTag,
              _("Articles that visitors see with it.")),
    path="article-tags",
    noun="article_tag",
    icon="tag",
    keeps=(ArticleTagLink.tag_id,),
    empty=(_("No tags yet"), _("Tags gather articles across categories. You can also add them while you write.")),
)  # fmt: skip

ARTICLE_AUTHORS = _shelf(
    "author",
    ArticleAuthor,
    (_("Author"), _("Authors"),
     _("Who writes: people with an account, or names alone. Each has a page with their articles.")),
    (
        Field(ArticleAuthor.bio, _("About"), _("A few sentences, below each article and on their page."),
              widget=Widget.RICHTEXT),
        _pictured(ArticleAuthor, _("A portrait; it is shown round.")),
        Field(ArticleAuthor.website, _("Website"), _("Such as https://example.org."), widget=Widget.URL),
    ),
    _articles(Article.page_id, Article.author_id == ArticleAuthor.id, ArticleAuthor,
              _("Articles by them that visitors see.")),
    path="article-authors",
    noun="article_author",
    icon="user",
    picture="image_id",
    page=_("Where readers find them."),
    named=_("As it stands above an article."),
    is_unique=False,
    empty=(_("No authors yet"), _("Whoever begins an article is added here.")),
)  # fmt: skip

ARTICLE_SERIES = _shelf(
    "series",
    ArticleSeries,
    (_("Series"), _("Series"), _("Articles to be read one after the other.")),
    (_described(ArticleSeries),),
    _articles(Article.page_id, Article.series_id == ArticleSeries.id, ArticleSeries,
              _("Articles of it that visitors see.")),
    path="article-series",
    noun="article_series",
    icon="list-ordered",
    empty=(_("No series yet"), _("A series leads readers from part to part.")),
)  # fmt: skip

SHELVES = (ARTICLE_CATEGORIES, ARTICLE_TAGS, ARTICLE_AUTHORS, ARTICLE_SERIES)
