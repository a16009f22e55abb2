"""A site that is not live: the page that strangers meet, and the secret link that lets somebody in."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from fastapi.responses import Response
from starlette.types import Scope

from engine.api.gateway.opening import BYPASS_COOKIE
from engine.api.request import CurrentSite, public
from engine.api.routing import APIRouter
from engine.core.errors import NotFound
from engine.core.i18n import Message, _
from engine.core.ids import digest
from engine.core.opening import Openness, SiteStatus
from engine.core.settings import Site
from ui.drawn.addresses import icon_edition
from ui.page import PageContext
from ui.respond import own_address, redirect
from ui.templates import render
from ui.themes import theme_url

router = APIRouter(include_in_schema=False, dependencies=[public])
KEPT_SECONDS = 30 * 24 * 3600
HEADINGS = {
    Openness.COMING_SOON: _("Something is being made here"),
    Openness.MAINTENANCE: _("Back soon"),
}
TEXTS = {
    Openness.COMING_SOON: _("This site opens soon. Come back then."),
    Openness.MAINTENANCE: _("We are working on the site. Everything is back in a while."),
}


@dataclass(frozen=True)
class ClosedPage:
    """What strangers meet. paragraphs: of the owner's message; back_at: when it opens, where that is known."""

    heading: Message | str
    paragraphs: list[Message | str]
    back_at: datetime | None
    is_pause: bool
    contact_email: str


def closed_page(scope: Scope, status: SiteStatus, found: Openness) -> str:
    """Return the page that strangers meet. It needs no database."""
    ports = scope["app"].state.ports
    site: Site = ports.site
    written = [one.strip() for one in status.message.split("\n\n") if one.strip()]
    is_ahead = status.back_at is not None and status.back_at > ports.clock.now()
    context = ClosedPage(
        heading=status.heading or HEADINGS[found],
        paragraphs=list(written) or [TEXTS[found]],
        back_at=status.back_at if is_ahead else None,
        is_pause=found is Openness.MAINTENANCE,
        contact_email=site.general.contact_email,
    )
    scheme = site.theme.color_scheme
    frame = PageContext(
        title=context.heading,
        locale=site.general.language,
        timezone=site.general.timezone,
        path=own_address(scope["path"]),
        site_name=site.general.site_name,
        title_template=site.seo.title_template,
        theme_css_url=theme_url(site.theme),
        scheme=None if scheme == "auto" else scheme,
        logo_url=site.general.logo or None,
        icon_url=site.general.favicon or None,
        icon_edition=icon_edition(site),
        indexed=False,
    )
    return render("storefront/closed.html", context, frame)


@router.get("/opening/{key}")
async def let_in(request: Request, key: str, site: CurrentSite) -> Response:
    """Let in whoever comes by the secret link, until it is taken back; then lead to the front page."""
    if not site.site_status.fits(key):
        raise NotFound(_("This link is not good any more. Ask whoever gave it to you for another."))
    answer = redirect("/")
    is_secure = request.url.scheme == "https"
    mark = digest(site.site_status.bypass_key)
    answer.set_cookie(BYPASS_COOKIE, mark, max_age=KEPT_SECONDS, httponly=True, samesite="lax", secure=is_secure)
    return answer
