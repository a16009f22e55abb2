"""`/admin/builder/{page}/publishing`: what publishing would do, in words, and what was found looking the page over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content.pages import checking, content, queries
from engine.content.pages.checking import Remark
from engine.content.pages.comparing import compare
from engine.content.pages.content import PageContent
from engine.content.pages.models import ADDRESSED
from engine.content.pages.queries import Shown
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.blocks.tree import walk
from engine.core.i18n import Message, _, ngettext
from ui.builder import contrast
from ui.builder.opening import opened, plain_frame
from ui.templates import render

router = APIRouter(
    prefix="/admin/builder/{page_id:uuid}", include_in_schema=False, dependencies=[allow(Permission.EDIT_PAGES)]
)


@dataclass(frozen=True)
class Publishing:
    """What the dialog says. will: what publishing does; remarks: what to mend, with the name of its block.

    contrast: how well text is read on the page's backgrounds.
    """

    page: Shown
    will: Sequence[Message]
    remarks: Sequence[tuple[Remark, Message | str]]
    contrast: Message
    changes: int
    is_live: bool
    may_plan: bool


@router.get("/publishing")
async def show_publishing(page_id: UUID, house: House, actor: Caller) -> Response:
    """Answer what publishing the draft as it is saved would do."""
    page = await opened(house, actor, page_id)
    found = await house.db.query(_publishing, house, actor, page)
    return HTMLResponse(render("builder/publishing.html", found, plain_frame(house, page.title)))


def _publishing(connection: Connection, house: Ports, actor: Actor, page: Shown) -> Publishing:
    seen = queries.published(connection, [page.id]).get(page.id)
    written = content.read(page.content, house.blocks)
    changes = _changes(seen.content, page.content, house) if seen else 0
    return Publishing(
        page=page,
        will=_will(page, seen, changes),
        remarks=_remarks(connection, house, actor, page, written),
        contrast=contrast.summary(written.blocks, house.blocks, house.site.theme),
        changes=changes,
        is_live=seen is not None,
        may_plan=page.kind in ADDRESSED,
    )


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], house: Ports) -> int:
    """Return how many blocks differ, and settings of the page itself."""
    found = compare(before, after, house.blocks)
    return len({one.block_id or f"page {one.setting}" for one in found})


def _will(page: Shown, seen: Shown | None, changes: int) -> list[Message]:
    where = page.path or ""
    said: list[Message] = []
    if seen is None and page.path:
        said.append(_("A new page appears at {path}.").having(path=where))
    elif seen is None:
        said.append(_("It is used on the site from now on."))
    elif not changes:
        said.append(_("Visitors see all of this already. Nothing changes."))
    else:
        words = ngettext("{count} change goes live.", "{count} changes go live.", changes)
        said.append(_("{words} Visitors see them at {path}.").having(words=str(words), path=where) if where else words)
    if page.publish_at:
        said.append(_("The plan to publish it by itself is over then."))
    return said


def _remarks(
    connection: Connection, house: Ports, actor: Actor, page: Shown, written: PageContent
) -> list[tuple[Remark, Message | str]]:
    """Return what was found, the broken before what could be better, each in the order of the page."""
    moment, theme = house.moment(actor), house.site.theme
    found = checking.look_over(connection, page.kind, written, house.blocks, moment, theme, house.contrast)
    labels = {node.id: house.blocks[node.type].label for node in walk(written.blocks) if node.type in house.blocks}
    return [(one, labels.get(one.block_id, _("Page"))) for one in found]
