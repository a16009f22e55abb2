"""Answers of pages: whole or one block for htmx, redirects with a word of what happened, and the frame around."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from engine.api.request import MINE_COOKIE, SESSION_COOKIE, actor_of, origin_of, ports_of, site_of
from engine.core.actor import Actor
from engine.core.consent import ConsentNeed
from engine.core.i18n import Message, _, format_message
from engine.core.opening import Openness
from engine.core.settings import Site
from engine.core.site import SurfaceName
from ui import navigation
from ui.blocks.parts import framed
from ui.drawn.addresses import card_url, icon_edition
from ui.navigation import Same
from ui.page import ConsentAsked, Flash, PageContext, Surface, Viewer
from ui.templates import render, render_block
from ui.themes import theme_url

FLASH_COOKIE = "agora_flash"
SCHEME_COOKIE = "agora-scheme"
SIDEBAR_COOKIE = "agora-sidebar"
MINE_SECONDS = 30 * 24 * 3600
#: What a page's head asks for first, by its kind of link. Fonts are the only preloads.
_ASKED = re.compile(r'<link rel="(stylesheet|preload)" href="(/[^"<>]+)"')
_AS = {"stylesheet": "style", "preload": "font; type=font/woff2; crossorigin"}
_CLOSED = {
    Openness.COMING_SOON: _("Visitors see “Coming soon”. You are let in."),
    Openness.MAINTENANCE: _("Visitors see that the site is under maintenance. You are let in."),
}
#: What stands in a path as it is. Source: RFC 3986, section 3.3.
_PATH = "/:@!$&'()*+,;=-._~"


async def page(
    request: Request,
    template: str,
    context: object,
    *,
    title: str | Message,
    made: PageContext | None = None,
    status: int = 200,
    block: str = "content",
    flash: Flash | None = None,
    **frame: Any,
) -> Response:
    """Answer the page, or its block for a request that htmx made. `frame` goes into the PageContext.

    made: the frame, where it is made already.
    """
    frame["title"] = title
    made = made or await frame_of(request, title, flash)
    opening = getattr(request.state, "opening", None)
    if opening is not None and made.surface in ("storefront", "account"):
        is_staff = (await actor_of(request)).is_staff
        url = "/admin/settings/site-status" if is_staff else ""
        frame |= {"notice": _CLOSED[opening], "notice_url": url, "indexed": False}
    if made.surface == "storefront" and frame.get("indexed", made.indexed):
        made = described(request, made, frame)
    else:
        made = made.having(**frame)
    is_fragment = request.headers.get("hx-request") == "true" and not request.headers.get("hx-boosted")
    body = render_block(template, block, context, made) if is_fragment else render(template, context, made)
    answer = HTMLResponse(body, status, {"Vary": "HX-Request", **({} if is_fragment else preloads(body))})
    if opening is not None:
        answer.headers["Cache-Control"] = "private, no-store"
    if made.surface == "account" and has_session(request) and not is_fragment:
        keep_mine(request, answer)
    if FLASH_COOKIE in request.cookies and made.flashes and not is_fragment:
        answer.delete_cookie(FLASH_COOKIE)
    return answer


def preloads(body: str) -> dict[str, str]:
    """Return the header by which a browser, or a proxy before us, fetches a page's styles and font before its head."""
    asked = _ASKED.findall(body, body.find('<link rel="preload"'), body.find("</head>"))
    asked.sort(key=lambda one: one[0] != "stylesheet")  # styles hold a page up, a font does not
    found = [f"<{url}>; rel=preload; as={_AS[kind]}" for kind, url in asked]
    return {"Link": ", ".join(found)} if found else {}


def redirect(
    url: str, *, flash: str | Message | Flash | None = None, request: Request | None = None, status: int = 303
) -> Response:
    """Answer 303 to one of our own addresses, with a word of what happened for the next page."""
    answer = RedirectResponse(own_address(url), status)
    if flash is not None:
        locale = site_of(request).general.language if request else "en"
        _keep_flash(answer, flash if isinstance(flash, Flash) else Flash(flash), locale)
    return answer


def own_address(url: str | None, fallback: str = "/") -> str:
    """Return the address if it leads to this site (a path), else the fallback: nobody is sent elsewhere."""
    if not url or not url.startswith("/") or url.startswith(("//", "/\\")) or "\\" in url:
        return fallback
    parts = urlsplit(url)
    is_clean = not parts.scheme and not parts.netloc and url.isprintable()
    return url if is_clean else fallback


def came_from(request: Request, fallback: str = "/") -> str:
    """Return the page that the request came from, where it is one of this site's own."""
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return fallback
    if parts.netloc != request.headers.get("host", ""):
        return fallback
    return own_address(parts.path + (f"?{parts.query}" if parts.query else ""), fallback)


def absolute(request: Request, path: str) -> str:
    """Return one of our own addresses as the world writes it: by the site's address, else by the one asked for."""
    if path.startswith(("https://", "http://")):
        return path
    return origin_of(request) + path


