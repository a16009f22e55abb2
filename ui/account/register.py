"""Making an account in the browser, and confirming its address."""

from dataclasses import dataclass, field

from fastapi import Request, Response

from engine.accounts import registrations, sessions
from engine.accounts.models import User
from engine.api.request import SESSION_COOKIE, Caller, CurrentClient, CurrentSite, House, public, signed_in
from engine.api.routing import APIRouter
from engine.core.errors import Conflict, Invalid
from engine.core.i18n import _
from engine.core.transaction import Tx
from ui.account.session_cookie import keep
from ui.forms import Errors, errors_of, typed
from ui.respond import own_address, page, redirect

router = APIRouter(prefix="/account", include_in_schema=False)


@dataclass(frozen=True)
class RegisterPage:
    """The form of a new account."""

    next: str
    name: str = ""
    email: str = ""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True)
class VerifyPage:
    """A question before an address is confirmed: programs that follow links in mail must not answer it."""

    token: str
    email: str


async def _form(request: Request, shown: RegisterPage, status: int = 200) -> Response:
    return await page(request, "account/register.html", shown, title=_("Make an account"), status=status, indexed=False)


@router.get("/register", dependencies=[public])
async def show_register(request: Request, actor: Caller) -> Response:
    """Answer the form of a new account."""
    wanted = own_address(request.query_params.get("next"), "/account")
    return redirect(wanted) if actor.is_signed_in else await _form(request, RegisterPage(wanted))


@router.post("/register", dependencies=[public])
async def register(request: Request, house: House, site: CurrentSite, client: CurrentClient) -> Response:
    """Make the account and sign its owner in."""
    form = await typed(request)
    wanted = own_address(form.get("next"), "/account")

    async def open_session(tx: Tx, user: User) -> str:
        return await sessions.open_session(tx, user, client, replaced=request.cookies.get(SESSION_COOKIE))

    try:
        cookie = await registrations.register(
            house.db,
            house.front_desk.passwords,
            email=form.get("email", ""),
            password=form.get("password", ""),
            name=form.get("name", ""),
            locale=site.general.language,
            client=client,
            then=open_session,
        )
    except (Invalid, Conflict) as error:
        errors = {"email": error.message} if isinstance(error, Conflict) else errors_of(error)
        shown = RegisterPage(wanted, form.get("name", "")[:200], form.get("email", "")[:320], errors)
        return await _form(request, shown, 422)
    return keep(request, redirect(wanted, flash=_("Welcome. Your account is ready."), request=request), cookie)


@router.get("/verify", dependencies=[signed_in])
async def show_verify(request: Request, actor: Caller) -> Response:
    """Ask whether the address is the reader's own."""
    shown = VerifyPage(request.query_params.get("token", "")[:200], actor.email)
    return await page(request, "account/verify.html", shown, title=_("Confirm your address"), indexed=False)


@router.post("/verify", dependencies=[signed_in])
async def verify(request: Request, house: House, actor: Caller) -> Response:
    """Take the link as proof."""
    form = await typed(request)
    async with house.db.write() as tx:
        await registrations.verify(tx, actor, form.get("token", ""))
    return redirect("/account", flash=_("Thank you. Your address is confirmed."), request=request)


@router.post("/verification-links", dependencies=[signed_in])
async def send_link(request: Request, house: House, site: CurrentSite, actor: Caller) -> Response:
    """Send the link again."""
    async with house.db.write() as tx:
        await registrations.send_link(tx, actor, site.general.language)
    return redirect("/account", flash=_("The e-mail is on its way."), request=request)
