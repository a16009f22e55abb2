"""Menus as every page needs them: where each item leads now, kept in memory, read again when facts say so."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from engine.content.menus.declared import PATH
from engine.content.menus.items import MenuItem, items_of, walked
from engine.content.menus.models import Menu
from engine.core import shown
from engine.core.database import Database
from engine.core.demo import DemoChanged
from engine.core.facts import Fact, RecordedFact
from engine.core.i18n import Message
from engine.core.linking import LinkPlace, Links, split_reference
from engine.core.reactions import Listener
from engine.core.records.facts import RecordCreated, RecordDeleted, RecordUpdated


@dataclass(frozen=True, slots=True)
class MenuLink:
    """An item as a visitor sees it. url: empty for a heading. columns: 0 where what is below is a plain list."""

    label: Message | str
    url: str
    is_new_tab: bool
    columns: int
    children: Sequence["MenuLink"]

    @property
    def href(self) -> str:
        return self.url

    @property
    def opens(self) -> bool:
        """Whether what is below it is shown in a panel."""
        return bool(self.children)


@dataclass(frozen=True, slots=True)
class SeenMenus:
    """Every menu by its place, and the kinds of things that some item leads to."""

    by_place: Mapping[str, Sequence[MenuLink]]
    kinds: frozenset[str]


class MenuMemory:
    """Holds the menus for one process."""

    def __init__(self, db: Database, links: Links) -> None:
        self._db = db
        self._links = links
        self._seen: SeenMenus | None = None
        self._turn = 0
        self._reading = asyncio.Lock()

    async def menu(self, location: str) -> Sequence[MenuLink]:
        """Return what a visitor sees of a menu: nothing where there is none, or where none of it is public."""
        return (await self.seen()).by_place.get(location, ())

    async def seen(self) -> SeenMenus:
        """Return every menu as a visitor sees it."""
        return self._seen or await self._read()

    async def _read(self) -> SeenMenus:
        async with self._reading:
            while self._seen is None:
                turn = self._turn
                with shown.recording(None):
                    seen = await self._db.query(seen_menus, self._links)
                if turn == self._turn:  # nothing changed while it was read
                    self._seen = seen
            return self._seen

    def listener(self) -> Listener:
        """Return what hears of changes: of menus, and of things that some item leads to."""

        async def hear(recorded: RecordedFact) -> None:
            fact = recorded.fact
            if isinstance(fact, (RecordCreated, RecordUpdated, RecordDeleted)):
                concerns = fact.resource == PATH
            else:
                kinds = self._seen.kinds if self._seen else frozenset()
                concerns = isinstance(fact, DemoChanged) or any(
                    isinstance(fact, self._links.kinds[kind].on) for kind in kinds
                )
            if concerns:
                self._seen, self._turn = None, self._turn + 1

        return Listener((Fact,), hear)  # which kinds there are is known once the house is wired


def seen_menus(connection: Connection, links: Links) -> SeenMenus:
    """Return every menu as a visitor sees it: one query for the menus, one for each kind of thing they lead to.

    An item whose thing is gone or not public is left out, with what stands below it.
    """
    menus = {row.location: items_of(row.items) for row in connection.execute(select(Menu.location, Menu.items))}
    targets = {item.target for items in menus.values() for _path, item in walked(items) if item.target}
    places = links.places(connection, targets)
    named = (split_reference(target) for target in targets)
    kinds = frozenset(found[0] for found in named if found and found[0] in links.kinds)
    return SeenMenus({place: _seen(items, places) for place, items in menus.items()}, kinds)


def seen_menu(connection: Connection, links: Links, menu_id: UUID) -> tuple[MenuLink, ...]:
    """Return one menu as a visitor sees it; nothing where it is gone."""
    raw = connection.scalar(select(Menu.items).where(Menu.id == menu_id))
    items = items_of(raw) if raw else []
    targets = {item.target for _path, item in walked(items) if item.target}
    return _seen(items, links.places(connection, targets))


def _seen(items: Sequence[MenuItem], places: Mapping[str, LinkPlace]) -> tuple[MenuLink, ...]:
    found = []
    for item in items:
        place = places.get(item.target) if item.target else None
        if item.target and (place is None or not place.is_public):
            continue
        children = _seen(item.children, places)
        if item.children and not children and not item.target:
            continue
        label = item.label or (place.title if place else "")
        found.append(MenuLink(label, place.url if place else "", item.new_tab, item.columns, children))
    return tuple(found)
