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
from engine.core.i18n import _
from engine.core.resource import Field, Resource, Widget

SEEN = and_(Page.published_version_id.is_not(None), Page.kind == "article")


def _count(page_id: Any, where: ColumnElement[bool], outer: Any) -> ColumnElement[int]:
    counted = select(func.count()).select_from(Page).join(page_id.class_, page_id == Page.id).where(SEEN, where)
    return counted.correlate(outer).scalar_subquery().label("article_count")


def _url(kind: str, slug: Any) -> ColumnElement[str]:
    found: ColumnElement[str] = (literal(f"/blog/{kind}/") + slug).label("url")
    return found


ARTICLE_CATEGORIES = Resource(
    path="article-categories",
    noun="article_category",
    model=ArticleCategory,
    singular=_("Article category"),
    plural=_("Article categories"),
    title=lambda row: row.name,
    text=_("The parts of your blog. An article can stand in several."),
    icon="folder-open",
    read=None,
    write=Permission.MANAGE_ARTICLES,
    order=(ArticleCategory.position, func.lower(ArticleCategory.name)),
    key=ArticleCategory.slug,
    keeps=(ArticleCategoryLink.category_id,),
    address=lambda values: f"/blog/category/{values['slug']}",
    picture="image_id",
    fields=(
        Field(ArticleCategory.name, _("Name"), _("What readers see."), column=True, search=True, sort=True,
              unique=True),
        Field(ArticleCategory.slug, _("Address"), _("How it stands in addresses. Made from the name."), source="name"),
        Field(ArticleCategory.description, _("Description"), _("Stands above its articles."),
              widget=Widget.RICHTEXT),
        Field(ArticleCategory.image_id, _("Picture"), _("Stands for it when its page is shared."),
              widget=Widget.IMAGE),
        Field(ArticleCategory.position, _("Place"), _("Its place among the others, from 0."), sort=True, minimum=0,
              required=False),
        Field(ArticleCategory.seo_title, _("Title for search engines"), _("Empty: its name.")),
        Field(ArticleCategory.seo_description, _("Description for search engines"), _("One or two sentences."),
              widget=Widget.TEXTAREA),
        Field(_url("category", ArticleCategory.slug), _("Page"), _("Where readers find it."), widget=Widget.TEXT,
              column=True),
        Field(_count(ArticleCategoryLink.page_id, ArticleCategoryLink.category_id == ArticleCategory.id,
                     ArticleCategory), _("Articles"), _("Articles that visitors see in it."), widget=Widget.NUMBER,
              column=True, sort=True),
    ),
    empty=(_("No categories yet"), _("Categories help readers find their way: News, Stories, How we work.")),
)  # fmt: skip

ARTICLE_TAGS = Resource(
    path="article-tags",
    noun="article_tag",
    model=ArticleTag,
    singular=_("Article tag"),
    plural=_("Article tags"),
    title=lambda row: row.name,
    text=_("Words that articles share across categories."),
    icon="tag",
    read=None,
    write=Permission.MANAGE_ARTICLES,
    order=(func.lower(ArticleTag.name),),
    key=ArticleTag.slug,
    keeps=(ArticleTagLink.tag_id,),
    address=lambda values: f"/blog/tag/{values['slug']}",
    fields=(
        Field(ArticleTag.name, _("Name"), _("What readers see."), column=True, search=True, sort=True, unique=True),
        Field(ArticleTag.slug, _("Address"), _("How it stands in addresses. Made from the name."), source="name"),
        Field(ArticleTag.color, _("Colour"), _("Of its mark in lists; none where it is empty."),
              widget=Widget.COLOUR, column=True),
        Field(ArticleTag.description, _("Description"), _("Stands above its articles."), widget=Widget.RICHTEXT),
        Field(ArticleTag.image_id, _("Picture"), _("Stands for it when its page is shared."), widget=Widget.IMAGE),
        Field(ArticleTag.seo_title, _("Title for search engines"), _("Empty: its name.")),
        Field(ArticleTag.seo_description, _("Description for search engines"), _("One or two sentences."),
              widget=Widget.TEXTAREA),
        Field(_url("tag", ArticleTag.slug), _("Page"), _("Where readers find it."), widget=Widget.TEXT, column=True),
        Field(_count(ArticleTagLink.page_id, ArticleTagLink.tag_id == ArticleTag.id, ArticleTag), _("Articles"),
              _("Articles that visitors see with it."), widget=Widget.NUMBER, column=True, sort=True),
    ),
    empty=(_("No tags yet"), _("Tags gather articles across categories. You can also add them while you write.")),
)  # fmt: skip

