"""The versions of a page: what each changed, side by side, and the way back to any of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Connection

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content.pages import queries, writing
from engine.content.pages.comparing import Difference, Kind, compare
from engine.content.pages.models import PageKind
from engine.content.pages.queries import Shown, Version
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.blocks.declaring import Book
from engine.core.errors import NotFound
from engine.core.i18n import Message, _
from engine.core.ids import parse_id
from ui.page import Flash
from ui.respond import page, redirect
from ui.storefront.held import private
from ui.storefront.navigation import footer, header
from ui.storefront.pages import answer_page

router = APIRouter(prefix="/admin/pages/{page_id:uuid}/versions", include_in_schema=False)
MAY_READ = allow(Permission.VIEW_PAGES)
MAY_WRITE = allow(Permission.EDIT_PAGES)
KINDS: dict[str, Message] = {
    "autosave": _("Saved by itself"),
    "save": _("Saved"),
    "restore": _("Brought back"),
    "import": _("Imported"),
}
DIFFERENT: dict[Kind, Message] = {
    Kind.ADDED: _("New"),
    Kind.REMOVED: _("Gone"),
    Kind.CHANGED: _("Changed"),
    Kind.MOVED: _("Moved"),
}
LISTS = {PageKind.ARTICLE: (_("Articles"), "/admin/articles")}


@dataclass(frozen=True)
class Line:
    """One difference, as `ui.differences` takes it."""

    kind: Kind
    label: Message
    block: Message | str | None
    field: Message | str
    before: str
    after: str


@dataclass(frozen=True)
class Versions:
    """A page's versions, and two of them beside each other. old: None for the first."""

    shown: Shown
    parent: tuple[Message, str]
    versions: Sequence[Version]
    old: Version | None
    new: Version
    lines: Sequence[Line]
    kinds: dict[str, Message]
    may_write: bool


@router.get("", dependencies=[MAY_READ])
async def show_versions(page_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer the versions of a page, and what differs between two: by default the newest and the one before it."""
    asked = (parse_id(request.query_params.get("old", "")), parse_id(request.query_params.get("new", "")))
    found = await house.db.query(_versions, page_id, asked, house.blocks, actor)
    return await page(request, "admin/pages/versions.html", found, title=_("Versions"))


@router.get("/{version_id:uuid}/look", dependencies=[MAY_READ])
async def show_version(page_id: UUID, version_id: UUID, request: Request, house: House) -> Response:
    """Answer a version as visitors would see it."""
    shown = await house.db.query(_draft, page_id)
    written = await house.db.query(queries.version_content, page_id, version_id)
    if written is None:
        raise NotFound(_("There is no version {id} of this page."), id=version_id)
    request.state.framed = True
    around = {"surface": "storefront", "nav": await header(house), "footer": await footer(house), "viewer": None}
    looked_at = replace(shown, content=written)
    return private(await answer_page(request, house, looked_at, Actor.stranger(), indexed=False, flashes=(), **around))


@router.post("/{version_id:uuid}/restore", dependencies=[MAY_WRITE])
async def restore(page_id: UUID, version_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Write an old version on as the newest draft."""
    async with house.db.write() as tx:
        await writing.restore(tx, actor, page_id, version_id)
    note = Flash(_("The version is the draft now. Publish it when it is right."))
    return redirect(f"/admin/pages/{page_id}/versions", flash=note, request=request)


def _draft(connection: Connection, page_id: UUID) -> Shown:
    shown = queries.draft(connection, page_id)
    if shown is None:
        raise NotFound(_("There is no page {id}. It may have been deleted."), id=page_id)
    return shown


def _versions(
    connection: Connection, page_id: UUID, asked: tuple[UUID | None, UUID | None], book: Book, actor: Actor
) -> Versions:
    shown = _draft(connection, page_id)
    versions = queries.versions(connection, page_id)
    by_id = {version.id: number for number, version in enumerate(versions)}
    at = by_id.get(asked[1], 0) if asked[1] else 0
    before = by_id.get(asked[0], at + 1) if asked[0] else at + 1
    old = versions[before] if before < len(versions) else None
    contents: list[dict[str, Any]] = [
        (queries.version_content(connection, page_id, one.id) or {}) if one else {} for one in (old, versions[at])
    ]
    return Versions(
        shown=shown,
        parent=LISTS.get(shown.kind, (_("Pages"), "/admin/pages")),
        versions=versions,
        old=old,
        new=versions[at],
        lines=[_line(one) for one in compare(*contents, book)],
        kinds=KINDS,
        may_write=actor.is_staff,
    )


def _line(found: Difference) -> Line:
    return Line(found.kind, DIFFERENT[found.kind], found.block, found.setting, found.before, found.after)
