"""One table from the engine's errors to a page; programs are answered by `engine/api/problems.py`."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import Scope

from engine.api import problems
from engine.api.request import ports_of
from engine.content import public as content
from engine.content.chains import GONE
from engine.content.pages.models import PageKind
from engine.core import errors
from engine.core.i18n import Message, _, format_message
from engine.core.site import SurfaceName
from ui.page import PageContext
from ui.respond import own_address, page, redirect
from ui.storefront.failing import answer_part, drawn_failure
from ui.storefront.pages import find_page
from ui.templates import render
from ui.themes import theme_url

#: Where staff who owe a second step are led.
STEP = "/admin/me/second-step"
_WORDS: dict[int, tuple[Message, Message]] = {
    403: (_("This is not open to you"), _("Your account may not see this. Ask whoever looks after the site.")),
    410: (_("This is gone"), _("The page was taken away for good. Search for it, or start from the front.")),
    404: (_("There is nothing here"), _("The page has moved or never was. Search for it, or start from the front.")),
    405: (_("That does not work here"), _("Go back and try again from the page before.")),
    409: (_("That is no longer possible"), _("Something changed meanwhile. Go back and look again.")),
    422: (_("Something in that was not right"), _("Go back, look at what you sent, and try again.")),
    429: (_("A little slower, please"), _("Too many requests came from your address. Try again in a minute.")),
    503: (_("Back in a moment"), _("Something we need does not answer right now. Try again in a minute.")),
}


@dataclass(frozen=True)
class ErrorPage:
    """What the error page says."""

    status: int
    title: Message | str
    text: Message | str
    request_id: str | None
    action_label: Message | None
    action_url: str | None


def is_for_program(request: Request) -> bool:
    """Return whether the request is of the API or wants JSON: it gets problem+json."""
    accepts_page = "text/html" in request.headers.get("accept", "*/*") or "*/*" in request.headers.get("accept", "*/*")
    return request.url.path.startswith(("/api/", "/health", "/metrics")) or not accepts_page


async def on_agora_error(request: Request, error: Exception) -> Response:
    """Answer an expected refusal: strangers are shown the way in, others a page that says what to do."""
    assert isinstance(error, errors.AgoraError)  # noqa: S101 - registered for nothing else
    if is_for_program(request):
        return await problems.on_agora_error(request, error)
    if request.method in ("GET", "HEAD") and (onward := _onward(request, error)) is not None:
        return onward
    if isinstance(error, errors.NotFound) and (found := await _elsewhere(request)) is not None:
        return found
    status, _title = problems.status_of(error)
    try:
        return await error_page(request, 403 if status == 401 else status, _told(request, error))
    except errors.Unavailable as away:  # menus and words of the page are in the database that does not answer
        return _bare_page(request, away)


def _told(request: Request, error: errors.AgoraError) -> Message | str:
    return errors.told_to_staff(error) if request.url.path.startswith("/admin") else error.message


def _bare_page(request: Request, away: errors.Unavailable) -> Response:
    """Answer in the house's plain frame that something does not answer, without asking anything of it."""
    language = ports_of(request).site.general.language
    title, _usual = _WORDS[503]
    again = (_("Try again"), own_address(request.url.path)) if request.method in ("GET", "HEAD") else (None, None)
    text = refusal_page(
        request.scope, 503, format_message(title, language), format_message(_told(request, away), language), again
    )
    return HTMLResponse(text, 503, {"Cache-Control": "no-store"})


def _onward(request: Request, error: errors.AgoraError) -> Response | None:
    """Return the way to what is missing: signing in, or a second step. htmx is told to go there as a whole page."""
    if isinstance(error, errors.StepOwed):
        return Response(headers={"HX-Redirect": STEP}) if request.headers.get("hx-request") else redirect(STEP)
    if not isinstance(error, errors.NotSignedIn):
        return None
    area = "/admin" if request.url.path.startswith("/admin") else "/account"
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    way_in = f"{area}/sign-in?next={quote(here, safe='')}"
    if request.headers.get("x-part") == "page":  # htmx put a part in its place that is all of the page
        return Response(headers={"HX-Redirect": own_address(way_in)})
    return redirect(way_in)


