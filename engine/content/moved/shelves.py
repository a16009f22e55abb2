"""What articles stand on, in a site file: categories, tags, authors without their accounts, series."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from engine.content.articles.models import ArticleAuthor, ArticleCategory, ArticleSeries, ArticleTag
from engine.core.blocks.declaring import Book
from engine.core.errors import Invalid
from engine.core.facts import Fact
from engine.core.html import clean_html
from engine.core.i18n import Message, _
from engine.core.linking import checked_link
from engine.core.plaintext import is_blank
from engine.core.records.facts import RecordCreated, RecordUpdated
from engine.core.sitefile.kinds import Row, SiteKind, Thing
from engine.core.slugs import is_slug
from engine.core.tables import Base

_colour = re.compile(r"#[0-9a-f]{6}")


def told_of(path: str) -> Callable[[Row, bool], Sequence[Fact]]:
    """Return what tells that a record of a list is new, or another."""
    return lambda row, is_new: [(RecordCreated if is_new else RecordUpdated)(row["id"], path)]


def _clean(_book: Book, thing: Thing) -> None:
    row = thing.row
    if not is_slug(row["slug"]):
        raise Invalid(_("“{value}” cannot be in an address.").having(value=row["slug"][:60]))
    if is_blank(row["name"]):
        raise Invalid(_("It has no name."))
    for name in ("description", "bio"):
        if name in row:
            row[name] = clean_html(row[name])
    if row.get("website"):
        row["website"] = checked_link(row["website"], "website")
    if row.get("color") and not _colour.fullmatch(row["color"]):
        raise Invalid(_("“{value}” is no colour.").having(value=row["color"]))


def _shelf(name: str, noun: str, label: Message, model: type[Base], slug: InstrumentedAttribute[Any]) -> SiteKind:
    return SiteKind(
        name=name,
        label=label,
        noun=noun,
        model=model,
        title=lambda row: str(row["name"]),
        skip=frozenset({"user_id"}),
        same=(slug,),
        clean=_clean,
        facts=told_of(name),
    )


SHELVES = (
    _shelf("article-categories", "article_category", _("Article categories"), ArticleCategory, ArticleCategory.slug),
    _shelf("article-tags", "article_tag", _("Article tags"), ArticleTag, ArticleTag.slug),
    _shelf("article-authors", "article_author", _("Authors"), ArticleAuthor, ArticleAuthor.slug),
    _shelf("article-series", "article_series", _("Series"), ArticleSeries, ArticleSeries.slug),
)
