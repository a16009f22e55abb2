"""What a tree of blocks shows beyond its settings: pictures, files, and what its blocks read. One hop, few queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.core.blocks.declaring import Book, Moment
from engine.core.blocks.tree import Node, walk
from engine.media.public import MediaUrls, urls


@dataclass(frozen=True, slots=True)
class Loaded:
    """pictures: by the id that a setting holds; data: what a block's `load` found, by the block's id."""

    pictures: Mapping[str, MediaUrls] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


def load(
    connection: Connection,
    nodes: Sequence[Node],
    book: Book,
    moment: Moment,
    more: Sequence[str] = (),
    *,
    with_hidden: bool = False,
) -> Loaded:
    """Read what these blocks show. more: pictures besides theirs, such as the page's own for networks.

    with_hidden: also what hidden blocks show, to whoever builds the page.
    """
    drawn = (node for node in walk(nodes) if node.settings is not None and (with_hidden or not node.is_hidden))
    known = [(node, book[node.type]) for node in drawn]
    named = {getattr(node.settings, name) for node, block in known for name in block.fields_of("image")}
    ids = {text: UUID(text) for text in named.union(more) if text}
    found = urls(connection, ids.values())
    pictures = {text: found[id_] for text, id_ in ids.items() if id_ in found}
    data = {node.id: block.load(connection, moment, node.settings) for node, block in known if block.load}
    return Loaded(pictures, data)
