"""One's own second step, for staff: an app's codes asked for after the password, and taken away again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import segno
from fastapi import Request, Response
from markupsafe import Markup

from engine.accounts import password_resets, second_steps, totp
from engine.api.ports import Ports
from engine.api.request import Caller, CurrentClient, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import AgoraError, NotSignedIn
from engine.core.i18n import _
from ui.forms import Errors, errors_of, typed
from ui.respond import page, redirect

HOME = "/admin/me/second-step"
SCALE = 5
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.ENTER_ADMIN, owing=True)])


@dataclass(frozen=True)
class StepPage:
    """The page. has: whether codes are asked for; secret, svg: for the app; codes: recovery codes, shown once.

    left: how many of those are left; must: staff need a second step here, now or soon; wrong: the refused form.
    """

    has: bool
    secret: str = ""
    svg: Markup = Markup()
    codes: Sequence[str] = ()
    left: int = 0
    must: bool = False
    wrong: str = ""
    errors: Errors = field(default_factory=dict)


@router.get("")
async def show_step(request: Request, house: House, actor: Caller) -> Response:
    """Answer whether there is a second step, and how to have one."""
    return await _answer(request, house, actor)


@router.post("")
async def confirm_step(request: Request, house: House, actor: Caller) -> Response:
    """Ask for codes from now on; answer the recovery codes, this once."""
    code = (await typed(request)).get("code", "")
    try:
        async with house.db.write() as tx:
            codes = await second_steps.confirm(tx, actor, house.secrets, code)
    except AgoraError as error:
        return await _answer(request, house, actor, errors_of(error))
    return await _show_codes(request, actor, codes)


@router.post("/codes")
async def renew_codes(request: Request, house: House, actor: Caller, client: CurrentClient) -> Response:
    """Answer new recovery codes in place of the former ones, this once, after the password was said."""
    password = (await typed(request)).get("password", "")
    try:
        await password_resets.prove(house.db, house.front_desk.passwords, actor, password, client)
        async with house.db.write() as tx:
            codes = await second_steps.renew_codes(tx, actor)
    except AgoraError as error:
        return await _answer(request, house, actor, errors_of(error), wrong="renewed")
    return await _show_codes(request, actor, codes)


async def _show_codes(request: Request, actor: Actor, codes: Sequence[str]) -> Response:
    shown = StepPage(has=True, codes=codes, left=len(codes))
    answer = await page(request, _template(actor), shown, title=_("Second step"))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _template(actor: Actor) -> str:
    """Return the page in the admin, or alone for whoever may not see anything else yet."""
    return "account/step_owed.html" if actor.owes_step else "account/step.html"


@router.post("/removals")
async def remove_step(request: Request, house: House, actor: Caller, client: CurrentClient) -> Response:
    """Ask for no codes any more, once the password was said."""
    password = (await typed(request)).get("password", "")
    try:
        await password_resets.prove(house.db, house.front_desk.passwords, actor, password, client)
        async with house.db.write() as tx:
            await second_steps.remove(tx, actor, _own(actor))
    except AgoraError as error:
        return await _answer(request, house, actor, errors_of(error))
    return redirect(HOME, flash=_("Your password alone signs you in again."), request=request)


def _own(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise NotSignedIn(_("Sign in first."))
    return actor.user_id


async def _answer(
    request: Request, house: Ports, actor: Actor, errors: Errors | None = None, wrong: str = ""
) -> Response:
    """Answer the page. wrong: the form that was refused, where there is more than one."""
    must = house.site.sign_in.staff_step_from is not None
    left = await house.db.query(second_steps.codes_left, _own(actor))
    if left is not None:
        shown = StepPage(has=True, left=left, must=must, wrong=wrong, errors=errors or {})
    else:
        async with house.db.write() as tx:
            secret = await second_steps.begin(tx, actor, house.secrets)
        shown = StepPage(
            has=False,
            secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
            svg=_drawn(totp.address(secret, actor.email, house.site.general.site_name)),
            must=must,
            errors=errors or {},
        )
    return await page(request, _template(actor), shown, title=_("Second step"), status=422 if errors else 200)


def _drawn(address: str) -> Markup:
    drawn: str = segno.make(address, error="m").svg_inline(border=2, scale=SCALE, svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 - segno draws squares, and nothing of the address stands in them as text
