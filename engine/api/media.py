"""`/media`: staff send files in, describe them, replace and delete them."""

from typing import Annotated
from uuid import UUID

from fastapi import File, Form, Query, Response, UploadFile
from fastapi.responses import StreamingResponse

from engine.api.apiwords import also
from engine.api.handing import elsewhere
from engine.api.media_files import disposition
from engine.api.media_wire import MediaItemPage, MediaPatch, MediaPlaceWire, MediaUsesWire, MediaWire
from engine.api.request import Caller, CurrentSite, House, WriteTx, allow
from engine.api.routing import APIRouter
from engine.api.wire import Paging
from engine.core.access import Permission
from engine.core.domain import MediaUse
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.media import items, library
from engine.media import public as media
from engine.media.library import MediaFilter, View
from engine.media.models import MAX_ALT, MAX_FOLDER, MediaKind

router = APIRouter(prefix="/media", tags=["media"])
MAY_UPLOAD = allow(Permission.UPLOAD_MEDIA)
STAFF = allow(Permission.ENTER_ADMIN)
Sent = Annotated[
    UploadFile, File(description="A picture, drawing, document, video, sound or archive; how large the settings say")
]
Words = Annotated[str, Query(max_length=200)]


def uses_of(house: House) -> list[MediaUse]:
    """Return how the domains say where files are used."""
    return [use for domain in house.domains for use in domain.media_uses]


@router.post("", status_code=201, dependencies=[MAY_UPLOAD], responses=also(409))
async def upload_media(
    house: House,
    actor: Caller,
    response: Response,
    file: Sent,
    alt: Annotated[str, Form(max_length=MAX_ALT)] = "",
    folder: Annotated[str, Form(max_length=MAX_FOLDER)] = "",
) -> MediaWire:
    """Take a file in. The same bytes sent again answer 200 with the item that is there, and `existed` says so.

    The large variants follow in a moment: `isReady` says when.
    """
    data = await file.read()
    taken = await media.take(
        house.db, house.blobs, actor, data=data, filename=file.filename or "", alt=alt, folder=folder
    )
    if taken.existed:
        response.status_code = 200
    return MediaWire.of(await house.db.query(library.item, taken.id), existed=taken.existed)


@router.get("", dependencies=[STAFF])
async def list_media(
    house: House,
    paging: Paging,
    search: Words = "",
    view: View = View.ALL,
    kind: MediaKind | None = None,
    folder: Annotated[str | None, Query(max_length=MAX_FOLDER)] = None,
    tag: Words = "",
) -> MediaItemPage:
    """List files, the newest first. folder: with those inside it; an empty one lists what is in none."""
    wanted = MediaFilter(view=view, kinds=(kind,) if kind else (), folder=folder, tag=tag, search=search)
    page = await house.db.query(library.items, wanted, paging, uses_of(house))
    return MediaItemPage(
        items=[MediaWire.of(item) for item in page.items], total=page.total, page=page.page, limit=page.limit
    )


@router.get("/{media_id:uuid}", dependencies=[STAFF])
async def read_media(media_id: UUID, house: House) -> MediaWire:
    """Return a file of the library; also one in the bin."""
    return await _found(house, media_id)


@router.patch("/{media_id:uuid}", dependencies=[MAY_UPLOAD])
async def update_media(media_id: UUID, changes: MediaPatch, house: House, actor: Caller) -> MediaWire:
    """Change what is said about a file, and the point that crops keep."""
    point = changes.focal_point
    async with house.db.write() as tx:
        await items.edit(
            tx,
            actor,
            media_id,
            alt=changes.alt,
            is_decorative=changes.is_decorative,
            folder=changes.folder,
            tags=changes.tags,
            focus=(point.x, point.y) if point else None,
        )
    return await _found(house, media_id)


@router.post("/{media_id:uuid}/replacement", dependencies=[MAY_UPLOAD], responses=also(409))
async def replace_media(media_id: UUID, house: House, actor: Caller, file: Sent) -> MediaWire:
    """Put another file of the same kind in its place. The id stays; every address changes."""
    data = await file.read()
    await media.replace(house.db, house.blobs, actor, media_id, data=data, filename=file.filename or "")
    return await _found(house, media_id)


@router.get("/{media_id:uuid}/uses", dependencies=[STAFF])
async def list_media_uses(media_id: UUID, house: House, site: CurrentSite) -> MediaUsesWire:
    """List where a file is used."""
    await _found(house, media_id)
    places = await house.db.query(library.places, uses_of(house), [media_id])
    return MediaUsesWire(items=[MediaPlaceWire.of(place, site.general.language) for place in places])


@router.delete("/{media_id:uuid}", status_code=204, dependencies=[MAY_UPLOAD])
async def delete_media(media_id: UUID, tx: WriteTx, actor: Caller, house: House) -> None:
    """Put a file into the bin, where it stays for 30 days. Pages show nothing in its place."""
    await _found(house, media_id)
    await items.trash(tx, actor, [media_id])


@router.post("/{media_id:uuid}/restore", dependencies=[MAY_UPLOAD])
async def restore_media(media_id: UUID, house: House, actor: Caller) -> MediaWire:
    """Take a file out of the bin."""
    async with house.db.write() as tx:
        await items.restore(tx, actor, [media_id])
    return await _found(house, media_id)


@router.post("/{media_id:uuid}/purge", status_code=204, dependencies=[MAY_UPLOAD], responses=also(409))
async def purge_media(media_id: UUID, tx: WriteTx, actor: Caller, house: House) -> None:
    """Delete a file that is in the bin for good."""
    await _found(house, media_id)
    await items.purge(tx, actor, [media_id])


@router.get(
    "/{media_id:uuid}/original",
    dependencies=[MAY_UPLOAD],
    response_class=StreamingResponse,
    responses={200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def read_original(media_id: UUID, house: House) -> Response:
    """Return the file as it was sent: for staff, because it may say where and when it was taken."""
    found = await house.db.query(media.file_of, media_id)
    if found is None:
        raise NotFound(_("There is no file {id} in the media library."), id=media_id)
    headers = {
        "Content-Length": str(found.size_bytes),
        "Content-Disposition": disposition(found.filename, is_shown=False),
        "Cache-Control": "private, no-store",
    }
    if (there := await elsewhere(house, found.original_key, found.content_type, headers)) is not None:
        return there
    return StreamingResponse(house.blobs.stream(found.original_key), media_type=found.content_type, headers=headers)


async def _found(house: House, media_id: UUID) -> MediaWire:
    return MediaWire.of(await house.db.query(library.item, media_id))
