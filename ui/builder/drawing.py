"""`/admin/builder/{page}/draw`: blocks as the page shows them, drawn alone, for the script that swaps them in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from markupsafe import Markup
from pydantic import Field

from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.content.pages.loading import load
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.blocks import tree
from engine.core.blocks.tree import Node, Tree
from ui.blocks.drawing import Drawing
from ui.builder.opening import let_in, plain_frame
from ui.storefront.pages import link_in

router = APIRouter(
    prefix="/admin/builder/{page_id:uuid}", include_in_schema=False, dependencies=[allow(Permission.EDIT_PAGES)]
)
Blocks = Annotated[list[dict[str, Any]], Field(max_length=tree.MAX_BLOCKS)]


class Asked(Wire):
    """Blocks to draw, each with what stands in it. kept: ids of those inside that stand on the page already.

    ranks: of the headings of blocks in the whole page's outline, by id.
    """

    blocks: Blocks
    ranks: dict[str, Annotated[int, Field(ge=1, le=6)]] = Field(default_factory=dict, max_length=tree.MAX_BLOCKS)
    kept: list[str] = Field(default_factory=list, max_length=tree.MAX_BLOCKS)


class Drawn(Wire):
    """What was drawn, by id. In place of what is kept stands an empty element that names it: `data-kept`."""

    drawn: dict[str, str]


@dataclass(frozen=True)
class PartDrawing(Drawing):
    """A drawing that leaves room for blocks that the page has drawn already."""

    kept: Collection[str] = ()

    def block(self, node: Node) -> Markup:
        """Return a block that stands in another, or the room for it."""
        if node.id in self.kept:
            return Markup('<div data-kept="{}"></div>').format(node.id)
        return super().block(node)

    def asked(self, node: Node) -> Markup:
        """Return a block that was asked for, with what stands in it."""
        return super().block(node)


@router.post("/draw")
async def draw(page_id: UUID, asked: Asked, request: Request, house: House, actor: Caller) -> Drawn:
    """Answer blocks as the page shows them while it is built. Nothing is saved; what cannot be is left out."""
    title = await let_in(house, actor, page_id)
    nodes = tuple(node for raw in asked.blocks for node in tree.read([raw], house.blocks))
    return Drawn(drawn=await drawn(request, house, title, nodes, frozenset(asked.kept), asked.ranks))


async def drawn(
    request: Request,
    house: Ports,
    title: str,
    nodes: Tree,
    kept: Collection[str] = (),
    ranks: Mapping[str, int] = MappingProxyType({}),
) -> dict[str, str]:
    """Return blocks drawn with the builder's marks, by their ids."""
    moment = house.moment(Actor.stranger())
    loaded = await house.db.query(load, fresh(nodes, kept), house.blocks, moment, with_hidden=True)
    drawing = PartDrawing(house.blocks, loaded, plain_frame(house, title), link_in(request), True, ranks, kept=kept)
    return {node.id: drawing.asked(node) for node in nodes}


def fresh(nodes: Sequence[Node], kept: Collection[str]) -> Tree:
    """Return the blocks without those in them that are kept: nothing has to be read for them."""
    return tuple(
        replace(node, children=fresh([child for child in node.children if child.id not in kept], kept))
        for node in nodes
    )
