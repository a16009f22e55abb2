"""What a tree of blocks shows beyond its settings: pictures, files, and what its blocks read. One hop, few queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.core.blocks.declaring import Book, Moment
from engine.core.blocks.tree import Node, Tree, walk
from engine.media.public import MediaUrls, PublicFile, files, urls


@dataclass(frozen=True, slots=True)
class Loaded:
    """pictures and files: by the id that a setting holds; data: what a block's `load` found, by the block's id.

    inside: what is drawn in a block instead of what stands in it, by the block's id.
    """

    pictures: Mapping[str, MediaUrls] = field(default_factory=dict)
    files: Mapping[str, PublicFile] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    inside: Mapping[str, Tree] = field(default_factory=dict)


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
    pictured = {getattr(node.settings, name) for node, block in known for name in block.fields_of("image")}
    filed = {getattr(node.settings, name) for node, block in known for name in block.fields_of("file")}
    data = {node.id: block.load(connection, moment, node.settings) for node, block in known if block.load}
    return Loaded(
        _named(urls(connection, _ids(pictured.union(more))), pictured.union(more)),
        _named(files(connection, _ids(filed)), filed),
        data,
    )


def _ids(named: set[str]) -> list[UUID]:
    return [UUID(text) for text in named if text]


def _named(found: Mapping[UUID, Any], named: set[str]) -> dict[str, Any]:
    return {text: found[UUID(text)] for text in named if text and UUID(text) in found}
