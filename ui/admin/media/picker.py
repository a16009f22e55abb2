"""`/admin/media/picker`: the library in a dialog, for forms that choose a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request, Response
from starlette.datastructures import UploadFile

from engine.api.media import uses_of
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.errors import AgoraError, Invalid
from engine.core.i18n import Message, _
from engine.core.paging import Page
from engine.media import library
from engine.media import public as media
from engine.media.kinds import is_drawing
from engine.media.library import MediaFilter, MediaItem
from engine.media.models import MediaKind
from ui.admin.lists import address, asked, next_pages, page_asked
from ui.admin.media.asking import HOME
from ui.admin.media.describing import describing_page
from ui.respond import page

PICKER = f"{HOME}/picker"
LIMIT = 24
router = APIRouter(prefix=PICKER, include_in_schema=False, dependencies=[allow(Permission.UPLOAD_MEDIA)])


@dataclass(frozen=True)
class Picker:
    """What the dialog of whoever opens it holds. kind: "image" or "file"; accept: as a file input takes it.

    kept: what the search keeps; items_url answers the list alone, send_url takes a new file in.
    """

    files: Page[MediaItem]
    search: str
    kind: str
    accept: str | None
    kept: Mapping[str, str]
    items_url: str
    send_url: str
    pages_url: str
    problem: Message | str | None = None


@router.get("")
async def show_picker(request: Request, house: House) -> Response:
    """Answer the dialog; `part=items` answers what it lists alone, for a search while typing."""
    return await _page(request, house, block="items" if request.query_params.get("part") == "items" else "picker")


@router.post("")
async def send_to_picker(request: Request, house: House, actor: Caller) -> Response:
    """Take a file in: of a picture it is asked what it shows, any other is offered first."""
    taken: media.Taken | None = None
    problem: Message | str | None = None
    async with request.form() as form:
        file = form.get("file")
        try:
            if not isinstance(file, UploadFile) or not file.filename:
                raise Invalid(_("Choose a file first."))
            data = await file.read()
            must_show = request.query_params.get("kind") == "image" and not is_drawing(data, file.filename)
            taken = await media.take(
                house.db, house.blobs, actor, data=data, filename=file.filename, only_pictures=must_show
            )
        except AgoraError as refusal:
            problem = refusal.message
    if taken is not None and request.query_params.get("kind") == "image":
        answer = await describing_page(request, house, taken.id)
        answer.headers["HX-Retarget"] = "#picker"
        return answer
    return await _page(request, house, block="items", sent=taken.id if taken else None, problem=problem)


async def _page(
    request: Request, house: House, *, block: str, sent: UUID | None = None, problem: Message | str | None = None
) -> Response:
    kind, accept, search = asked(request, "kind"), asked(request, "accept"), asked(request, "q")
    kinds = (MediaKind.IMAGE, MediaKind.DRAWING) if kind == "image" else ()
    wanted = MediaFilter(kinds=kinds, types=types_of(accept), search=search)
    files = await house.db.query(library.items, wanted, page_asked(request, LIMIT), uses_of(house))
    if sent is not None and all(file.id != sent for file in files.items):
        first = await house.db.query(library.item, sent)
        files = Page([first, *files.items], files.total, files.page, files.limit)
    kept = {"kind": kind, "accept": accept}
    context = Picker(
        files=files,
        search=search,
        kind=kind,
        accept=accept or ("image/*" if kind == "image" else None),
        kept=kept,
        items_url=address(PICKER, kept, part="items"),
        send_url=address(PICKER, kept),
        pages_url=next_pages(PICKER, {**kept, "q": search, "part": "items"}),
        problem=problem,
    )
    status = 422 if problem else 200
    return await page(request, "admin/media/picker.html", context, title=_("Choose a file"), status=status, block=block)


def types_of(accept: str) -> tuple[str, ...]:
    """Return the content types of a file input's `accept`: `application/pdf`, `image/` for `image/*`."""
    words = [word.strip().lower() for word in accept.split(",")]
    return tuple(word.removesuffix("*") for word in words if "/" in word and not word.startswith("*"))
