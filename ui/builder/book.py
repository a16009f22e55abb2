"""The types of blocks as the builder's script knows them: what may stand where, and what a new one comes with."""

from collections.abc import Mapping
from typing import Any

from engine.core.access import allows
from engine.core.actor import Actor
from engine.core.blocks.declaring import Block, BlockGroup, Book, meaning_of
from engine.core.blocks.tree import Node, made
from engine.core.i18n import Message, _, format_message
from ui.markup import icon

GROUPS: Mapping[BlockGroup, Message] = {
    BlockGroup.SECTIONS: _("Sections"),
    BlockGroup.TEXT: _("Text"),
    BlockGroup.MEDIA: _("Pictures and films"),
    BlockGroup.LAYOUT: _("Layout"),
    BlockGroup.SITE: _("Site"),
    BlockGroup.SHOP: _("Shop"),
}


def book_for(book: Book, actor: Actor, locale: str) -> dict[str, Any]:
    """Return every type as JSON, by its name, in the words of a language."""
    return {block.name: _type(block, book, actor, locale) for block in book.values()}


def groups_in(book: Book, locale: str) -> list[dict[str, str]]:
    """Return the groups of the palette that have something in them, in their order."""
    used = {block.group for block in book.values() if block.in_palette}
    return [
        {"name": group.value, "label": format_message(words, locale)}
        for group, words in GROUPS.items()
        if group in used
    ]


def _type(block: Block, book: Book, actor: Actor, locale: str) -> dict[str, Any]:
    fields = block.settings.model_fields
    return {
        "name": block.name,
        "label": format_message(block.label, locale),
        "text": format_message(block.text, locale),
        "icon": str(icon(block.icon)),
        "group": block.group.value,
        "words": block.words,
        "holds": block.holds if block.holds == "anything" else list(block.holds),
        "inside": list(block.inside),
        "most": block.most,
        "isRanked": not {"title", "name", "question"}.isdisjoint(fields),
        "titled": _wire(block, block.titled) if block.titled else "",
        "kinds": {_wire(block, name): meaning_of(info) for name, info in fields.items()},
        "offered": block.in_palette and allows(actor, block.needs),
        "allowed": allows(actor, block.needs),
        "new": _bare(made(block, book)),
    }


def _wire(block: Block, name: str) -> str:
    return block.settings.model_fields[name].alias or name


def _bare(node: Node) -> dict[str, Any]:
    """Return a new block without ids: the script gives each copy its own."""
    plain = node.plain()
    return {**plain, "id": "", **({"children": [_bare(child) for child in node.children]} if node.children else {})}