ARTICLE_AUTHORS = Resource(
    path="article-authors",
    noun="article_author",
    model=ArticleAuthor,
    singular=_("Author"),
    plural=_("Authors"),
    title=lambda row: row.name,
    text=_("Who writes: people with an account, or names alone. Each has a page with their articles."),
    icon="user",
    read=None,
    write=Permission.MANAGE_ARTICLES,
    order=(func.lower(ArticleAuthor.name),),
    key=ArticleAuthor.slug,
    address=lambda values: f"/blog/author/{values['slug']}",
    picture="image_id",
    fields=(
        Field(ArticleAuthor.name, _("Name"), _("As it stands above an article."), column=True, search=True, sort=True),
        Field(ArticleAuthor.slug, _("Address"), _("How it stands in addresses. Made from the name."), source="name"),
        Field(ArticleAuthor.bio, _("About"), _("A few sentences, below each article and on their page."),
              widget=Widget.RICHTEXT),
        Field(ArticleAuthor.image_id, _("Picture"), _("A portrait; it is shown round."), widget=Widget.IMAGE),
        Field(ArticleAuthor.website, _("Website"), _("Such as https://example.org."), widget=Widget.URL),
        Field(_url("author", ArticleAuthor.slug), _("Page"), _("Where readers find them."), widget=Widget.TEXT,
              column=True),
        Field(_count(Article.page_id, Article.author_id == ArticleAuthor.id, ArticleAuthor), _("Articles"),
              _("Articles by them that visitors see."), widget=Widget.NUMBER, column=True, sort=True),
    ),
    empty=(_("No authors yet"), _("Whoever begins an article is added here.")),
)  # fmt: skip

ARTICLE_SERIES = Resource(
    path="article-series",
    noun="article_series",
    model=ArticleSeries,
    singular=_("Series"),
    plural=_("Series"),
    title=lambda row: row.name,
    text=_("Articles to be read one after the other."),
    icon="list-ordered",
    read=None,
    write=Permission.MANAGE_ARTICLES,
    order=(func.lower(ArticleSeries.name),),
    key=ArticleSeries.slug,
    address=lambda values: f"/blog/series/{values['slug']}",
    fields=(
        Field(ArticleSeries.name, _("Name"), _("What readers see."), column=True, search=True, sort=True, unique=True),
        Field(ArticleSeries.slug, _("Address"), _("How it stands in addresses. Made from the name."), source="name"),
        Field(ArticleSeries.description, _("Description"), _("Stands above its articles."), widget=Widget.RICHTEXT),
        Field(_url("series", ArticleSeries.slug), _("Page"), _("Where readers find it."), widget=Widget.TEXT,
              column=True),
        Field(_count(Article.page_id, Article.series_id == ArticleSeries.id, ArticleSeries), _("Articles"),
              _("Articles of it that visitors see."), widget=Widget.NUMBER, column=True, sort=True),
    ),
    empty=(_("No series yet"), _("A series leads readers from part to part.")),
)  # fmt: skip

SHELVES = (ARTICLE_CATEGORIES, ARTICLE_TAGS, ARTICLE_AUTHORS, ARTICLE_SERIES)
