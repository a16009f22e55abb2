"""The block that shows the latest articles on any page."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import Connection

from engine.content.articles import queries
from engine.content.articles.queries import Card, Wanted
from engine.core.blocks.declaring import Block, BlockGroup, BlockSettings, Moment
from engine.core.blocks.kinds import Line, One
from engine.core.i18n import _
from engine.core.ids import parse_id
from engine.core.paging import PageRequest


class LatestSettings(BlockSettings):
    """Which articles, how many, and how they stand. category, tag, author: ids; empty takes all."""

    title: Line = ""
    layout: Literal["list", "grid", "magazine"] = "grid"
    count: Annotated[int, Field(ge=1, le=24)] = 3
    category: One("article-categories") = ""  # type: ignore[valid-type]
    tag: One("article-tags") = ""  # type: ignore[valid-type]
    author: One("article-authors") = ""  # type: ignore[valid-type]
    featured: bool = False
    excerpts: bool = True


def _load(connection: Connection, _moment: Moment, settings: LatestSettings) -> Sequence[Card]:
    wanted = Wanted(
        category_id=_uuid(settings.category),
        tag_id=_uuid(settings.tag),
        author_id=_uuid(settings.author),
        is_featured=settings.featured,
    )
    return queries.listed(connection, wanted, PageRequest(1, settings.count)).items


def _uuid(text: str) -> UUID | None:
    return parse_id(text) if text else None


LATEST = Block(
    name="latest-articles",
    label=_("Latest articles"),
    icon="newspaper",
    group=BlockGroup.SITE,
    text=_("The newest of your blog, by category, tag or author."),
    settings=LatestSettings,
    labels={
        "title": _("Heading"),
        "layout": _("Layout"),
        "count": _("How many"),
        "category": _("Category"),
        "tag": _("Tag"),
        "author": _("Author"),
        "featured": _("Featured ones only"),
        "excerpts": _("With their first words"),
    },
    choices={"layout": {"list": _("List"), "grid": _("Cards"), "magazine": _("Magazine: the first one large")}},
    titled="title",
    words="blog news posts articles",
    load=_load,
)
