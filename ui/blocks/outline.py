"""The headings of a page: which rank each block's own has, so that the outline has no holes whatever people build."""

from collections.abc import Mapping, Sequence

from engine.core.blocks.declaring import BlockGroup, Book
from engine.core.blocks.tree import Node, Tree

FIRST = 2
LAST = 6


def outline(nodes: Sequence[Node], book: Book, inside: Mapping[str, Tree] | None = None) -> dict[str, int]:
    """Return the rank of each block's heading by the block's id; 1 for the opening that is the page's own.

    What follows a heading stands below it; a section with a title of its own begins anew. inside: see `Loaded`.
    """
    ranks: dict[str, int] = {}
    _rank(nodes, book, inside or {}, FIRST, ranks)
    if (opening := _opening(nodes, inside or {})) is not None:
        ranks[opening.id] = 1
    return ranks


def _rank(nodes: Sequence[Node], book: Book, inside: Mapping[str, Tree], level: int, ranks: dict[str, int]) -> None:
    following = level
    for node in nodes:
        block = book.get(node.type)
        if block is None:
            continue
        has_title = bool(getattr(node.settings, "title", ""))
        begins_anew = has_title and block.group in (BlockGroup.SECTIONS, BlockGroup.SHOP)
        own = ranks[node.id] = level if begins_anew else following
        if node.type == "heading":
            following = min(int(getattr(node.settings, "level", FIRST)) + 1, LAST)
        _rank(inside.get(node.id, node.children), book, inside, min(own + has_title, LAST), ranks)


def _opening(nodes: Sequence[Node], inside: Mapping[str, Tree]) -> Node | None:
    """Return the opening that everybody sees first of all, or None."""
    first = next((node for node in nodes if not node.is_hidden), None)
    if first is None or first.look.hidden_on:
        return None
    if first.type == "hero":
        return first
    return _opening(inside.get(first.id, first.children), inside)
