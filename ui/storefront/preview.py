"""Drafts by a link, and pages that a password opens."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import Response

from engine.api.request import House, public
from engine.api.routing import APIRouter
from engine.content.pages import queries, reviewing
from engine.content.pages.models import PageVisibility
from engine.core.actor import Actor
from engine.core.errors import NotFound
from engine.core.i18n import _
from ui.page import Flash
from ui.respond import own_address, redirect
from ui.storefront.held import private
from ui.storefront.locks import key_of, lock_page
from ui.storefront.pages import answer_page

router = APIRouter(include_in_schema=False, dependencies=[public])
KEPT_SECONDS = 7 * 24 * 3600


@router.get("/preview/{secret}")
async def show_preview(secret: str, request: Request, house: House) -> Response:
    """Answer a page's draft to whoever has the link, until it expires."""
    page_id = await house.db.query(reviewing.previewed, secret, house.clock.now())
    shown = await house.db.query(queries.draft, page_id) if page_id else None
    if shown is None:
        raise NotFound(_("This preview link leads nowhere any more. Ask for a new one."))
    note = Flash(_("A preview: visitors do not see this yet."), "info")
    answer = private(await answer_page(request, house, shown, Actor.stranger(), indexed=False, flash=note))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@router.post("/go/page/{page_id:uuid}")
async def unlock_page(
    page_id: UUID, request: Request, house: House, password: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Open a page with its password, for a week in this browser."""
    (shown,) = [*(await house.db.query(queries.published, [page_id])).values()] or [None]
    if shown is None or shown.path is None:
        raise NotFound(_("There is no page {id}. It may have been deleted."), id=page_id)
    is_right = await house.front_desk.passwords.matches(password, shown.password_hash or None)
    if shown.visibility is PageVisibility.PASSWORD and not is_right:
        return await lock_page(request, shown, error=_("That is not the password. Try again."))
    answer = redirect(own_address(shown.path), request=request)
    name, value = key_of(house, shown)
    is_secure = request.url.scheme == "https"
    answer.set_cookie(name, value, max_age=KEPT_SECONDS, httponly=True, samesite="lax", secure=is_secure, path="/")
    return answer
