"""Writing menus: their items are checked, and an address of this site becomes a link that follows what stands there."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.content.menus.declared import PLAIN
from engine.content.menus.items import checked_items, refuse_nameless
from engine.content.menus.models import Menu
from engine.core.actor import Actor
from engine.core.linking import Links, is_address
from engine.core.records import writing
from engine.core.transaction import Tx


class Menus:
    """The verbs of menus. links: what their items can lead to."""

    def __init__(self, links: Links) -> None:
        self._links = links

    async def create(self, tx: Tx, actor: Actor, values: dict[str, Any]) -> Menu:
        """Add a menu. Raises NotAllowed, Invalid naming each field that cannot be taken."""
        values["items"] = await self._items(tx, values.get("items", []))
        made: Menu = await writing.create(tx, actor, PLAIN, values)
        return made

    async def update(self, tx: Tx, actor: Actor, menu_id: UUID, changes: dict[str, Any]) -> Menu:
        """Change a menu. Raises NotAllowed, NotFound, Invalid."""
        if "items" in changes:
            changes["items"] = await self._items(tx, changes["items"])
        changed: Menu = await writing.update(tx, actor, PLAIN, menu_id, changes)
        return changed

    async def _items(self, tx: Tx, sent: Any) -> list[dict[str, Any]]:
        kept = checked_items(sent)
        session = await tx.session.connection()
        following = await session.run_sync(self._following, kept)
        refuse_nameless(following, self._links.fixed)
        return following

    def _following(self, connection: Connection, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {
                **item,
                "target": followed(connection, self._links, item["target"]),
                "children": self._following(connection, item["children"]),
            }
            for item in items
        ]


def followed(connection: Connection, links: Links, target: str) -> str:
    """Return a link that names what stands at its address, where something of the house does; else the link itself.

    The part of the page that is meant (`#team`) stays; an address with a question (`?sort=new`) stays an address.
    """
    if not target.startswith("/") or "?" in target or not is_address(target):
        return target
    path, mark, place = target.partition("#")
    found = links.at(connection, path)
    return f"{found.reference}{mark}{place}" if found is not None else target
