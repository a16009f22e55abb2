"""Which pages a fact makes untrue, and the listener that lets go of them in every process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from engine.api.pagecache.edge import Ledger
from engine.api.pagecache.shelf import Shelf
from engine.commerce.catalog.facts import InventoryUpdated
from engine.commerce.catalog.memory import CALM_SECONDS
from engine.commerce.catalog.shop import STOCK
from engine.content.menus.declared import PATH as MENUS
from engine.content.pages.models import PARTS
from engine.core.facts import Fact, RecordedFact
from engine.core.ports import EdgeCache
from engine.core.reactions import Listener
from engine.core.records.facts import RecordCreated, RecordDeleted, RecordUpdated
from engine.core.resource import Resource
from engine.core.shown import every, group_of

log = logging.getLogger("agora.pages")
RECORDS = (RecordCreated, RecordUpdated, RecordDeleted)
#: What no page of the site shows, by the beginnings of facts' names.
UNSEEN = ("cart.", "user.", "job.", "media.uploaded", "inventory.low")
#: Facts about one thing, or what people say of it (`subject_id`): the groups of tables in which that is shown, by the
#: beginnings of their names.
ABOUT: Mapping[str, tuple[str, ...]] = {
    "product.": ("catalog",),
    "page.": ("pages", "articles"),
    "media.": ("media",),
    "form.": ("forms",),
    "order.": ("ordering",),
    "payment.": ("ordering",),
    "review.": ("reviews",),
    "rating.": ("reviews",),
    "comment.": ("comments",),
}


def marks_of(fact: Fact, resources: Mapping[str, Resource]) -> frozenset[str] | None:
    """Return the marks of pages that a fact makes untrue (engine/core/shown.py); None for all pages.

    All are meant, too, by what nobody knows here: a plugin's own facts.
    """
    if fact.name.startswith(UNSEEN):
        return frozenset()
    if isinstance(fact, RECORDS):
        return _of_record(resources.get(fact.resource))
    if isinstance(fact, InventoryUpdated):
        return frozenset((STOCK, f"catalog:{fact.product_id}"))
    if getattr(fact, "kind", None) in PARTS:
        return None
    for beginning, groups in ABOUT.items():
        if fact.name.startswith(beginning):
            about = getattr(fact, "subject_id", fact.about)
            return frozenset((*groups, *(f"{group}:{about}" for group in groups)))
    return None


def _of_record(resource: Resource | None) -> frozenset[str] | None:
    if resource is None or resource.path == MENUS:
        return None
    group = group_of(str(resource.model.__tablename__))
    return frozenset((group, every(group)))


class Expiry:
    """Lets go of pages as facts are heard. It listens last: what a page is drawn of is read anew by then.

    around: reads what stands around every page (menus, the category tree, header and footer), from memory or anew;
    where that is another than before, every page is. edge: a cache before us that keeps pages, too.
    """

    def __init__(
        self,
        shelf: Shelf,
        resources: Mapping[str, Resource],
        around: Callable[[], Awaitable[tuple[Any, ...]]],
        edge: EdgeCache | None = None,
    ) -> None:
        self.shelf = shelf
        self._resources = resources
        self.ledger = Ledger(edge) if edge is not None else None
        self._around = around
        self._known: tuple[Any, ...] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._is_again = False
        #: How long what stands around pages may be late.
        self.calm_seconds = CALM_SECONDS + 0.1

    def listener(self) -> Listener:
        """Return what hears of every fact."""

        async def hear(recorded: RecordedFact) -> None:
            self.hear(recorded.fact)

        return Listener((Fact,), hear)

    def hear(self, fact: Fact) -> None:
        """Let go of what a fact makes untrue."""
        marks = marks_of(fact, self._resources)
        if marks is None:
            self._clear()
        elif marks:
            self.shelf.expire(marks)
            self._tell(marks)
            self._look_around()

    def _clear(self) -> None:
        self._known = None
        self.shelf.clear()
        self._tell(None)

    def _tell(self, marks: Iterable[str] | None) -> None:
        if self.ledger is not None:
            self.ledger.changed(marks)

    async def settled(self) -> None:
        """Wait until nothing is left to be looked at."""
        if self._looking is not None:
            await self._looking

    async def surround(self) -> None:
        """Remember what stands around the pages that are drawn from now on."""
        if self._known is None:
            self._known = await self._around()

    def _look_around(self) -> None:
        """Look at once, and again once the category tree is read anew, whether pages have another frame now."""
        self._is_again = True
        if not self.shelf.is_idle and (self._looking is None or self._looking.done()):
            self._looking = asyncio.get_running_loop().create_task(self._looks())

    async def _looks(self) -> None:
        while self._is_again:
            self._is_again = False
            await self._compare()
            await asyncio.sleep(self.calm_seconds)
            await self._compare()

    async def _compare(self) -> None:
        try:
            found = await self._around()
        except Exception:
            log.exception("what stands around pages could not be read; all pages are drawn anew")
            self._clear()
            return
        if self._known is not None and found != self._known:
            self.shelf.clear()
            self._tell(None)
        self._known = found
