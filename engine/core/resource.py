"""A list of things that staff keep, declared once: its fields, who may, and what else can be done with it.

Three readers, none of which subclasses anything: `engine/api/records` mounts REST, `ui/admin/records` mounts screens,
and the catalogue feeds search, the command palette, permissions and audit. All write through `engine/core/records`.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.facts import Fact
from engine.core.i18n import Message
from engine.core.tables import Base

Text = Message | str
#: `(tx, actor, values)`, `(tx, actor, id, changes)`, `(tx, actor, id)`: a domain's own way to write, by what it does.
Verb = Callable[..., Awaitable[Any]]
#: Whether a column's text holds the word that is searched.
Holds = Callable[[Any], ColumnElement[bool]]


class Widget(StrEnum):
    """How a field is asked for and shown: each is a trio of templates in `ui/fields`."""

    TEXT = "text"
    TEXTAREA = "textarea"
    RICHTEXT = "richtext"
    EMAIL = "email"
    URL = "url"
    TEL = "tel"
    SLUG = "slug"
    NUMBER = "number"
    DECIMAL = "decimal"
    MONEY = "money"
    SWITCH = "switch"
    CHOICE = "choice"
    DATE = "date"
    DATETIME = "datetime"
    TAGS = "tags"
    RELATION = "relation"
    IMAGE = "image"
    FILE = "file"
    COLOUR = "colour"
    ADDRESS = "address"
    ROWS = "rows"
    JSON = "json"
    CHANGES = "changes"


@dataclass(frozen=True, eq=False, kw_only=True)
class Part:
    """One column of nested rows, which a JSON column holds as a list of objects."""

    name: str
    label: Text
    widget: Widget = Widget.TEXT
    required: bool = False
    choices: tuple[tuple[str, Text], ...] = ()
    max_length: int = 500


@dataclass(frozen=True, eq=False)
class Field:
    """One field of a thing: a mapped attribute, or a labelled SQL expression that is only read.

    column: stands in the list unless a person chose others. search, sort, filter: what a list can do with it.
    write: may be sent; once: only when the thing is made. required: by default what has neither null nor default.
    unique: no two things bear the same, whatever its case; known without saying where the column is unique.
    choices: (value, words), for texts and numbers with few values; an enum brings its own and needs words only. Tags
    with choices are some of them.
    to: the path of the resource that a relation's ids are of. source: the field that a slug is made from.
    within: what makes a row fit a filter's value, where that is not to be equal. looked: how a search looks through
    it, given what says whether a text holds the word, where to look at each row's own would take long. tones: what a
    choice's badge means, as `ui.badge` takes it.
    """

    attribute: Any
    label: Text
    help: Text = ""
    widget: Widget | None = None
    column: bool = False
    search: bool = False
    sort: bool = False
    filter: bool = False
    write: bool = True
    once: bool = False
    required: bool | None = None
    unique: bool = False
    choices: tuple[tuple[Any, Text], ...] = ()
    to: str = ""
    source: str = ""
    parts: tuple[Part, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    pattern: str | None = None
    within: Callable[[Any], ColumnElement[bool]] | None = None
    looked: Callable[[Holds], ColumnElement[bool]] | None = None
    tones: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def name(self) -> str:
        """The attribute's name."""
        found: str = self.attribute.key if self.is_mapped else self.attribute.name
        return found

    @cached_property
    def is_mapped(self) -> bool:
        return isinstance(self.attribute, InstrumentedAttribute)

    @property
    def is_written(self) -> bool:
        return self.write and self.is_mapped


@dataclass(frozen=True, eq=False, kw_only=True)
class Action:
    """Something that can be done with one thing: `POST /{id}/{name}`, a button, a permission, an audit line.

    run: `(tx, actor, id)`. bulk: also with many at once. confirm: what is asked before. shown: whether it makes sense
    for a record (by its values), where that is to be seen beforehand.
    """

    label: Text
    run: Verb
    permission: Permission
    icon: str = "zap"
    done: Text = ""
    confirm: Text = ""
    bulk: bool = False
    shown: Callable[[Mapping[str, Any]], bool] | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class View:
    """A view of the list that comes with it: filters by wire name, and a sort."""

    label: Text
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Resource:
    """One list of things. path: `/api/v1/{path}` and `/admin/{path}`; noun: the word in audit lines (`redirect`).

    read, write: who may; None is everybody. order: how the list is sorted until somebody asks otherwise. scope: which
    rows an actor sees. verbs: "create", "update", "delete", "restore" where the domain has its own way to write; then
    permission, audit and facts are its own. "settle": `(tx, row)`, once the rows that went along with it are back.
    makes, changes, deletes: whether people may at all. keeps: foreign keys of rows that go into the bin with a thing
    and come back with it, parents before their children. is_found: whether the search of the whole house finds it for
    staff. words: columns of folded text that a list's search looks through instead; words_of: where they stand in
    another table, its column with the thing's id. key: what a thing can be read by besides its id, such as its slug.
    refreshes: its list asks again by itself. facts: those about its things that its verbs publish. address: where the
    thing stands on the public site, by its values.
    opens: where its rows lead, by id, for things that are worked on elsewhere than in their form.
    counted: what several of them are called where `plural` is the title of the whole, as of a log.
    picture: the image field that stands beside the title in lists. own_wire: its reads and writes are written by hand.
    """

    path: str
    noun: str
    model: type[Base]
    singular: Text
    plural: Text
    title: Callable[[Any], Any]
    fields: tuple[Field, ...]
    read: Permission | None
    write: Permission
    text: Text = ""
    icon: str = "list"
    counted: Text = ""
    order: Sequence[Any] = ()
    scope: Callable[[Actor], ColumnElement[bool]] | None = None
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
    views: tuple[View, ...] = ()
    makes: bool = True
    changes: bool = True
    deletes: bool = True
    keeps: tuple[InstrumentedAttribute[Any], ...] = ()
    is_found: bool = True
    words: tuple[InstrumentedAttribute[Any], ...] = ()
    words_of: InstrumentedAttribute[Any] | None = None
    key: InstrumentedAttribute[Any] | None = None
    refreshes: bool = False
    facts: tuple[type[Fact], ...] = ()
    address: Callable[[Mapping[str, Any]], str] | None = None
    opens: Callable[[UUID], str] | None = None
    empty: tuple[Text, Text] | None = None
    #: `(url, words)` of pages of its own that stand beside the list, such as an importer.
    links: tuple[tuple[str, Text], ...] = ()
    #: The same of files of its own that stand in place of CSV and JSON; they take the list's parameters.
    exports: tuple[tuple[str, Text], ...] = ()
    #: `(url, words, icon)` of pages of its own that take what is selected: a form posts `selected` there.
    many: tuple[tuple[str, Text, str], ...] = ()
    #: `(url, words)` of a page of its own where one is added, for things that are not made in a form.
    adds: tuple[str, Text] | None = None
    #: `(url, words, icon)` of pages of its own about one thing, whose id stands where the url says `{id}`.
    leads: tuple[tuple[str, Text, str], ...] = ()
    picture: str = ""
    own_wire: bool = False

    def field(self, name: str) -> Field | None:
        """Return the field of this attribute name."""
        return next((one for one in self.fields if one.name == name), None)

    @property
    def written(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.is_written)

    @property
    def columns(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.column)
