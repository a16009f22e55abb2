"""Getting back in without the password."""

from dataclasses import dataclass, field

from fastapi import Request, Response

from engine.accounts import links, password_resets
from engine.accounts.models import LinkPurpose
from engine.api.request import CurrentClient, House, public
from engine.api.routing import APIRouter
from engine.core.errors import Conflict, Invalid
from engine.core.i18n import _
from ui.account.session_cookie import drop
from ui.forms import Errors, errors_of, typed
from ui.respond import page, redirect

router = APIRouter(prefix="/account", include_in_schema=False, dependencies=[public])


@dataclass(frozen=True)
class ForgotPage:
    """Whose password was forgotten; once sent, what happens next."""

    email: str
    is_sent: bool


@dataclass(frozen=True)
class ResetPage:
    """The new password. `is_good`: whether the link still works."""

    token: str
    is_good: bool
    errors: Errors = field(default_factory=dict)


@router.get("/forgot")
async def show_forgot(request: Request) -> Response:
    """Ask for the address."""
    shown = ForgotPage(request.query_params.get("email", "")[:320], is_sent=False)
    return await page(request, "account/forgot.html", shown, title=_("Forgot your password?"), indexed=False)


@router.post("/forgot")
async def forgot(request: Request, house: House) -> Response:
    """Send a link, if an account has the address; the page says the same either way."""
    form = await typed(request)
    email = form.get("email", "").strip()[:320]
    async with house.db.write() as tx:
        password_resets.ask(tx, email)
    shown = ForgotPage(email, is_sent=True)
    return await page(request, "account/forgot.html", shown, title=_("Look into your mail"), indexed=False)


@router.get("/reset")
async def show_reset(request: Request, house: House) -> Response:
    """Ask for the new password, while the link works."""
    token = request.query_params.get("token", "")[:200]
    is_good = await house.db.query(links.is_good, LinkPurpose.RESET_PASSWORD, token, house.clock.now())
    return await _form(request, ResetPage(token, is_good), 200 if is_good else 409)


@router.post("/reset")
async def reset(request: Request, house: House, client: CurrentClient) -> Response:
    """Set the new password; every session ends, and the person signs in with it."""
    form = await typed(request)
    token, password = form.get("token", ""), form.get("password", "")
    try:
        await password_resets.reset(house.db, house.front_desk.passwords, token, password, client)
    except Invalid as error:
        return await _form(request, ResetPage(token, is_good=True, errors=errors_of(error)), 422)
    except Conflict:
        return await _form(request, ResetPage(token, is_good=False), 409)
    flash = _("Your new password is set. Sign in with it.")
    return drop(request, redirect("/account/sign-in", flash=flash, request=request))


async def _form(request: Request, shown: ResetPage, status: int) -> Response:
    title = _("Choose a new password")
    return await page(request, "account/reset.html", shown, title=title, status=status, indexed=False)
