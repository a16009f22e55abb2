"""Bundled files and the theme's stylesheet: immutable, for their addresses change with their content."""

import asyncio
import gzip
from functools import cache

from fastapi import Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from engine.api.gateway.compression import takes_brotli, takes_gzip
from engine.api.request import CurrentSite, public
from engine.api.routing import APIRouter
from engine.core.errors import NotFound
from engine.core.i18n import _
from ui.assets import FOLDER, manifest
from ui.respond import SCHEME_COOKIE, came_from
from ui.themes import theme_sheet, theme_url

IMMUTABLE = "public, max-age=31536000, immutable"
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2"}
router = APIRouter(include_in_schema=False, dependencies=[public])


@cache
def _packed(name: str, coding: str) -> bytes:
    """Return a bundled file as Brotli packed it when it was made, or as gzip makes it, once for all readers."""
    if coding == "br":
        return (FOLDER / f"{name}.br").read_bytes()
    return gzip.compress((FOLDER / name).read_bytes(), 9, mtime=0)


@router.get("/assets/{name}")
async def asset(request: Request, name: str) -> Response:
    """Answer a bundled file."""
    if name not in manifest().values():
        raise NotFound(_("There is no file “{name}”."), name=name)
    kind = _TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")
    headers = {"Cache-Control": IMMUTABLE}
    if kind.startswith(("text/", "image/svg")):
        accepted = request.headers.get("accept-encoding", "")
        coding = "br" if takes_brotli(accepted) else "gzip" if takes_gzip(accepted) else ""
        if coding:
            headers |= {"Content-Encoding": coding, "Vary": "Accept-Encoding"}
            return Response(await asyncio.to_thread(_packed, name, coding), media_type=kind, headers=headers)
    return FileResponse(FOLDER / name, media_type=kind, headers=headers)


@router.get("/theme/{name}.css")
async def theme(name: str, site: CurrentSite) -> Response:
    """Answer the theme's stylesheet; an older address leads to the present one."""
    known, body = theme_sheet(site.theme)
    if name != known:
        return RedirectResponse(theme_url(site.theme), 302, {"Cache-Control": "no-store"})
    return Response(body, media_type="text/css", headers={"Cache-Control": IMMUTABLE})


@router.post("/preferences/scheme")
async def choose_scheme(request: Request) -> Response:
    """Remember light, dark or as the device, for this browser; go back to where the person was."""
    form = await request.form()
    chosen = str(form.get("scheme", "auto"))
    answer = RedirectResponse(came_from(request), 303)
    if chosen in ("light", "dark"):
        answer.set_cookie(SCHEME_COOKIE, chosen, max_age=31536000, samesite="lax")
    else:
        answer.delete_cookie(SCHEME_COOKIE)
    return answer
