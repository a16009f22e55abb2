"""Signing in and out, at the shop's door and at the admin's."""

from dataclasses import dataclass, field

from fastapi import Request, Response

from engine.accounts import logins, second_steps, sessions
from engine.accounts.models import User
from engine.accounts.second_steps import Held
from engine.api.problems import status_of
from engine.api.request import SESSION_COOKIE, Caller, CurrentClient, House, public
from engine.api.routing import APIRouter
from engine.core.errors import NotAllowed, NotSignedIn
from engine.core.i18n import Message, _
from engine.core.transaction import Tx
from ui.account.session_cookie import drop, keep
from ui.forms import Errors, errors_of, typed
from ui.respond import own_address, page, redirect

router = APIRouter(include_in_schema=False, dependencies=[public])
ACCOUNT, ADMIN = "/account", "/admin"


@dataclass(frozen=True)
class SignInPage:
    """The way in. `area`: whose door it is, /account or /admin."""

    area: str
    is_admin: bool
    next: str
    email: str = ""
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True)
class CodePage:
    """The question for a code. held: what says that the password was right."""

    area: str
    next: str
    held: str
    errors: Errors = field(default_factory=dict)


async def _show(request: Request, actor: Caller, area: str) -> Response:
    wanted = own_address(request.query_params.get("next"), area)
    if actor.is_signed_in:
        return redirect(wanted)
    return await _form(request, SignInPage(area, area == ADMIN, wanted, request.query_params.get("email", "")[:320]))


async def _form(request: Request, shown: SignInPage, status: int = 200) -> Response:
    title: Message = _("Sign in")
    return await page(request, "account/sign_in.html", shown, title=title, status=status, indexed=False)


async def _sign_in(request: Request, house: House, client: CurrentClient, area: str) -> Response:
    form = await typed(request)
    wanted, email = own_address(form.get("next"), area), form.get("email", "")

    async def open_session(tx: Tx, user: User) -> str | Held:
        held = await second_steps.hold(tx, house.secrets, user)
        replaced = request.cookies.get(SESSION_COOKIE)
        return held or await sessions.open_session(tx, user, client, replaced=replaced)

    try:
        found = await logins.sign_in(
            house.db, house.front_desk.passwords, email, form.get("password", "")[:1_000], client, open_session
        )
    except (NotSignedIn, NotAllowed) as error:
        status = 422 if isinstance(error, NotSignedIn) else status_of(error)[0]
        return await _form(request, SignInPage(area, area == ADMIN, wanted, email[:320], errors_of(error)), status)
    if isinstance(found, Held):
        return await _ask_code(request, CodePage(area, wanted, found.token))
    return keep(request, redirect(wanted), found)


async def _ask_code(request: Request, shown: CodePage, status: int = 200) -> Response:
    title: Message = _("Second step")
    return await page(request, "account/second_step.html", shown, title=title, status=status, indexed=False)


async def _take_code(request: Request, house: House, client: CurrentClient, area: str) -> Response:
    form = await typed(request)
    wanted, token = own_address(form.get("next"), area), form.get("held", "")[:200]

    async def open_session(tx: Tx, user: User) -> str:
        return await sessions.open_session(tx, user, client, replaced=request.cookies.get(SESSION_COOKIE))

    try:
        code = form.get("code", "")[:60]
        cookie = await second_steps.take(house.db, house.secrets, token, code, client, open_session)
    except (NotSignedIn, NotAllowed) as error:
        status = 422 if isinstance(error, NotSignedIn) else status_of(error)[0]
        return await _ask_code(request, CodePage(area, wanted, token, errors_of(error)), status)
    return keep(request, redirect(wanted), cookie)


@router.post("/account/sign-in/code")
async def take_code(request: Request, house: House, client: CurrentClient) -> Response:
    """Sign a shopper in by the code of their second step."""
    return await _take_code(request, house, client, ACCOUNT)


@router.post("/admin/sign-in/code")
async def take_admin_code(request: Request, house: House, client: CurrentClient) -> Response:
    """Sign staff in by the code of their second step."""
    return await _take_code(request, house, client, ADMIN)


@router.get("/account/sign-in")
async def show_sign_in(request: Request, actor: Caller) -> Response:
    """Answer the shop's way in."""
    return await _show(request, actor, ACCOUNT)


@router.post("/account/sign-in")
async def sign_in(request: Request, house: House, client: CurrentClient) -> Response:
    """Sign a shopper in, and go on to where they were going."""
    return await _sign_in(request, house, client, ACCOUNT)


@router.get("/admin/sign-in")
async def show_admin_sign_in(request: Request, actor: Caller) -> Response:
    """Answer the staff's way in."""
    return await _show(request, actor, ADMIN)


@router.post("/admin/sign-in")
async def admin_sign_in(request: Request, house: House, client: CurrentClient) -> Response:
    """Sign staff in."""
    return await _sign_in(request, house, client, ADMIN)


async def _sign_out(request: Request, house: House, area: str) -> Response:
    cookie = request.cookies.get(SESSION_COOKIE)
    if cookie:
        async with house.db.write() as tx:
            await sessions.close(tx, cookie)
    return drop(request, redirect(f"{area}/sign-in", flash=_("You are signed out."), request=request))


@router.post("/account/sign-out")
async def sign_out(request: Request, house: House) -> Response:
    """End this browser's session."""
    return await _sign_out(request, house, ACCOUNT)


@router.post("/admin/sign-out")
async def admin_sign_out(request: Request, house: House) -> Response:
    """End this browser's session, from the admin."""
    return await _sign_out(request, house, ADMIN)
