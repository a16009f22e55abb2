"""`/admin/media/picker`: the library in a dialog, for forms that choose a file."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from engine.api.media import uses_of
from engine.api.request import Caller, House, allow
from engine.core.access import Permission
from engine.core.errors import AgoraError, Invalid
from engine.core.i18n import Message, _
from engine.core.paging import Page
from engine.media import library
from engine.media import public as media
from engine.media.library import MediaItem
from ui.admin.lists import next_pages, page_asked
from ui.admin.media.asking import HOME, Asked
from ui.respond import page

PICKER = f"{HOME}/picker"
LIMIT = 24
router = APIRouter(prefix=PICKER, include_in_schema=False, dependencies=[allow(Permission.UPLOAD_MEDIA)])


@dataclass(frozen=True)
class Picker:
    """The dialog. sent: the file that was just sent from it; kind: the only kind that is offered, or empty."""

    files: Page[MediaItem]
    search: str
    kind: str
    pages_url: str
    sent: UUID | None = None
    problem: Message | str | None = None


@router.get("")
async def show_picker(request: Request, house: House) -> Response:
    """Answer the dialog; `part=items` answers what it lists alone, for a search while typing."""
    return await _page(request, house, block="items" if request.query_params.get("part") == "items" else "picker")


@router.post("")
async def send_to_picker(request: Request, house: House, actor: Caller) -> Response:
    """Take a file in and offer it first."""
    sent: UUID | None = None
    problem: Message | str | None = None
    async with request.form() as form:
        file = form.get("file")
        try:
            if not isinstance(file, UploadFile) or not file.filename:
                raise Invalid(_("Choose a file first."))
            only_pictures = request.query_params.get("kind") == "image"
            data = await file.read()
            taken = await media.take(
                house.db, house.blobs, actor, data=data, filename=file.filename, only_pictures=only_pictures
            )
            sent = taken.id
        except AgoraError as refusal:
            problem = refusal.message
    return await _page(request, house, block="items", sent=sent, problem=problem)


async def _page(
    request: Request, house: House, *, block: str, sent: UUID | None = None, problem: Message | str | None = None
) -> Response:
    asked = Asked.of(request, PICKER)
    files = await house.db.query(library.items, asked.filter, page_asked(request, LIMIT), uses_of(house))
    if sent is not None and all(file.id != sent for file in files.items):
        first = await house.db.query(library.item, sent)
        files = Page([first, *files.items], files.total, files.page, files.limit)
    context = Picker(
        files, asked.search, str(asked.kind or ""), next_pages(PICKER, {**asked.kept, "part": "items"}), sent, problem
    )
    status = 422 if problem else 200
    return await page(request, "admin/media/picker.html", context, title=_("Choose a file"), status=status, block=block)
