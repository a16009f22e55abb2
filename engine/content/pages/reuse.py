"""Reusable blocks: what a page borrows from elsewhere, with what it changes of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import Connection, String, cast, or_, select

from engine.content.pages import queries
from engine.content.pages.models import Page, PageKind, PageVersion
from engine.core.blocks import tree
from engine.core.blocks.declaring import Book
from engine.core.blocks.tree import Node, Tree, walk
from engine.core.errors import Invalid

REUSABLE = "reusable"
#: A reusable block in one in one: deeper ones show nothing, and so does one in itself.
MAX_DEPTH = 3


@dataclass(frozen=True, slots=True)
class _Use:
    """One place where something is borrowed. above: what it stands in already."""

    node: Node
    source: UUID
    above: frozenset[UUID] = frozenset()


def borrowed(connection: Connection, nodes: Sequence[Node], book: Book) -> dict[str, Tree]:
    """Return what stands in each reusable block of a tree by its id: one query for each of at most three levels.

    Visitors see what is published of it; what is not, what is gone, and what holds itself shows nothing.
    """
    found: dict[str, Tree] = {}
    waiting = [_Use(node, source) for node, source in _uses(nodes)]
    for _level in range(MAX_DEPTH):
        shown = queries.published(connection, list({use.source for use in waiting}))
        coming: list[_Use] = []
        for use in waiting:
            page = shown.get(use.source)
            if page is None or page.kind is not PageKind.REUSABLE or use.source in use.above:
                continue
            above = use.above | {use.source}
            found[use.node.id] = made = _fitted(page.content.get("blocks"), use.node, book)
            coming += [_Use(node, source, above) for node, source in _uses(made)]
        waiting = coming
    return found


def original(connection: Connection, source: UUID, book: Book) -> tuple[str, Tree] | None:
    """Return the title of a reusable block and what is published of it; None where nothing is."""
    page = queries.published(connection, [source]).get(source)
    if page is None or page.kind is not PageKind.REUSABLE:
        return None
    try:
        return page.title, tree.read(page.content.get("blocks"), book)
    except Invalid:
        return page.title, ()


def detached(connection: Connection, use: Node, book: Book) -> Tree:
    """Return what a use shows as blocks of the page itself, with ids of their own; what they borrow they borrow."""
    source = getattr(use.settings, "source", "")
    page = queries.published(connection, [UUID(source)]).get(UUID(source)) if source else None
    if page is None or page.kind is not PageKind.REUSABLE:
        return ()
    return tree.renewed(_fitted(page.content.get("blocks"), use, book))


def used_on(connection: Connection, source: UUID, limit: int = 100) -> list[tuple[UUID, str]]:
    """Return the pages that show a reusable block, in their draft or to visitors: (id, title)."""
    versions = or_(PageVersion.id == Page.draft_version_id, PageVersion.id == Page.published_version_id)
    shown = cast(PageVersion.content, String).contains(str(source), autoescape=True)
    found = select(Page.id, Page.title).join(PageVersion, versions).where(shown, Page.id != source).distinct()
    rows = connection.execute(found.order_by(Page.title, Page.id).limit(limit))
    return [(id_, title) for id_, title in rows]


def _uses(nodes: Sequence[Node]) -> Iterator[tuple[Node, UUID]]:
    for node in walk(nodes):
        source = getattr(node.settings, "source", "") if node.type == REUSABLE else ""
        if source:
            yield node, UUID(source)


def _fitted(raw: Any, use: Node, book: Book) -> Tree:
    """Return blocks as one place uses them: with ids of their own, and with the settings that were changed here."""
    try:
        nodes = tree.read(raw, book)
    except Invalid:
        return ()
    changes: Mapping[str, Mapping[str, Any]] = getattr(use.settings, "overrides", {})
    return tuple(_own(node, use.id, changes, book) for node in nodes)


def _own(node: Node, prefix: str, changes: Mapping[str, Mapping[str, Any]], book: Book) -> Node:
    children = tuple(_own(child, prefix, changes, book) for child in node.children)
    made = replace(node, id=f"{prefix}-{node.id}", children=children)
    changed = changes.get(node.id)
    block = book.get(node.type)
    if not changed or block is None or node.settings is None:
        return made
    try:
        settings = block.settings.model_validate({**node.raw, **changed})
    except ValidationError:
        return made
    return replace(made, raw=settings.model_dump(mode="json", by_alias=True), settings=settings)
