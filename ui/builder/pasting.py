"""`/admin/builder/{page}/paste`: blocks from a clipboard, of this site or another, checked like any that are saved."""

from typing import Any
from uuid import UUID

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.core.access import Permission
from engine.core.blocks import tree
from ui.builder.opening import let_in

router = APIRouter(
    prefix="/admin/builder/{page_id:uuid}", include_in_schema=False, dependencies=[allow(Permission.EDIT_PAGES)]
)


class Pasted(Wire):
    """Blocks as JSON."""

    blocks: list[Any]


@router.post("/paste")
async def paste(page_id: UUID, asked: Pasted, house: House, actor: Caller) -> Pasted:
    """Answer the blocks cleaned, with new ids. Raises Invalid for what this person may not add."""
    await let_in(house, actor, page_id)
    nodes = tree.read(asked.blocks, house.blocks, actor=actor, is_part=True)
    return Pasted(blocks=tree.plain(tree.renewed(nodes)))
