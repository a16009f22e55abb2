"""What is written in a page: its title, its blocks, and what search engines and networks see of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from engine.content.articles.fields import ArticleFields
from engine.core.actor import Actor
from engine.core.blocks import tree
from engine.core.blocks.declaring import Book
from engine.core.blocks.kinds import Href, Image, Line
from engine.core.blocks.tree import Tree
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.validation import fields_of


class PageFields(BaseModel):
    """All of a page's content that is no block.

    seo_title, seo_description: what search engines show; empty takes the title and the first words. social_title,
    social_description, social_image: the same of a shared link. is_indexed: whether search engines may list it.
    structured: the schema.org type of the page. excerpt and cover: how lists show it. comments: whether visitors may
    comment on it; article: of articles only, which say so themselves.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, defer_build=True
    )

    title: Annotated[Line, Field(max_length=200)] = ""
    excerpt: Annotated[str, Field(max_length=1_000)] = ""
    cover: Image = ""
    seo_title: Annotated[Line, Field(max_length=200)] = ""
    seo_description: Annotated[str, Field(max_length=400)] = ""
    canonical: Href = ""
    is_indexed: bool = True
    social_title: Annotated[Line, Field(max_length=200)] = ""
    social_description: Annotated[str, Field(max_length=400)] = ""
    social_image: Image = ""
    structured: Literal["WebPage", "AboutPage", "ContactPage", "CollectionPage", "FAQPage", "none"] = "WebPage"
    comments: bool = False
    article: ArticleFields = ArticleFields()


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page's content as read: fields and blocks."""

    fields: PageFields
    blocks: Tree = ()

    @property
    def title(self) -> str:
        return self.fields.title

    def plain(self) -> dict[str, Any]:
        """Return it as JSON, the same for the same content: `{title, …, blocks}`."""
        kept = self.fields.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {**kept, "blocks": tree.plain(self.blocks)}


#: What was read last of versions: as it is stored, by which book, and what came of it.
_known: dict[UUID, tuple[Mapping[str, Any], Book, PageContent]] = {}
MOST_KNOWN = 32


def stored(version_id: UUID, raw: Mapping[str, Any], book: Book) -> PageContent:
    """Return the content of a version as `read` does, and read it again only where other words are stored now."""
    known = _known.get(version_id)
    if known is not None and known[1] is book and known[0] == raw:
        return known[2]
    if len(_known) >= MOST_KNOWN:
        _known.pop(next(iter(_known)), None)
    found = read(raw, book)
    _known[version_id] = (raw, book, found)
    return found


def read(raw: Any, book: Book, *, actor: Actor | None = None, before: Mapping[str, Any] | None = None) -> PageContent:
    """Return the content that JSON describes, cleaned. actor: who sends it; None trusts what is stored.

    before: what it replaces (see `tree.read`). Raises Invalid, naming each field and the remedy.
    """
    if not isinstance(raw, Mapping):
        raise Invalid(_("Send the page as an object with title and blocks."), {"content": _("An object is needed.")})
    errors: dict[str, Any] = {}
    fields = PageFields()
    blocks: Tree = ()
    named = {name: value for name, value in raw.items() if name != "blocks"}
    try:
        fields = PageFields.model_validate(named)
    except ValidationError as error:
        errors |= fields_of(error)
        if actor is None:
            amiss = {str(found["loc"][0]) for found in error.errors()}
            fields = PageFields.model_validate({k: v for k, v in named.items() if k not in amiss})
    try:
        blocks = tree.read(raw.get("blocks", []), book, actor=actor, before=(before or {}).get("blocks", ()))
    except Invalid as error:
        errors |= error.fields
    if errors and actor is not None:
        first = next(iter(errors.values()))
        raise Invalid(_("The page needs attention: {first}").having(first=first), errors)
    return PageContent(fields, blocks)
