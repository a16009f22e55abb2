"""`/media/uploads`: files in parts that can be taken up again, by the tus protocol, version 1.0.0 (tus.io).

Extensions: creation, creation-with-upload, expiration, termination. The last answer names the file it became.
"""

import base64
import binascii
from collections.abc import AsyncIterator
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from starlette.requests import ClientDisconnect

from engine.api.apiwords import also
from engine.api.request import Caller, CurrentSite, House, allow, public
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.media import resumable
from engine.media.public import MEGABYTE
from engine.media.resumable import Progress

VERSION = "1.0.0"
BODY = "application/offset+octet-stream"
MAY_UPLOAD = allow(Permission.UPLOAD_MEDIA)
MAX_METADATA = 4_000
#: What the protocol's own refusals are: a status and its headers, without words.
UNLESS_TUS: dict[int | str, dict[str, Any]] = {
    412: {"description": "`Tus-Resumable: 1.0.0` is missing."},
    415: {"description": "The body is not `application/offset+octet-stream`."},
}
router = APIRouter(prefix="/media/uploads", tags=["media"])


@router.options("", status_code=204, dependencies=[public], include_in_schema=False)
async def describe_uploads(site: CurrentSite) -> Response:
    """Say which version and extensions of the protocol are spoken, and how large a file may be."""
    return Response(
        status_code=204,
        headers={
            "Tus-Resumable": VERSION,
            "Tus-Version": VERSION,
            "Tus-Extension": "creation,creation-with-upload,expiration,termination",
            "Tus-Max-Size": str(site.media.max_upload_mb * MEGABYTE),
        },
    )


@router.post("", status_code=201, dependencies=[MAY_UPLOAD], responses=UNLESS_TUS | also(422))
async def begin_upload(request: Request, house: House, actor: Caller) -> Response:
    """Announce a file by `Upload-Length` and `Upload-Metadata` (filename, folder); the body may begin it."""
    refusal = _refused_version(request)
    if refusal:
        return refusal
    size = _number(request, "Upload-Length")
    words = _metadata(request.headers.get("upload-metadata", ""))
    async with house.db.write() as tx:
        upload_id = await resumable.begin(
            tx, actor, filename=words.get("filename", ""), size_bytes=size, folder=words.get("folder", "")
        )
    at = await resumable.progress(house.db, actor, upload_id)
    if request.headers.get("content-type", "") == BODY:
        at = await resumable.append(house.db, house.blobs, actor, upload_id, 0, _chunks(request))
        at = await resumable.finish(house.db, house.blobs, actor, upload_id)
    return Response(status_code=201, headers={"Location": f"{request.url.path.rstrip('/')}/{upload_id}", **_told(at)})


@router.head("/{upload_id}", dependencies=[MAY_UPLOAD], include_in_schema=False)
async def read_upload(upload_id: UUID, house: House, actor: Caller) -> Response:
    """Say how far an upload is; a whole one that was cut off at its end is taken in now."""
    at = await resumable.finish(house.db, house.blobs, actor, upload_id)
    return Response(headers={**_told(at), "Upload-Length": str(at.size_bytes), "Cache-Control": "no-store"})


@router.patch("/{upload_id}", status_code=204, dependencies=[MAY_UPLOAD], responses=UNLESS_TUS | also(409, 413))
async def continue_upload(upload_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Send the bytes from `Upload-Offset` on. With the last one the file is taken in: `Media-Id` names it."""
    refusal = _refused_version(request)
    if refusal:
        return refusal
    if request.headers.get("content-type", "") != BODY:
        return Response(status_code=415, headers={"Tus-Resumable": VERSION})
    offset = _number(request, "Upload-Offset")
    at = await resumable.append(house.db, house.blobs, actor, upload_id, offset, _chunks(request))
    at = await resumable.finish(house.db, house.blobs, actor, upload_id)
    return Response(status_code=204, headers=_told(at))


@router.delete("/{upload_id}", status_code=204, dependencies=[MAY_UPLOAD], responses=UNLESS_TUS)
async def drop_upload(upload_id: UUID, house: House, actor: Caller) -> Response:
    """Give up an upload; a file that it became stays."""
    await resumable.forget(house.db, house.blobs, actor, upload_id)
    return Response(status_code=204, headers={"Tus-Resumable": VERSION})


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    """Yield what comes until the line breaks: what came before is kept."""
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect:
        return


def _told(at: Progress) -> dict[str, str]:
    told = {
        "Tus-Resumable": VERSION,
        "Upload-Offset": str(at.received_bytes),
        "Upload-Expires": format_datetime(at.expires_at, usegmt=True),
    }
    if at.media_id is not None:
        told |= {"Media-Id": str(at.media_id), "Media-Existed": "true" if at.existed else "false"}
    return told


def _refused_version(request: Request) -> Response | None:
    if request.headers.get("tus-resumable") == VERSION:
        return None
    return Response(status_code=412, headers={"Tus-Resumable": VERSION, "Tus-Version": VERSION})


def _number(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        message = _("The header {name} must be a whole number of bytes; “{value}” is none.")
        message = message.having(name=name, value=text[:40])
        raise Invalid(message, {name: message})
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    """Return `name base64, name base64` as texts. Raises Invalid."""
    words: dict[str, str] = {}
    for pair in filter(None, header[:MAX_METADATA].split(",")):
        name, _space, value = pair.strip().partition(" ")
        try:
            words[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            message = _("The header Upload-Metadata holds “{name}” in another form than UTF-8 in base64.")
            message = message.having(name=name[:40])
            raise Invalid(message, {"Upload-Metadata": message}) from None
    return words
