"""Pages, built through their verbs."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.api.ports import Ports
from engine.content.pages import content, publishing, queries, writing
from engine.content.pages.models import Page, PageKind
from engine.content.pages.queries import Shown
from engine.content.pages.writing import Saved
from engine.core.actor import Actor, Role
from engine.core.ids import new_id

EDITOR = Actor.person(new_id(), Role.EDITOR, "", "Edda")


def block(kind: str, /, *children: Mapping[str, Any], id: str = "", **settings: Any) -> dict[str, Any]:  # noqa: A002 - the wire's word
    """Return a block as JSON."""
    made: dict[str, Any] = {"type": kind, "settings": settings}
    if id:
        made["id"] = id
    if children:
        made["children"] = list(children)
    return made


class Site:
    """The pages of a house, written by an editor who has no account (versions name them, and point to nobody)."""

    def __init__(self, house: Ports, actor: Actor) -> None:
        self.house, self.actor = house, actor

    async def page(
        self, title: str = "About us", *blocks: Mapping[str, Any], published: bool = False, **more: Any
    ) -> Page:
        """Begin a page with these blocks, published or not."""
        fields = more.pop("fields", {})
        written = content.read({"title": title, "blocks": list(blocks), **fields}, self.house.blocks, actor=self.actor)
        async with self.house.db.write() as tx:
            page = await writing.create(tx, self.actor, title=title, written=written, **more)
        return await self.publish(page.id) if published else page

    async def article(self, title: str = "News", *blocks: Mapping[str, Any], **more: Any) -> Page:
        """Begin an article."""
        return await self.page(title, *blocks, kind=PageKind.ARTICLE, **more)

    async def publish(self, page_id: UUID) -> Page:
        async with self.house.db.write() as tx:
            return await publishing.publish(tx, self.actor, page_id)

    async def save(
        self, page_id: UUID, edit: int, raw: Mapping[str, Any], actor: Actor | None = None, **more: Any
    ) -> Saved:
        """Save a draft as somebody."""
        async with self.house.db.write() as tx:
            return await writing.save(tx, actor or self.actor, self.house.blocks, page_id, edit, raw, **more)

    async def change(self, page_id: UUID, **changes: Any) -> Page:
        async with self.house.db.write() as tx:
            return await writing.change(tx, self.actor, page_id, changes)

    async def draft(self, page_id: UUID) -> Shown:
        found = await self.house.db.query(queries.draft, page_id)
        assert found is not None
        return found