def described(request: Request, made: PageContext, frame: Mapping[str, Any]) -> PageContext:
    """Return the frame with what the page says, and what search engines and networks are told where it says nothing.

    Its own address, the site's description, and the site's picture or a card that is drawn of the title.
    """
    site = site_of(request)
    said = {name: frame.get(name) or getattr(made, name) for name in ("canonical_url", "description", "image_url")}
    picture = said["image_url"] or site.seo.social_image
    title = format_message(frame["title"], made.locale)
    more = {
        "canonical_url": said["canonical_url"] or absolute(request, quote(request.scope["path"], safe=_PATH)),
        "description": said["description"] or site.seo.meta_description,
        "image_url": absolute(request, picture or card_url(ports_of(request).secrets, site, title)),
        "is_drawn": not picture,
        "twitter_handle": site.seo.twitter_handle,
    }
    return made.having(**{**frame, **more})


async def frame_of(request: Request, title: str | Message, flash: Flash | None = None) -> PageContext:
    """Return the frame of a page: the site's name and language, the menus of its surface, the viewer."""
    ports, surface = ports_of(request), _surface(request)
    is_site = surface in ("storefront", "account")
    is_private = surface in ("admin", "account")
    actor = await actor_of(request) if is_private else Actor.stranger()
    menus = await navigation.menus(ports, surface, actor)
    used = await ports.consents.used() if is_site else ()
    kept = _kept_flash(request)
    made = _site_frame(Same(ports.site), surface, Same(used)).having(
        title=title,
        path=request.scope["path"],
        viewer=_viewer(actor),
        nav=menus.nav,
        footer=menus.footer,
        legal=menus.legal,
        flashes=[one for one in (kept, flash) if one is not None],
        running_jobs=menus.running,
    )
    if is_private:
        scheme = request.cookies.get(SCHEME_COOKIE)
        is_folded = request.cookies.get(SIDEBAR_COOKIE) == "folded"
        made = made.having(scheme=scheme if scheme in ("light", "dark") else made.scheme, sidebar_folded=is_folded)
    return await framed(ports, made, request.headers.get("host", "")) if is_site else made


@lru_cache(maxsize=16)
def _site_frame(of_site: Same, surface: Surface, of_used: Same) -> PageContext:
    """Return what the frames of all pages of a surface have in common, until the site's settings change."""
    site: Site = of_site.it
    is_site = surface in ("storefront", "account")
    theme = site.theme.color_scheme
    return PageContext(
        title="",
        locale=site.general.language,
        timezone=site.general.timezone,
        surface=surface,
        site_name=site.general.site_name,
        tagline=site.general.tagline,
        title_template=site.seo.title_template,
        theme_css_url=theme_url(site.theme),
        scheme=theme if is_site and theme != "auto" else None,
        logo_url=site.general.logo or None,
        icon_url=site.general.favicon or None,
        icon_edition=icon_edition(site) if is_site else "",
        theme_color=site.theme.accent_color,
        consent=_consent(site, of_used.it),
    )


def _consent(site: Site, used: Sequence[ConsentNeed]) -> ConsentAsked | None:
    """Return what visitors of the site are asked; nothing while the site uses nothing that needs it."""
    if not used:
        return None
    settings = site.consent
    asks = dict.fromkeys(need.category.value for need in used if need.asks)
    every = dict.fromkeys(need.category.value for need in used)
    return ConsentAsked(
        settings.version, " ".join(asks), " ".join(every), settings.heading, settings.text, settings.policy_url
    )


def keep_mine(request: Request, answer: Response) -> None:
    """Have scripts see that this browser holds something of its own: a cart, or a session."""
    if MINE_COOKIE not in request.cookies:
        answer.set_cookie(MINE_COOKIE, "1", max_age=MINE_SECONDS, samesite="lax", secure=request.url.scheme == "https")


def has_session(request: Request) -> bool:
    """Return whether the browser holds a session cookie, good or not."""
    return SESSION_COOKIE in request.cookies


_SURFACES: dict[SurfaceName | None, Surface] = {
    SurfaceName.ADMIN: "admin",
    SurfaceName.ACCOUNT: "account",
    SurfaceName.KIOSK: "kiosk",
}


def _surface(request: Request) -> Surface:
    if request.scope["path"].startswith("/setup"):
        return "plain"
    return _SURFACES.get(getattr(request.state, "surface", None), "storefront")


def _viewer(actor: Actor) -> Viewer | None:
    if not actor.is_signed_in:
        return None
    role = str(actor.role).replace("_", " ").capitalize()
    return Viewer(actor.name or actor.email, actor.email, role)


def _keep_flash(answer: Response, flash: Flash, locale: str) -> None:
    words = {k: format_message(v, locale) if isinstance(v, Message) else v for k, v in asdict(flash).items()}
    if isinstance(flash.message, Message):
        words["message"] = format_message(flash.message, locale)
    if isinstance(flash.action_label, Message):
        words["action_label"] = format_message(flash.action_label, locale)
    text = base64.urlsafe_b64encode(json.dumps(words).encode()).decode()
    answer.set_cookie(FLASH_COOKIE, text[:3500], max_age=60, httponly=True, samesite="lax")


def _kept_flash(request: Request) -> Flash | None:
    if FLASH_COOKIE not in request.cookies:
        return None
    try:
        words = json.loads(base64.urlsafe_b64decode(request.cookies[FLASH_COOKIE]))
        action = own_address(words.get("action_url"), "") or None
        return Flash(str(words["message"]), str(words.get("kind", "success")), words.get("action_label"), action)  # type: ignore[arg-type]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


__all__: Sequence[str] = ("absolute", "came_from", "frame_of", "has_session", "own_address", "page", "redirect")
