"""What a tree of blocks shows beyond its settings: pictures, files, links, and what its blocks read. Few queries."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.content.pages.reuse import borrowed
from engine.core.blocks.declaring import Block, Book, Moment
from engine.core.blocks.tree import Node, Tree, walk
from engine.core.linking import SCHEME, LinkPlace
from engine.media.public import MediaUrls, PublicFile, files, urls

_linked = re.compile(r'href="(agora:[^"]+)"')


@dataclass(frozen=True, slots=True)
class Loaded:
    """pictures and files: by the id that a setting holds; links: where references lead, without those that are gone.

    data: what a block's `load` found, by the block's id. inside: what is drawn in a block instead of what stands in it,
    by the block's id.
    """

    pictures: Mapping[str, MediaUrls] = field(default_factory=dict)
    files: Mapping[str, PublicFile] = field(default_factory=dict)
    links: Mapping[str, LinkPlace] = field(default_factory=dict)
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
    inside = borrowed(connection, nodes, book)
    every = [*walk(nodes), *(node for tree in inside.values() for node in walk(tree))]
    drawn = (node for node in every if node.settings is not None and (with_hidden or not node.is_hidden))
    known = [(node, book[node.type]) for node in drawn]
    pictured = {text for text in (*_values(known, "image"), *more) if text}
    filed = {text for text in _values(known, "file") if text}
    linked = {text for text in _values(known, "href") if text.startswith(f"{SCHEME}:")}
    linked |= {found for text in _values(known, "richtext") if SCHEME in text for found in _linked.findall(text)}
    return Loaded(
        _named(urls(connection, map(UUID, pictured)), pictured),
        _named(files(connection, map(UUID, filed)), filed),
        moment.links.places(connection, linked) if linked else {},
        {node.id: block.load(connection, moment, node.settings) for node, block in known if block.load},
        inside,
    )


def _values(known: Sequence[tuple[Node, Block]], meaning: str) -> Iterator[str]:
    """Yield every setting of these blocks that means this."""
    return (getattr(node.settings, name) for node, block in known for name in block.fields_of(meaning))


def _named(found: Mapping[UUID, Any], named: set[str]) -> dict[str, Any]:
    return {text: found[UUID(text)] for text in named if UUID(text) in found}
