"""One's own account: details, password, and where one is signed in; in the shop, and in the admin."""

from dataclasses import dataclass, field
from uuid import UUID

from fastapi import Request, Response

from engine.accounts import passkeys, password_resets, queries, second_steps, sign_ins, users
from engine.accounts.queries import UserSummary
from engine.accounts.sign_ins import SignIn
from engine.api.request import Caller, CurrentClient, House, allow, signed_in
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Invalid, NotAllowed, NotSignedIn
from engine.core.i18n import Message, _
from engine.core.ids import parse_id
from ui.account.agents import is_phone, program_name
from ui.account.session_cookie import drop
from ui.forms import Errors, errors_of, typed
from ui.respond import page, redirect

router = APIRouter(prefix="/account", include_in_schema=False, dependencies=[signed_in])
admin_router = APIRouter(prefix="/admin/me", include_in_schema=False, dependencies=[allow(Permission.ENTER_ADMIN)])


@dataclass(frozen=True)
class Place:
    """Where somebody is signed in, in words."""

    sign_in: SignIn
    name: Message | str
    icon: str


@dataclass(frozen=True)
class MePage:
    """One's own account. `home`: what the forms' addresses begin with, /account or /admin/me.

    has_step, keys: for staff, whether they have a second step, and how many passkeys.
    """

    user: UserSummary
    places: list[Place]
    home: str
    name: str
    errors: Errors = field(default_factory=dict)
    has_step: bool = False
    keys: int = 0


async def _me(house: House, actor: Actor, home: str, errors: Errors | None = None, name: str | None = None) -> MePage:
    if actor.user_id is None:
        raise NotSignedIn(_("Sign in first."))
    user = await house.db.query(queries.user, actor.user_id)
    found = await house.db.query(sign_ins.of_user, actor.user_id, house.clock.now(), actor.session_id)
    places = [
        Place(one, program_name(one.user_agent), "smartphone" if is_phone(one.user_agent) else "monitor")
        for one in found
    ]
    has_step, keys = False, 0
    if actor.is_staff:
        has_step = await house.db.query(second_steps.has_step, actor.user_id)
        keys = len(await house.db.query(passkeys.keys_of, actor.user_id))
    return MePage(user, places, home, user.name if name is None else name, errors or {}, has_step, keys)


async def _show(request: Request, house: House, actor: Actor, template: str, title: Message) -> Response:
    return await page(request, f"account/{template}.html", await _me(house, actor, "/account"), title=title)


@router.get("")
async def show_account(request: Request, house: House, actor: Caller) -> Response:
    """Answer the front page of one's account."""
    return await _show(request, house, actor, "overview", _("Your account"))


@router.get("/profile")
async def show_profile(request: Request, house: House, actor: Caller) -> Response:
    """Answer one's details and the change of password."""
    return await _show(request, house, actor, "profile", _("Your details"))


@router.get("/sessions")
async def show_sessions(request: Request, house: House, actor: Caller) -> Response:
    """Answer where one is signed in."""
    return await _show(request, house, actor, "sessions", _("Where you are signed in"))


@admin_router.get("")
async def show_me(request: Request, house: House, actor: Caller) -> Response:
    """Answer all of one's account on one page, for staff."""
    return await page(request, "account/staff.html", await _me(house, actor, "/admin/me"), title=_("My account"))


async def _refused(
    request: Request, house: House, actor: Actor, home: str, error: AgoraError, name: str | None = None
) -> Response:
    shown = await _me(house, actor, home, errors_of(error), name)
    template = "account/profile.html" if home == "/account" else "account/staff.html"
    return await page(request, template, shown, title=_("Your details"), status=422)


async def _rename(request: Request, house: House, actor: Actor, home: str, back: str) -> Response:
    name = (await typed(request)).get("name", "")
    try:
        async with house.db.write() as tx:
            await users.rename(tx, actor, name)
    except Invalid as error:
        return await _refused(request, house, actor, home, error, name)
    return redirect(back, flash=_("Saved."), request=request)


async def _change_password(
    request: Request, house: House, actor: Actor, client: CurrentClient, home: str, back: str
) -> Response:
    form = await typed(request)
    current, password = form.get("currentPassword", ""), form.get("password", "")
    try:
        await password_resets.change(house.db, house.front_desk.passwords, actor, current, password, client)
    except (Invalid, NotAllowed) as error:
        return await _refused(request, house, actor, home, error)
    flash = _("Your new password is set. You are signed out everywhere else.")
    return redirect(back, flash=flash, request=request)


async def _sign_out(request: Request, house: House, actor: Actor, area: str, back: str) -> Response:
    wanted: UUID | None = parse_id((await typed(request)).get("session", ""))
    async with house.db.write() as tx:
        if wanted is None:
            await sign_ins.end_everywhere(tx, actor)
        else:
            await sign_ins.end(tx, actor, wanted)
    if wanted is None or wanted == actor.session_id:
        return drop(request, redirect(f"{area}/sign-in", flash=_("You are signed out."), request=request))
    return redirect(back, flash=_("Signed out there."), request=request)


@router.post("/profile")
async def rename(request: Request, house: House, actor: Caller) -> Response:
    """Change one's name."""
    return await _rename(request, house, actor, "/account", "/account/profile")


@router.post("/password")
async def change_password(request: Request, house: House, actor: Caller, client: CurrentClient) -> Response:
    """Change one's password."""
    return await _change_password(request, house, actor, client, "/account", "/account/profile")


@router.post("/sign-outs")
async def sign_out_there(request: Request, house: House, actor: Caller) -> Response:
    """Sign out in one place, or everywhere."""
    return await _sign_out(request, house, actor, "/account", "/account/sessions")


@admin_router.post("/profile")
async def rename_me(request: Request, house: House, actor: Caller) -> Response:
    """Change one's name, in the admin."""
    return await _rename(request, house, actor, "/admin/me", "/admin/me")


@admin_router.post("/password")
async def change_my_password(request: Request, house: House, actor: Caller, client: CurrentClient) -> Response:
    """Change one's password, in the admin."""
    return await _change_password(request, house, actor, client, "/admin/me", "/admin/me")


@admin_router.post("/sign-outs")
async def sign_me_out_there(request: Request, house: House, actor: Caller) -> Response:
    """Sign out in one place, or everywhere, in the admin."""
    return await _sign_out(request, house, actor, "/admin", "/admin/me")
