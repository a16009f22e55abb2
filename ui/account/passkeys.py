"""Passkeys of staff: making and taking away one's own, and signing in by one."""

from dataclasses import asdict, dataclass, field
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import URL

from engine.accounts import passkeys, sessions
from engine.accounts.models import User
from engine.accounts.passkeys import KeyView, Question
from engine.accounts.ports import Door
from engine.api.ports import Ports
from engine.api.request import SESSION_COOKIE, Caller, CurrentClient, House, allow, public
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import AgoraError, NotFound, NotSignedIn
from engine.core.i18n import _
from engine.core.ids import parse_id
from engine.core.transaction import Tx
from ui.account.session_cookie import keep
from ui.forms import Errors, errors_of, typed
from ui.page import Flash
from ui.respond import own_address, page, redirect

HOME, ENTRANCE = "/admin/me/passkeys", "/admin/sign-in/passkey"
LONGEST = 20_000
router = APIRouter(include_in_schema=False)
own = [allow(Permission.ENTER_ADMIN)]
#: Also for staff who owe a second step: a passkey is as good.
owing = [allow(Permission.ENTER_ADMIN, owing=True)]
STEP = "/admin/me/second-step"


@dataclass(frozen=True)
class PasskeysPage:
    """One's passkeys."""

    keys: list[KeyView]
    errors: Errors = field(default_factory=dict)


def _door(request: Request) -> Door:
    """Return where the browser says it is; the host was looked at before anything else was."""
    url: URL = request.url
    return Door(url.hostname or "localhost", (f"https://{url.netloc}", f"http://{url.netloc}"))


def _question(asked: Question) -> JSONResponse:
    return JSONResponse(asdict(asked), headers={"Cache-Control": "no-store"})


def _own(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise NotSignedIn(_("Sign in first."))
    return actor.user_id


@router.get(HOME, dependencies=own)
async def show_passkeys(request: Request, house: House, actor: Caller) -> Response:
    """Answer one's passkeys."""
    return await _answer(request, house, actor)


@router.get(f"{HOME}/options", dependencies=owing)
async def ask_new(request: Request, house: House, actor: Caller) -> Response:
    """Answer what the browser makes a passkey by."""
    site = house.site.general.site_name
    now = house.clock.now()
    return _question(await house.db.query(passkeys.ask_new, actor, house.secrets, _door(request), site, now))


@router.post(HOME, dependencies=owing)
async def add_passkey(request: Request, house: House, actor: Caller) -> Response:
    """Keep a passkey that the browser made."""
    form = await typed(request)
    token, answer = form.get("token", "")[:200], form.get("answer", "")[:LONGEST]
    try:
        async with house.db.write() as tx:
            check, door = house.front_desk.passkeys, _door(request)
            await passkeys.add(tx, actor, house.secrets, check, door, token, answer, form.get("name", ""))
    except AgoraError as error:
        if actor.owes_step:
            return redirect(STEP, flash=Flash(error.message, "danger"), request=request)
        return await _answer(request, house, actor, errors_of(error))
    return redirect(HOME, flash=_("The passkey signs you in from now on."), request=request)


@router.post(f"{HOME}/removals", dependencies=own)
async def remove_passkey(request: Request, house: House, actor: Caller) -> Response:
    """Take a passkey away."""
    key_id = parse_id((await typed(request)).get("key", ""))
    if key_id is None:
        raise NotFound(_("This passkey is not there any more."))
    async with house.db.write() as tx:
        await passkeys.remove(tx, actor, key_id)
    return redirect(HOME, flash=_("The passkey signs nobody in any more."), request=request)


@router.get(f"{ENTRANCE}/options", dependencies=[public])
async def ask(request: Request, house: House) -> Response:
    """Answer what the browser asks for a passkey by."""
    return _question(passkeys.ask(house.secrets, _door(request), house.clock.now()))


@router.post(ENTRANCE, dependencies=[public])
async def enter(request: Request, house: House, client: CurrentClient) -> Response:
    """Sign in by a passkey."""
    form = await typed(request)
    token, answer = form.get("token", "")[:200], form.get("answer", "")[:LONGEST]

    async def open_session(tx: Tx, user: User) -> str:
        return await sessions.open_session(tx, user, client, request.cookies.get(SESSION_COOKIE), by_passkey=True)

    check = house.front_desk.passkeys
    try:
        cookie = await passkeys.sign_in(house.db, house.secrets, check, _door(request), token, answer, open_session)
    except AgoraError as error:
        return redirect("/admin/sign-in", flash=Flash(error.message, "danger"), request=request)
    return keep(request, redirect(own_address(form.get("next"), "/admin")), cookie)


async def _answer(request: Request, house: Ports, actor: Actor, errors: Errors | None = None) -> Response:
    keys = await house.db.query(passkeys.keys_of, _own(actor))
    shown = PasskeysPage(keys, errors or {})
    return await page(request, "account/passkeys.html", shown, title=_("Passkeys"), status=422 if errors else 200)
