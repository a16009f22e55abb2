"""What every shop page needs of the catalogue: kept in memory, read again when facts say that it changed."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection

from engine.commerce.catalog import facets, shop
from engine.commerce.catalog.facts import CategoryChanged, ProductCreated, ProductDeleted, ProductUpdated
from engine.commerce.catalog.resources import PRODUCT_TAGS
from engine.commerce.catalog.shelves import category_tree, flat
from engine.commerce.catalog.shop import Whole
from engine.commerce.catalog.views import CategoryView
from engine.core import shown
from engine.core.counting import EXACT, KNOWN_SECONDS
from engine.core.database import Database
from engine.core.demo import DemoChanged
from engine.core.facts import RecordedFact
from engine.core.reactions import Listener
from engine.core.records.facts import RecordCreated, RecordDeleted, RecordUpdated
from engine.media.public import MediaChanged, MediaUrls

#: An import tells of thousands of products a minute: counts and covers follow this much behind.
CALM_SECONDS = 2.0
MOST_COVERS = 12
MOST_LISTS = 500
PRODUCTS = (ProductCreated, ProductUpdated, ProductDeleted, CategoryChanged, DemoChanged)
TAGS = (RecordCreated, RecordUpdated, RecordDeleted)


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """The categories that have something to show. covers: pictures of the top ones, by id.

    A cover is the category's own picture, else a product's. options: the names of the options that products have, the
    commonest first.
    """

    top: Sequence[CategoryView] = ()
    covers: Mapping[UUID, MediaUrls] = field(default_factory=dict)
    by_path: Mapping[str, CategoryView] = field(default_factory=dict)
    by_id: Mapping[UUID, CategoryView] = field(default_factory=dict)
    options: Sequence[str] = ()

    @property
    def is_large(self) -> bool:
        """Whether counting takes so long that no page should wait for it."""
        return sum(category.product_count for category in self.top) > EXACT

    def trail(self, category: CategoryView) -> list[CategoryView]:
        """Return the way from the top down to a category, itself at the end."""
        found = [category]
        while (parent := self.by_id.get(found[0].parent_id or found[0].id)) is not None and parent is not found[0]:
            found.insert(0, parent)
        return found

    def deepest(self, ids: Sequence[UUID]) -> CategoryView | None:
        """Return the most exact of these categories."""
        known = [self.by_id[id_] for id_ in ids if id_ in self.by_id]
        return max(known, key=lambda category: category.depth, default=None)


class CategoryMemory:
    """Holds the tree for one process, and what the lists of its categories hold before they are narrowed.

    The tree may be late by CALM_SECONDS; what is said of more than EXACT products is what was known when somebody last
    asked, and is read again beside the page after KNOWN_SECONDS; other lists are never late.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._tree: CategoryTree | None = None
        self._read_at = 0.0
        self._is_stale = True
        self.calm_seconds = CALM_SECONDS
        self._reading = asyncio.Lock()
        self._lists: dict[tuple[UUID, ...] | None, Whole] = {}
        self._long: dict[tuple[UUID, ...] | None, tuple[float, Whole]] = {}
        self._behind: asyncio.Task[None] | None = None
        self._counting: dict[tuple[UUID, ...] | None, asyncio.Task[Whole]] = {}

    async def whole_list(self, category_ids: Sequence[UUID] | None) -> Whole:
        """Return what a list holds, of everything or of these categories."""
        key = None if category_ids is None else tuple(category_ids)
        if key in self._lists:
            return self._lists[key]
        at, long = self._long.get(key, (0.0, None))
        if long is None:
            return await self._read_list(key)
        shown.lasts(KNOWN_SECONDS)
        if time.monotonic() - at > KNOWN_SECONDS and key not in self._counting:
            self._counting[key] = task = asyncio.create_task(self._read_list(key))
            task.add_done_callback(lambda _task: self._counting.pop(key, None))
        return long

    async def _read_list(self, key: tuple[UUID, ...] | None) -> Whole:
        known = self._lists
        with shown.recording(None):
            found = await self._db.query(shop.whole_list, key)
        if len(known) >= MOST_LISTS:
            known.clear()
        known[key] = found  # into what a change meanwhile has put away
        self._keep_long(key, found)
        return found

    def _keep_long(self, key: tuple[UUID, ...] | None, found: Whole) -> None:
        self._long.pop(key, None)
        if found.total > EXACT:
            if len(self._long) >= MOST_LISTS:
                self._long.clear()
            self._long[key] = (time.monotonic(), found)

    async def tree(self) -> CategoryTree:
        """Return the tree, read again if it changed; a large one beside the page, which has the old one."""
        if self._tree is not None and self._tree.is_large and self._is_stale:
            shown.lasts(KNOWN_SECONDS)
        if not self._needs_reading():
            return self._tree or CategoryTree()
        if self._tree is not None and self._tree.is_large:
            if self._behind is None or self._behind.done():
                self._behind = asyncio.create_task(self._read())
            return self._tree
        await self._read()
        return self._tree or CategoryTree()

    async def _read(self) -> None:
        async with self._reading:
            if self._needs_reading():
                self._is_stale = False
                with shown.recording(None):
                    self._tree = await self._db.query(_read)
                self._read_at = time.monotonic()

    def _needs_reading(self) -> bool:
        if self._tree is None:
            return True
        calm = KNOWN_SECONDS if self._tree.is_large else self.calm_seconds
        return self._is_stale and time.monotonic() - self._read_at > calm

    def listener(self) -> Listener:
        """Return what hears of changes."""

        async def hear(recorded: RecordedFact) -> None:
            fact = recorded.fact
            if isinstance(fact, TAGS) and fact.resource != PRODUCT_TAGS.path:
                return
            if isinstance(fact, (*PRODUCTS, *TAGS)):
                self._lists = {}
            self._is_stale = True
            if isinstance(fact, CategoryChanged):
                self._tree = None

        return Listener((*PRODUCTS, *TAGS, MediaChanged), hear)


def _read(connection: Connection) -> CategoryTree:
    tree = category_tree(connection, is_exact=True)
    everything = list(flat(tree))
    top = [category for category in tree if category.product_count]
    covers = {}
    for category in top[:MOST_COVERS]:
        picture = category.image or shop.cover(connection, [one.id for one in flat([category])])
        if picture is not None:
            covers[category.id] = picture
    by_path, by_id = {one.path: one for one in everything}, {one.id: one for one in everything}
    return CategoryTree(top, covers, by_path, by_id, facets.option_names(connection))
