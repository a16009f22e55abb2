"""Pictures that are drawn when they are first asked for, and kept: cards of shared links, icons, the web manifest."""

import asyncio
import base64
import binascii
import json
from collections.abc import Callable
from urllib.parse import quote
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from fastapi.responses import RedirectResponse, Response

from engine.api.ports import Ports
from engine.api.request import CurrentSite, House, public
from engine.api.routing import APIRouter
from engine.core.errors import NotFound
from engine.core.i18n import _
from engine.core.ids import parse_id
from engine.core.settings import Site
from engine.media import public as media
from ui.drawn.addresses import PURPOSE, card_look, digest, icon_edition
from ui.drawn.cards import card_of, draw_card
from ui.drawn.icons import ICO, NAMES, Initial, draw_icon

IMMUTABLE = "public, max-age=31536000, immutable"
router = APIRouter(include_in_schema=False, dependencies=[public])
#: One at a time: a flood of wishes must not take the threads that pages are read in.
_drawing = CapacityLimiter(1)


@router.get("/social/{signature}/{look}/{text}.png")
async def show_card(signature: str, look: str, text: str, house: House, site: CurrentSite) -> Response:
    """Answer the card of a shared link, in the theme's present colours whatever the address says."""
    text = "" if text == "-" else text
    if not house.secrets.signed(PURPOSE, text, signature):
        raise NotFound(_("There is no such picture."))
    try:
        title = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise NotFound(_("There is no such picture.")) from None
    card = card_of(title, site.general.site_name, site.theme)
    key = f"drawn/cards/{digest(card.title, card.site_name, card.accent)}.png"
    body = await _kept(house, key, lambda: draw_card(card))
    is_present = look == card_look(site)
    return Response(body, media_type="image/png", headers={"Cache-Control": IMMUTABLE if is_present else "no-cache"})


@router.get("/icons/{edition}/{name}")
async def show_icon(edition: str, name: str, house: House, site: CurrentSite) -> Response:
    """Answer one of the site's icons."""
    if name not in NAMES:
        raise NotFound(_("There is no icon “{name}”."), name=name[:60])
    return await _icon(house, site, name, IMMUTABLE if edition == icon_edition(site) else "no-cache")


@router.get("/favicon.ico")
async def show_favicon(house: House, site: CurrentSite) -> Response:
    """Answer the icon that browsers ask for unbidden."""
    return await _icon(house, site, ICO, "public, max-age=3600")


@router.get("/apple-touch-icon.png")
async def show_touch_icon(house: House, site: CurrentSite) -> Response:
    """Answer the icon that telephones ask for unbidden."""
    return await _icon(house, site, "apple-touch-icon.png", "public, max-age=3600")


@router.get("/site.webmanifest")
async def show_manifest(site: CurrentSite) -> Response:
    """Answer what a telephone needs to put the site beside its programs."""
    edition, general = icon_edition(site), site.general
    icons = [
        {"src": f"/icons/{edition}/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    safe = {"src": f"/icons/{edition}/icon-maskable-512.png", "sizes": "512x512", "type": "image/png"}
    told = {
        "name": general.site_name,
        "short_name": general.site_name[:24],
        "description": general.tagline,
        "lang": general.language,
        "start_url": "/",
        "scope": "/",
        "display": "browser",
        "theme_color": site.theme.accent_color,
        "background_color": "#ffffff",
        "icons": [*icons, {**safe, "purpose": "maskable"}],
    }
    body = json.dumps({name: value for name, value in told.items() if value}, ensure_ascii=False)
    return Response(body, media_type="application/manifest+json", headers={"Cache-Control": "public, max-age=3600"})


async def _icon(house: Ports, site: Site, name: str, kept: str) -> Response:
    address = site.general.favicon
    if address.startswith(("https://", "http://")):
        return RedirectResponse(quote(address, safe=":/?#[]@!$&'()*+,;=%"), 302)
    initial = Initial(site.general.site_name[:1].upper(), site.theme.accent_color)
    key = f"drawn/icons/{digest(address, initial.letter, initial.accent)}/{name}"
    source = await _favicon(house, address)

    def draw() -> bytes:
        try:
            return draw_icon(name, source or initial)
        except ValueError:
            return draw_icon(name, initial)

    body = await _kept(house, key, draw)
    kind = "image/x-icon" if name == ICO else "image/png"
    return Response(body, media_type=kind, headers={"Cache-Control": kept})


async def _favicon(house: Ports, address: str) -> bytes | None:
    """Return the bytes of the picture that the settings name, where it is one of the library's that can be drawn."""
    parts = address.split("/")
    media_id: UUID | None = parse_id(parts[2]) if len(parts) == 5 and parts[1] == "media" else None
    file = await house.db.glance(media.file_of, media_id) if media_id else None
    if file is None or file.extension == "svg" or not await house.blobs.exists(file.original_key):
        return None
    return await house.blobs.get(file.original_key)


async def _kept(house: Ports, key: str, draw: Callable[[], bytes]) -> bytes:
    """Return what is kept under a key, drawn in a thread and kept where it is not there yet."""
    if await house.blobs.exists(key):
        return await house.blobs.get(key)
    body = await to_thread.run_sync(draw, limiter=_drawing)
    await asyncio.shield(house.blobs.put(key, body))
    return body
