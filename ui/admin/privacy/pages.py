"""`/admin/privacy`: a person's data exported or erased on request, by their address, with an account or without."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import Request, Response

from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.errors import AgoraError, Invalid
from engine.core.i18n import Message, _, ngettext
from engine.operations.privacy.register import DAYS_A_YEAR, life_of, with_address
from ui.admin.lists import asked
from ui.forms import Errors, errors_of, typed
from ui.respond import page, redirect

HOME = "/admin/privacy"
#: What is kept longer is told in years.
MANY_DAYS = 730
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_USERS)])


@dataclass(frozen=True)
class PrivacyPage:
    """The page. times: what is forgotten, after how long, and how much of it goes tonight; email: what was typed."""

    email: str
    kinds: Sequence[Message]
    times: Sequence[tuple[Message, Message, int]]
    years: int
    errors: Errors = field(default_factory=dict)


@router.get("")
async def show_privacy(request: Request, house: House) -> Response:
    """Answer the page."""
    return await _answer(request, house, asked(request, "email"))


@router.post("/exports")
async def export_person(request: Request, house: House, actor: Caller) -> Response:
    """Answer a ZIP of all that is held of somebody."""
    email = (await typed(request)).get("email", "")
    try:
        person = await house.db.query(with_address, email)
    except Invalid as error:
        return await _answer(request, house, email, errors_of(error))
    packed = await house.register.export(house.db, actor, person)
    return Response(
        packed,
        media_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="person.zip"', "Cache-Control": "no-store"},
    )


@router.post("/erasures")
async def erase_person(request: Request, house: House, actor: Caller) -> Response:
    """Erase somebody."""
    form = await typed(request)
    email = form.get("email", "")
    try:
        if form.get("confirmed") != "true":
            missing = _("Say that you mean it: it cannot be undone.")
            raise Invalid(missing, {"confirmed": missing})
        person = await house.db.query(with_address, email)
        async with house.db.write() as tx:
            counts = await house.register.erase(tx, actor, person)
    except AgoraError as error:
        return await _answer(request, house, email, errors_of(error))
    said = _("Nothing is kept under this address. Agora looks through its texts, to be sure.")
    if total := sum(counts.values()):
        said = ngettext(
            "Erased from {count} thing. Agora now looks for what is left of them.",
            "Erased from {count} things. Agora now looks for what is left of them.",
            total,
        )
    return redirect(HOME, flash=said, request=request)


def _told(life: timedelta | None) -> Message:
    """Return how long something is kept, in words."""
    if life is None:
        return _("as long as the thing itself")
    if life.days > MANY_DAYS:
        return ngettext("{count} year", "{count} years", round(life.days / DAYS_A_YEAR))
    return ngettext("{count} day", "{count} days", life.days)


async def _answer(request: Request, house: Ports, email: str, errors: Errors | None = None) -> Response:
    settings = house.site.privacy
    due = await house.db.query(house.register.due, settings, house.clock.now())
    context = PrivacyPage(
        email=email,
        kinds=[part.title for part in house.register.parts],
        times=[(one.title, _told(life_of(one, settings)), due[one.setting]) for one in house.register.retentions],
        years=settings.order_years,
        errors=errors or {},
    )
    title = _("Personal data")
    return await page(request, "admin/privacy/show.html", context, title=title, status=422 if errors else 200)
