"""A type of block, declared once: a model of its settings, what it may hold, and limits.

Its template is `ui/blocks/{type}.html`; its form in the builder comes from the model. A domain offers its blocks upward
in `Domain.blocks`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo
from sqlalchemy import Connection

from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.blocks.looks import Look
from engine.core.i18n import Message, _
from engine.core.linking import Links
from engine.core.site import General


class BlockSettings(BaseModel):
    """Base of every block's settings. Each field has a default, so that a new block stands at once."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, defer_build=True
    )


class NoSettings(BlockSettings):
    """Of a block that is only a place for others."""


class BlockGroup(StrEnum):
    """Where a block stands in the palette."""

    LAYOUT = "layout"
    TEXT = "text"
    MEDIA = "media"
    SECTIONS = "sections"
    SITE = "site"
    SHOP = "shop"


#: The look of a block where neither its type nor anybody chose.
PLAIN = Look()
ANYTHING: Literal["anything"] = "anything"


@dataclass(frozen=True, slots=True)
class Moment:
    """For whom and when a page is drawn, as far as a block's data may depend on it. A cached page is a stranger's.

    general: who the organisation is, its currency, language and time zone. links: finds where references lead.
    """

    actor: Actor
    now: datetime
    locale: str = "en"
    general: General = General()
    links: Links = field(default_factory=Links)


#: `(connection, moment, settings) -> data`: what a block shows beyond its settings, read in the page's one hop.
Load = Callable[[Connection, Moment, Any], Any]


@dataclass(frozen=True, eq=False, kw_only=True)
class Block:
    """One type of block. name: the word in JSON, and its template's.

    holds: what may stand in it: nothing, anything, or these types. inside: it stands only in these types. most: how
    many it may hold. starts_with: the types of the blocks that a new one comes with. titled: the setting that names it
    in the tree. labels and helps: the words of each setting. look: how it stands where nobody chose. needs: who may add
    or change it. in_palette: whether it is offered at the top of a page. words: what else people search it by.
    """

    name: str
    label: Message
    icon: str
    group: BlockGroup
    settings: type[BlockSettings] = NoSettings
    text: Message = field(default_factory=lambda: _(""))
    labels: Mapping[str, Message] = field(default_factory=dict)
    helps: Mapping[str, Message] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, Message]] = field(default_factory=dict)
    holds: Literal["anything"] | tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    most: int = 200
    starts_with: tuple[str, ...] = ()
    titled: str = ""
    look: Look = PLAIN
    needs: Permission = Permission.EDIT_PAGES
    words: str = ""
    load: Load | None = None

    @property
    def is_container(self) -> bool:
        return bool(self.holds)

    @property
    def in_palette(self) -> bool:
        return not self.inside

    def takes(self, other: "Block") -> bool:
        """Return whether a block of the other type may stand in one of this."""
        if other.inside:
            return self.name in other.inside
        return self.holds == ANYTHING or other.name in self.holds

    def fields_of(self, meaning: str) -> tuple[str, ...]:
        """Return the settings that mean this: every picture, every link."""
        return _by_meaning(self.settings).get(meaning, ())


@cache
def _by_meaning(settings: type[BlockSettings]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, info in settings.model_fields.items():
        meaning = meaning_of(info)
        found[meaning] = (*found.get(meaning, ()), name)
    return found


def meaning_of(info: FieldInfo) -> str:
    """Return what a setting stands for: `line`, `richtext`, `image`; empty where its type says it all."""
    return next((str(mark.name) for mark in info.metadata if hasattr(mark, "name")), "")


Book = Mapping[str, Block]


def book_of(blocks: Iterable[Block]) -> Book:
    """Return the blocks by type. Raises ValueError for a type that is declared twice, or a place that is not there."""
    book: dict[str, Block] = {}
    for block in blocks:
        if block.name in book:
            raise ValueError(f"two blocks are called {block.name}")
        book[block.name] = block
    for block in book.values():
        named = (*block.inside, *(() if block.holds == ANYTHING else block.holds), *block.starts_with)
        unknown = [name for name in named if name not in book]
        if unknown:
            raise ValueError(f"the block {block.name} speaks of {unknown}, which nobody declares")
    return book
