"""`/media`: staff send pictures in; everybody sees the variants, under addresses that change with their content."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import Response, StreamingResponse

from engine.api.request import Caller, House, allow, public
from engine.api.wire import Wire
from engine.core.access import Permission
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.media import public as media
from engine.media.models import MAX_ALT, variant_key
from engine.media.pictures import VARIANTS
from engine.media.public import MediaUrls

IMMUTABLE = "public, max-age=31536000, immutable"
router = APIRouter(prefix="/media", tags=["media"])
files = APIRouter(prefix="/media", include_in_schema=False, dependencies=[public])


class MediaWire(Wire):
    """A picture: the addresses of its variants, and the size of the original in pixels."""

    id: UUID
    thumbnail: str
    medium: str
    large: str
    full: str
    width: int
    height: int
    alt: str

    @classmethod
    def of(cls, found: MediaUrls) -> "MediaWire":
        return cls(**{name: getattr(found, name) for name in cls.model_fields})


@router.post("", status_code=201, dependencies=[allow(Permission.UPLOAD_MEDIA)])
async def upload_media(
    house: House,
    actor: Caller,
    file: Annotated[UploadFile, File(description="JPEG, PNG, WebP, AVIF, GIF, TIFF or BMP, at most 100 MB")],
    alt: Annotated[str, Form(max_length=MAX_ALT)] = "",
) -> MediaWire:
    """Take a picture in. The same picture sent again answers the one that is there."""
    data = await file.read()
    media_id = await media.upload(house.db, house.blobs, actor, data=data, filename=file.filename or "", alt=alt)
    return await _found(house, media_id)


@router.get("/{media_id}", dependencies=[allow(Permission.ENTER_ADMIN)])
async def read_media(media_id: UUID, house: House) -> MediaWire:
    """Return a picture's addresses."""
    return await _found(house, media_id)


@router.get(
    "/{media_id}/original",
    dependencies=[allow(Permission.UPLOAD_MEDIA)],
    response_class=StreamingResponse,
    responses={200: {"content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def read_original(media_id: UUID, house: House) -> StreamingResponse:
    """Return the file as it was sent: for staff, because it may say where and when it was taken."""
    found = await house.db.query(media.file_of, media_id)
    if found is None:
        raise _not_found(media_id)
    headers = {
        "Content-Length": str(found.size_bytes),
        "Content-Disposition": f'attachment; filename="{media_id}.{found.extension}"',
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(house.blobs.stream(found.original_key), media_type=found.content_type, headers=headers)


@files.get("/{media_id}/{version}/{name}.webp")
async def read_variant(media_id: UUID, version: str, name: str, house: House) -> Response:
    """Answer a variant; it never changes under its address."""
    if name not in VARIANTS or not await house.db.query(media.has_version, media_id, version):
        raise _not_found(media_id)
    data = await house.blobs.get(variant_key(media_id, name))
    return Response(data, media_type="image/webp", headers={"Cache-Control": IMMUTABLE})


async def _found(house: House, media_id: UUID) -> MediaWire:
    found = (await house.db.query(media.urls, [media_id])).get(media_id)
    if found is None:
        raise _not_found(media_id)
    return MediaWire.of(found)


def _not_found(media_id: UUID) -> NotFound:
    return NotFound(_("There is no picture {id}."), id=media_id)
