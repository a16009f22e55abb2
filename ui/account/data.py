"""One's own data: a file of all that is held of a person, and erasing it."""

from dataclasses import dataclass, field

from fastapi import Request, Response

from engine.accounts import password_resets
from engine.api.ports import Ports
from engine.api.request import Caller, CurrentClient, House, signed_in
from engine.api.routing import APIRouter
from engine.core.actor import Actor
from engine.core.errors import AgoraError, NotSignedIn
from engine.core.i18n import Message, _
from engine.core.persons import Person
from engine.operations.privacy.register import with_account
from ui.account.session_cookie import drop
from ui.forms import Errors, errors_of, typed
from ui.respond import page, redirect

HOME = "/account/data"
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[signed_in])


@dataclass(frozen=True)
class OwnData:
    """The page. kinds: what is held of people; years: for how long an order names its buyer."""

    kinds: list[Message]
    years: int
    is_staff: bool
    errors: Errors = field(default_factory=dict)


@router.get("")
async def show_data(request: Request, house: House, actor: Caller) -> Response:
    """Answer what can be done with one's data."""
    return await _answer(request, house, actor)


@router.post("/exports")
async def export_data(house: House, actor: Caller) -> Response:
    """Answer a ZIP of all that is held of the person."""
    packed = await house.register.export(house.db, actor, await _me(house, actor))
    return Response(
        packed,
        media_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="my-data.zip"', "Cache-Control": "no-store"},
    )


@router.post("/erasures")
async def erase_me(request: Request, house: House, actor: Caller, client: CurrentClient) -> Response:
    """Erase the person who asks, once they said their password."""
    password = (await typed(request)).get("password", "")
    try:
        await password_resets.prove(house.db, house.front_desk.passwords, actor, password, client)
        person = await _me(house, actor)
        async with house.db.write() as tx:
            await house.register.erase(tx, actor, person)
    except AgoraError as error:
        return await _answer(request, house, actor, errors_of(error))
    return drop(request, redirect("/", flash=_("Your account and what told of you are erased."), request=request))


async def _me(house: Ports, actor: Actor) -> Person:
    if actor.user_id is None:
        raise NotSignedIn(_("Sign in first."))
    return await house.db.query(with_account, actor.user_id)


async def _answer(request: Request, house: Ports, actor: Actor, errors: Errors | None = None) -> Response:
    context = OwnData(
        [part.title for part in house.register.parts], house.site.privacy.order_years, actor.is_staff, errors or {}
    )
    return await page(request, "account/data.html", context, title=_("Your data"), status=422 if errors else 200)
