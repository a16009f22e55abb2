"""`/media/{id}/{version}/…`: what everybody sees, under addresses that change with their content."""

import re
from collections.abc import Mapping
from urllib.parse import quote
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from engine.api.handing import elsewhere
from engine.api.request import House, public
from engine.api.routing import APIRouter
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.media import public as media
from engine.media.public import ServedFile

IMMUTABLE = "public, max-age=31536000, immutable"
#: Nothing in a file may load, run or submit, wherever it is opened.
SEALED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'"
#: A browser's own viewer of PDFs does not open in a sandbox; scripts of ours it cannot reach.
PDF_POLICY = "default-src 'self'; object-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
SMALL = 512 * 1024
_range = re.compile(r"^bytes=(\d{0,15})-(\d{0,15})$")
files = APIRouter(prefix="/media", include_in_schema=False, dependencies=[public])


@files.get("/{media_id}/{version}/{name}")
async def read_variant(media_id: UUID, version: str, name: str, request: Request, house: House) -> Response:
    """Answer a variant, or a file that is no picture; it never changes under its address, and an old one leads on."""
    found = await house.db.query(media.served, media_id, version, name)
    if found is None and (now := await house.db.query(media.moved, media_id, version, name)):
        return RedirectResponse(now, 307, {"Cache-Control": "no-store"})
    if found is None:
        raise NotFound(_("There is no picture {id}."), id=media_id)
    headers = {"Cache-Control": IMMUTABLE, "Accept-Ranges": "bytes", **safety(found)}
    if (there := await elsewhere(house, found.key, found.content_type, headers)) is not None:
        return there
    part = asked_range(request.headers.get("range", ""), found.size_bytes)
    if part is not None:
        return _part(house, found, part, headers)
    if found.size_bytes <= SMALL:
        return Response(await house.blobs.get(found.key), media_type=found.content_type, headers=headers)
    headers["Content-Length"] = str(found.size_bytes)
    return StreamingResponse(house.blobs.stream(found.key), media_type=found.content_type, headers=headers)


def safety(found: ServedFile) -> Mapping[str, str]:
    """Return the headers that keep a file from doing anything in a browser but being shown or saved."""
    if found.content_type in ("image/webp", "image/avif"):
        return {}
    policy = PDF_POLICY if found.content_type == "application/pdf" else SEALED
    return {"Content-Security-Policy": policy, "Content-Disposition": disposition(found.name, is_shown=found.is_shown)}


def disposition(name: str, *, is_shown: bool) -> str:
    """Return a Content-Disposition that saves a file under its name. Source: RFC 6266, RFC 8187."""
    plain = "".join(letter if (letter.isascii() and letter.isalnum()) or letter in "._- " else "_" for letter in name)
    return f"{'inline' if is_shown else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def asked_range(header: str, size: int) -> tuple[int, int] | None:
    """Return (first, last) byte of the one range that is asked for; None for all. Source: RFC 9110, section 14."""
    found = _range.match(header)
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        return (max(0, size - int(found[2])), size - 1)
    return (int(found[1]), min(int(found[2]) if found[2] else size - 1, size - 1))


def _part(house: House, found: ServedFile, part: tuple[int, int], headers: Mapping[str, str]) -> Response:
    first, last = part
    if first > last:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{found.size_bytes}"})
    length = last - first + 1
    told = {**headers, "Content-Range": f"bytes {first}-{last}/{found.size_bytes}", "Content-Length": str(length)}
    body = house.blobs.stream(found.key, first, length)
    return StreamingResponse(body, 206, media_type=found.content_type, headers=told)
