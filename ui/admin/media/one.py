"""`/admin/media/{id}`: one file: what it shows, what it is called, where it is used; replaced, deleted, restored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from fastapi import Request, Response
from starlette.datastructures import UploadFile

from engine.api.media import read_original, uses_of
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.domain import MediaPlace
from engine.core.errors import AgoraError, Invalid
from engine.core.i18n import Message, _
from engine.media import items, library
from engine.media import public as media
from engine.media.library import MediaItem
from engine.media.pictures import VARIANTS
from ui.admin.media.asking import HOME, percent, said_of
from ui.forms import errors_of, typed
from ui.page import Flash
from ui.respond import absolute, page, redirect

router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.UPLOAD_MEDIA)])


@dataclass(frozen=True)
class FilePage:
    """One file. values: the text of every field; sizes: name, size in pixels, bytes and address of each variant."""

    file: MediaItem
    values: Mapping[str, str]
    places: Sequence[MediaPlace]
    folders: Sequence[str]
    sizes: Sequence[tuple[str, str, int, str]]
    address: str
    purged_at: object
    errors: Mapping[str, Message | str] = field(default_factory=dict)


@router.get("/{media_id:uuid}")
async def show_file(media_id: UUID, request: Request, house: House) -> Response:
    """Answer one file."""
    return await _page(request, house, media_id)


@router.get("/{media_id:uuid}/original")
async def download_original(media_id: UUID, house: House) -> Response:
    """Answer the file as it was sent."""
    return await read_original(media_id, house)


@router.post("/{media_id:uuid}")
async def save_file(media_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Save what is said about a file."""
    values = await typed(request)
    try:
        focus = (percent(values, "focus_x"), percent(values, "focus_y")) if "focus_x" in values else None
        async with house.db.write() as tx:
            await items.edit(
                tx,
                actor,
                media_id,
                alt=values.get("alt"),
                is_decorative=values.get("is_decorative") == "true",
                folder=values.get("folder"),
                tags=values["tags"].split(",") if "tags" in values else None,
                focus=focus,
            )
    except Invalid as refusal:
        errors = {name.replace("focalPoint.", "focus_"): text for name, text in errors_of(refusal).items()}
        return await _page(request, house, media_id, values, errors)
    return redirect(f"{HOME}/{media_id}", flash=_("The file is saved."), request=request)


@router.post("/{media_id:uuid}/replacement")
async def replace_file(media_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Put another file in its place."""
    async with request.form() as form:
        file = form.get("file")
        try:
            if not isinstance(file, UploadFile) or not file.filename:
                raise Invalid(_("Choose a file first."))
            data = await file.read()
            await media.replace(house.db, house.blobs, actor, media_id, data=data, filename=file.filename)
        except AgoraError as refusal:
            return redirect(f"{HOME}/{media_id}", flash=Flash(refusal.message, "danger"), request=request)
    return redirect(f"{HOME}/{media_id}", flash=_("The file is replaced wherever it is used."), request=request)


@router.post("/{media_id:uuid}/deletion")
async def delete_file(media_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Put a file into the bin; a word on the next page takes it back."""
    async with house.db.write() as tx:
        await items.trash(tx, actor, [media_id])
    said = Flash(_("It is in the bin for 30 days."), action_label=_("Show it"), action_url=f"{HOME}/{media_id}")
    return redirect(HOME, flash=said, request=request)


@router.post("/{media_id:uuid}/restoration")
async def restore_file(media_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Take a file out of the bin."""
    async with house.db.write() as tx:
        await items.restore(tx, actor, [media_id])
    return redirect(f"{HOME}/{media_id}", flash=_("It is back where it was used."), request=request)


@router.post("/{media_id:uuid}/purging")
async def purge_file(media_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Delete a file in the bin for good."""
    async with house.db.write() as tx:
        await items.purge(tx, actor, [media_id])
    return redirect(f"{HOME}?view=bin", flash=_("It is gone for good."), request=request)


async def _page(
    request: Request,
    house: House,
    media_id: UUID,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, Message | str] | None = None,
) -> Response:
    uses = uses_of(house)
    file = await house.db.query(library.item, media_id)
    places = await house.db.query(library.places, uses, [media_id])
    shelves = await house.db.query(library.shelves, uses)
    context = FilePage(
        file=file,
        values=said_of(file) | ({"is_decorative": "", **values} if values else {}),
        places=places,
        folders=list(shelves.folders),
        sizes=_sizes(file),
        address=absolute(request, file.url),
        purged_at=file.deleted_at + timedelta(days=30) if file.deleted_at else None,
        errors=errors or {},
    )
    return await page(request, "admin/media/show.html", context, title=file.filename, status=422 if errors else 200)


def _sizes(file: MediaItem) -> list[tuple[str, str, int, str]]:
    base = file.url.rpartition("/")[0]
    names = [name for one in VARIANTS for name in (one, f"{one}.avif") if name in file.variants]
    return [
        (
            name.removesuffix(".avif"),
            f"{file.variants[name]['width']} × {file.variants[name]['height']}",
            file.variants[name]["size"],
            f"{base}/{name if name.endswith('.avif') else f'{name}.webp'}",
        )
        for name in names
    ]
