"""A tree of blocks: read from JSON with every value checked, walked, and written back."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from engine.core.access import allows
from engine.core.actor import Actor
from engine.core.blocks.declaring import Block, BlockSettings, Book
from engine.core.blocks.looks import Look
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.ids import new_secret
from engine.core.validation import fields_of

MAX_BLOCKS = 2_000
MAX_DEPTH = 12
MAX_BYTES = 4_000_000
_id = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Node:
    """One block of a page. settings: its type's model; None where the type is not known here.

    raw: the settings as they stand in JSON. is_hidden: kept, and shown to nobody. kept: the whole of a block whose type
    is not known, with what stands in it.
    """

    id: str
    type: str
    raw: Mapping[str, Any]
    settings: BlockSettings | None
    look: Look = Look()
    children: tuple["Node", ...] = ()
    is_hidden: bool = False
    kept: Mapping[str, Any] | None = None

    def plain(self) -> dict[str, Any]:
        """Return the block as JSON: what is as it comes is left out."""
        if self.kept is not None:
            return dict(self.kept)
        plain: dict[str, Any] = {"id": self.id, "type": self.type}
        if self.raw:
            plain["settings"] = dict(self.raw)
        if look := self.look.model_dump(by_alias=True, exclude_defaults=True, mode="json"):
            plain["look"] = look
        if self.is_hidden:
            plain["hidden"] = True
        if self.children:
            plain["children"] = [child.plain() for child in self.children]
        return plain


Tree = tuple[Node, ...]


def plain(tree: Sequence[Node]) -> list[dict[str, Any]]:
    """Return a tree as JSON."""
    return [node.plain() for node in tree]


def walk(tree: Sequence[Node]) -> Iterator[Node]:
    """Yield every block, each before what stands in it."""
    for node in tree:
        yield node
        yield from walk(node.children)


def renewed(tree: Sequence[Node]) -> Tree:
    """Return the same blocks as new ones: each with an id of its own."""
    return tuple(replace(node, id=new_block_id(), children=renewed(node.children)) for node in tree)


def new_block_id() -> str:
    """Return an id for a new block, unlike that of any other page."""
    return new_secret()[:12].replace("-", "x").replace("_", "y")


def made(block: Block, book: Book, **settings: Any) -> Node:
    """Return a new block of a type, with what such blocks come with. Raises ValidationError for settings amiss."""
    own = block.settings(**settings)
    children = tuple(made(book[name], book) for name in block.starts_with)
    return Node(new_block_id(), block.name, own.model_dump(mode="json", by_alias=True), own, children=children)


def read(raw: Any, book: Book, *, actor: Actor | None = None, before: Any = (), is_part: bool = False) -> Tree:
    """Return the tree that JSON describes, cleaned. actor: who sends it; None trusts what is stored already.

    before: the tree as it was: blocks of a type that is gone are kept from there, and those that only some may change
    may stay as they were. is_part: cut out of a tree, so that a column may come without its columns. Raises Invalid,
    naming each block (`blocks.2.children.0.settings.href`) and the remedy.
    """
    reader = _Reader(book, actor, _by_id(before), is_part)
    if reader.is_strict and len(json.dumps(raw, ensure_ascii=False, default=str)) > MAX_BYTES:
        raise Invalid(_("The page is too large: divide it into several."), {"blocks": _("At most 4 MB.")})
    tree = reader.nodes(raw, "blocks", None, 1)
    if reader.errors:
        first = next(iter(reader.errors.values()))
        raise Invalid(_("Some blocks need attention: {first}").having(first=first), reader.errors)
    return tree


def _by_id(raw: Any) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    waiting = list(raw or ())
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            found[str(one.get("id"))] = one
            waiting += one.get("children") or ()
    return found


@dataclass
class _Reader:
    book: Book
    actor: Actor | None
    before: Mapping[str, Mapping[str, Any]]
    is_part: bool = False
    errors: dict[str, Message | str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)

    @property
    def is_strict(self) -> bool:
        return self.actor is not None

    def nodes(self, raw: Any, at: str, parent: Block | None, depth: int) -> Tree:
        if not isinstance(raw, list | tuple):
            self.errors[at] = _("Send a list of blocks.")
            return ()
        if depth > MAX_DEPTH and raw:
            self.errors[at] = _("Blocks stand {most} deep at most. Move this one out.").having(most=MAX_DEPTH)
            return ()
        if parent is not None and len(raw) > parent.most:
            self.errors[at] = _("“{block}” holds at most {most}.").having(block=parent.label, most=parent.most)
        found = (self.node(one, f"{at}.{number}", parent, depth) for number, one in enumerate(raw))
        return tuple(node for node in found if node is not None)

    def node(self, raw: Any, at: str, parent: Block | None, depth: int) -> Node | None:
        if not isinstance(raw, Mapping):
            self.errors[at] = _("A block is an object with id and type.")
            return None
        if len(self.ids) >= MAX_BLOCKS:
            self.errors["blocks"] = _("A page has at most {most} blocks. Divide it.").having(most=MAX_BLOCKS)
            return None
        own_id = self.id_of(raw, at)
        block = self.book.get(str(raw.get("type")))
        if block is None:
            return self.unknown(raw, own_id, at)
        self.check(raw, own_id, at, block, parent)
        settings = self.model(block.settings, raw.get("settings") or {}, f"{at}.settings")
        look = self.model(Look, raw.get("look") or {}, f"{at}.look")
        children = self.nodes(raw.get("children") or [], f"{at}.children", block, depth + 1)
        if settings is None or look is None:
            return None
        is_hidden = raw.get("hidden") is True
        kept = settings.model_dump(mode="json", by_alias=True)
        return Node(own_id, block.name, kept, settings, look, children, is_hidden)

    def check(self, raw: Mapping[str, Any], own_id: str, at: str, block: Block, parent: Block | None) -> None:
        unknown = sorted(set(map(str, raw)) - {"id", "type", "settings", "look", "children", "hidden"})
        if unknown and self.is_strict:
            self.errors[f"{at}.{unknown[0][:60]}"] = _("Agora does not know this field. Leave it out.")
        if self.actor is None:
            return
        is_alone = parent is None and bool(block.inside) and not self.is_part
        if is_alone or (parent is not None and not parent.takes(block)):
            place = parent.label if parent else _("A page")
            self.errors[at] = _("“{place}” cannot hold “{block}”.").having(place=place, block=block.label)
        if not allows(self.actor, block.needs) and not self.is_as_before(raw, own_id):
            self.errors[at] = _("Your role may not add or change “{block}”. Ask an administrator.").having(
                block=block.label
            )

    def is_as_before(self, raw: Mapping[str, Any], own_id: str) -> bool:
        old = self.before.get(own_id)
        names = ("type", "settings")
        return old is not None and all((old.get(name) or {}) == (raw.get(name) or {}) for name in names)

    def unknown(self, raw: Mapping[str, Any], own_id: str, at: str) -> Node | None:
        """Keep a block of a plugin that is gone; refuse one that never was."""
        old = self.before.get(own_id) if self.is_strict else raw
        if old is None or old.get("type") != raw.get("type"):
            kind = str(raw.get("type"))[:60]
            self.errors[f"{at}.type"] = _("There is no block “{type}”. Known are: {known}.").having(
                type=kind, known=", ".join(sorted(self.book))
            )
            return None
        return Node(own_id, str(old["type"]), {}, None, kept=dict(old))

    def id_of(self, raw: Mapping[str, Any], at: str) -> str:
        own_id = raw.get("id") or new_block_id()
        if not isinstance(own_id, str) or not _id.fullmatch(own_id):
            self.errors[f"{at}.id"] = _("A block's id is up to 40 letters, digits, hyphens and underscores.")
            own_id = new_block_id()
        if own_id in self.ids:
            self.errors[f"{at}.id"] = _("Two blocks have the id “{id}”. Give one a new id.").having(id=own_id)
        self.ids.add(own_id)
        return own_id

    def model(self, kind: type[Any], raw: Any, at: str) -> Any:
        try:
            return kind.model_validate(raw)
        except ValidationError as error:
            if not self.is_strict:
                return self.repaired(kind, raw, error)
            self.errors.update({f"{at}.{name}": words for name, words in fields_of(error).items()})
            return None

    def repaired(self, kind: type[Any], raw: Any, error: ValidationError) -> Any:
        """Return what is stored without what no longer fits: a page never fails because a block's model changed."""
        amiss = {str(found["loc"][0]) for found in error.errors() if found["loc"]}
        try:
            return kind.model_validate({name: value for name, value in dict(raw).items() if name not in amiss})
        except (ValidationError, TypeError, ValueError):
            return kind()