async def on_bad_request(request: Request, error: Exception) -> Response:
    """Answer an address or form that does not fit its route."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    if is_for_program(request):
        return await problems.on_bad_request(request, error)
    in_path = any(found["loc"][0] == "path" for found in error.errors())
    return await error_page(request, 404 if in_path else 422)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what routing refuses."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    if is_for_program(request):
        return await problems.on_http_error(request, error)
    if error.status_code == 404 and (found := await _elsewhere(request)) is not None:
        return found
    return await error_page(request, error.status_code)


async def _elsewhere(request: Request) -> Response | None:
    """Return the page that people built at this address, or the way to where it went."""
    try:
        return await find_page(request) or await _moved(request)
    except errors.AgoraError as refused:
        return await on_agora_error(request, refused)


async def _moved(request: Request) -> Response | None:
    """Return the way to where a page of the shop went, or that it is gone, if it left word; the query goes with it."""
    if request.method not in ("GET", "HEAD") or request.state.surface is not SurfaceName.STOREFRONT:
        return None
    ports, path = ports_of(request), request.url.path
    moved = await ports.db.query(content.redirect_for, path)
    if moved is None or is_here(request, moved.target_url):
        if request.headers.get("sec-fetch-dest", "document") == "document":
            headers = request.headers
            ports.footprints.miss(path, headers.get("referer", ""), headers.get("user-agent", ""))
        return None
    ports.footprints.follow(moved.id)
    if moved.status_code == GONE:
        return await error_page(request, GONE)
    query = f"?{request.url.query}" if request.url.query and "?" not in moved.target_url else ""
    target, mark, place = moved.target_url.partition("#")
    return RedirectResponse(target + query + mark + place, moved.status_code)


def is_here(request: Request, target: str) -> bool:
    """Return whether a whole address is the very page that is asked for: nobody is sent in a circle."""
    parts = urlsplit(target)
    return parts.netloc == request.headers.get("host") and parts.path == request.url.path


async def error_page(request: Request, status: int, text: Message | str | None = None) -> Response:
    """Answer a page that says what went wrong and where to go."""
    if status in (404, GONE) and (built := await answer_part(request, PageKind.NOT_FOUND, status)) is not None:
        return built
    title, usual = _WORDS.get(status, (_("Something went wrong"), _("Try again in a minute.")))
    path = request.url.path
    is_admin = path.startswith("/admin")
    home = "/admin" if is_admin else "/"
    context = ErrorPage(
        status=status,
        title=title,
        text=text or usual,
        request_id=getattr(request.state, "request_id", None) if status >= 500 else None,
        action_label=_("To the dashboard") if is_admin else _("To the front page"),
        action_url=home,
    )
    template = "plain/error.html" if is_admin or path.startswith("/setup") else "storefront/error.html"
    return await page(request, template, context, title=title, status=status, indexed=False)


def refusal_page(
    scope: Scope, status: int, title: str, detail: str, way: tuple[Message | None, str | None] | None = None
) -> str:
    """Return the page for what never reaches a route: a closed door, a limit, a site without an owner, a failure.

    way: where to go from there, in other words than usual.
    """
    house = scope["app"].state.ports
    site = house.site
    path = own_address(scope["path"])
    ways = dict.fromkeys((429, 500, 503), (_("Try again"), path))
    if scope.get("state", {}).get("is_closed"):
        ways[503] = (_("Set up this site"), "/setup")
    label, url = way or (ways.get(status, (None, None)) if scope["method"] in ("GET", "HEAD") else (None, None))
    context = ErrorPage(status, title, detail, None, label, url)  # a failure's detail names the request's id itself
    frame = PageContext(
        title=title,
        locale=site.general.language,
        timezone=site.general.timezone,
        surface="plain",
        path=path,
        site_name=site.general.site_name,
        theme_css_url=theme_url(site.theme),
        logo_url=site.general.logo or None,
        indexed=False,
    )
    is_shop = status == 500 and scope.get("state", {}).get("surface") is SurfaceName.STOREFRONT
    built = drawn_failure(house, frame, detail) if is_shop else None
    return built or render("plain/error.html", context, frame)


def install(app: FastAPI) -> None:
    """Have every error answered by a page or a problem, whichever the client reads."""
    app.state.refusal_page = refusal_page
    app.add_exception_handler(errors.AgoraError, on_agora_error)
    app.add_exception_handler(RequestValidationError, on_bad_request)
    app.add_exception_handler(HTTPException, on_http_error)
