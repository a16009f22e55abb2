"""`/admin/media`: the library as a grid, files sent to it, and what is done with several at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import Request, Response
from starlette.datastructures import UploadFile

from engine.api.media import uses_of
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Invalid
from engine.core.i18n import Message, _, ngettext
from engine.core.paging import Page
from engine.media import items, library
from engine.media import public as media
from engine.media.library import MediaItem, Shelves, View
from ui.admin.lists import next_pages, page_asked, parse_id
from ui.admin.media.asking import HOME, KINDS, NO_FOLDER, Asked, about, came
from ui.page import Flash
from ui.respond import own_address, page, redirect

LIMIT = 48
MOST_SELECTED = 500
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.UPLOAD_MEDIA)])


@dataclass(frozen=True)
class LibraryPage:
    """The grid. wrong: what could not be taken, by the file's name."""

    files: Page[MediaItem]
    shelves: Shelves
    asked: Asked
    tabs: Sequence[tuple[Message, str, int | None]]
    chips: Sequence[tuple[Message, Message | str, str]]
    kinds: Mapping[str, Message]
    pages_url: str
    is_bin: bool
    is_narrowed: bool
    wrong: Mapping[str, Message | str] = field(default_factory=dict)
    most_mb: int = 100
    about: object = about
    no_folder: str = NO_FOLDER


@router.get("")
async def show_library(request: Request, house: House) -> Response:
    """Answer the library."""
    return await _page(request, house)


@router.post("")
async def send_files(request: Request, house: House, actor: Caller) -> Response:
    """Take several files in, as a form sends them."""
    wrong: dict[str, Message | str] = {}
    added = existed = 0
    async with request.form() as form:
        folder = str(form.get("folder", ""))
        files = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
        for file in files:
            try:
                taken = await _take(house, actor, file, folder)
            except AgoraError as refusal:
                wrong[str(file.filename)] = refusal.message
            else:
                existed += taken.existed
                added += not taken.existed
    if not files:
        wrong = {"": _("Choose one or more files first.")}
    if wrong:
        return await _page(request, house, wrong=wrong)
    return redirect(_back(request), flash=came(added, existed, 0), request=request)


@router.post("/selection")
async def act_on_selection(request: Request, house: House, actor: Caller) -> Response:
    """Delete, restore, purge or move the selected files."""
    form = await request.form()
    ids = [found for one in form.getlist("selected")[:MOST_SELECTED] if (found := parse_id(str(one)))]
    act = str(form.get("act", ""))
    folder = str(form.get("folder", ""))
    try:
        async with house.db.write() as tx:
            match act:
                case "restore":
                    count = await items.restore(tx, actor, ids)
                    said = ngettext("{count} file is back.", "{count} files are back.", count)
                case "purge":
                    count = await items.purge(tx, actor, ids)
                    said = ngettext("{count} file is gone for good.", "{count} files are gone for good.", count)
                case "move":
                    count = await items.move(tx, actor, ids, folder)
                    said = ngettext("{count} file is moved.", "{count} files are moved.", count)
                case "trash":
                    count = await items.trash(tx, actor, ids)
                    said = ngettext("{count} file is in the bin.", "{count} files are in the bin.", count)
                case _:
                    count, said = 0, _("Choose what to do with the selected files.")
    except Invalid as refusal:
        return redirect(_back(request), flash=Flash(refusal.message, "danger"), request=request)
    return redirect(_back(request), flash=said, request=request)


async def _take(house: House, actor: Actor, file: UploadFile, folder: str) -> media.Taken:
    data = await file.read()
    return await media.take(house.db, house.blobs, actor, data=data, filename=file.filename or "", folder=folder)


def _back(request: Request) -> str:
    return own_address(request.query_params.get("back"), HOME)


async def _page(request: Request, house: House, *, wrong: Mapping[str, Message | str] | None = None) -> Response:
    asked = Asked.of(request)
    uses = uses_of(house)
    files = await house.db.query(library.items, asked.filter, page_asked(request, LIMIT), uses)
    shelves = await house.db.query(library.shelves, uses)
    context = LibraryPage(
        files=files,
        shelves=shelves,
        asked=asked,
        tabs=asked.tabs(shelves),
        chips=asked.chips(),
        kinds={str(kind): label for kind, label in KINDS.items() if shelves.kinds.get(kind)},
        pages_url=next_pages(HOME, asked.kept),
        is_bin=asked.view is View.BIN,
        is_narrowed=bool(asked.chips()) or asked.view is not View.ALL,
        wrong=wrong or {},
        most_mb=house.site.media.max_upload_mb,
    )
    status = 422 if wrong else 200
    return await page(request, "admin/media/list.html", context, title=_("Media"), status=status, block="list")
