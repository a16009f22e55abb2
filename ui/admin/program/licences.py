"""`/admin/licences`: what others made that is inside, with each one's licence in full."""

from collections.abc import Sequence
from dataclasses import dataclass

from anyio import to_thread
from fastapi import Request, Response

from engine.api.request import allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.errors import NotFound
from engine.core.i18n import Message, _
from engine.operations.inventory import Part, inventory
from ui.respond import page

HOME = "/admin/licences"
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.ENTER_ADMIN)])
GROUPS: tuple[tuple[str, Message], ...] = (
    ("python", _("In the program")),
    ("javascript", _("In the pages")),
    ("system", _("Libraries of the system")),
)


@dataclass(frozen=True)
class LicencesPage:
    """The parts by where they are."""

    groups: Sequence[tuple[Message, Sequence[Part]]]


@dataclass(frozen=True)
class LicencePage:
    """One part."""

    part: Part


@router.get("")
async def show(request: Request) -> Response:
    """Answer the list."""
    parts = await to_thread.run_sync(inventory)
    found = [(title, [part for part in parts if part.kind == kind]) for kind, title in GROUPS]
    context = LicencesPage([(title, some) for title, some in found if some])
    return await page(request, "admin/program/licences.html", context, title=_("Licences"))


@router.get("/{kind}/{name:path}")
async def show_one(kind: str, name: str, request: Request) -> Response:
    """Answer one part's licence in full."""
    parts = await to_thread.run_sync(inventory)
    found = next((part for part in parts if (part.kind, part.name) == (kind, name)), None)
    if found is None:
        raise NotFound(_("There is no “{name}” inside."), name=name[:100])
    return await page(request, "admin/program/licence.html", LicencePage(found), title=found.name)
