"""The claim wizard at /setup: one question at a time, its earlier answers carried along in the form."""

from dataclasses import dataclass, field, replace

from fastapi import Request, Response
from pydantic import TypeAdapter, ValidationError

from engine.accounts import claims, identity, sessions, users
from engine.accounts.claims import Organization, Owner
from engine.accounts.models import User
from engine.api.problems import status_of
from engine.api.request import CurrentClient, CurrentSite, House, public
from engine.api.routing import APIRouter
from engine.api.setup import office_of
from engine.core.errors import AgoraError, Invalid, NotAllowed
from engine.core.i18n import Message, _
from engine.core.mailbox import normal_email
from engine.core.setting import Currency, Language, TimeZone
from engine.core.transaction import Tx
from engine.core.validation import sentence
from ui.account.session_cookie import keep
from ui.forms import errors_of, typed
from ui.respond import page, redirect
from ui.setup import choices
from ui.setup.choices import Group, Option

router = APIRouter(prefix="/setup", include_in_schema=False, dependencies=[public])
STEPS = ("name", "language", "timezone", "currency", "owner")
LABELS: list[Message] = [_("Name"), _("Language"), _("Place"), _("Money"), _("You")]
_KINDS = {"language": TypeAdapter(Language), "timezone": TypeAdapter(TimeZone), "currency": TypeAdapter(Currency)}


@dataclass(frozen=True)
class Answers:
    """What was answered so far; it travels in the form. The password is asked last and never carried."""

    token: str = ""
    name: str = ""
    language: str = ""
    timezone: str = ""
    currency: str = ""
    owner_name: str = ""
    owner_email: str = ""


@dataclass(frozen=True)
class WizardPage:
    """One question. `carried`: what the form brings along unseen."""

    step: str
    number: int
    labels: list[Message]
    answers: Answers
    carried: dict[str, str]
    has_token: bool
    languages: list[Option]
    timezones: list[Group]
    currencies: list[Group]
    errors: dict[str, Message | str] = field(default_factory=dict)


@dataclass(frozen=True)
class ClaimedPage:
    """The end, where the admin is not open to who set the site up from afar. `is_new`: whether it just happened."""

    is_new: bool


@router.get("")
async def show_wizard(request: Request, house: House) -> Response:
    """Answer the first question, or say that the site has an owner."""
    if await house.db.query(identity.has_owner):
        return await _claimed(request, is_new=False, status=409)
    return await _question(request, house, "name", Answers(token=request.query_params.get("token", "")[:200]))


@router.post("")
async def answer(request: Request, house: House, site: CurrentSite, client: CurrentClient) -> Response:
    """Take an answer and ask the next question; the last one claims the site and signs its owner in."""
    form = await typed(request)
    step = form["step"] if form.get("step") in STEPS else "name"
    given = Answers(**{name: form.get(name, "").strip()[:400] for name in Answers.__dataclass_fields__})
    if await house.db.query(identity.has_owner):
        return await _claimed(request, is_new=False, status=409)
    if form.get("act") == "back":
        return await _question(request, house, STEPS[max(0, STEPS.index(step) - 1)], given)
    try:
        await claims.check(office_of(house), given.token)
        given = _checked(step, given)
        if step != STEPS[-1]:
            return await _question(request, house, STEPS[STEPS.index(step) + 1], given)
        for earlier in STEPS[:-1]:
            given = _checked(earlier, given)
        cookie = await _claim(house, client, given, form.get("password", ""))
    except AgoraError as error:
        return await _again(request, house, step, given, error)
    if not site.system.surfaces.admin.admits(request.state.distance):
        return keep(request, await _claimed(request, is_new=True), cookie)
    return keep(request, redirect("/admin", flash=_("It is yours. Welcome."), request=request), cookie)


async def _again(request: Request, house: House, step: str, given: Answers, error: AgoraError) -> Response:
    """Ask the same question with what was wrong beside it; a wrong token is asked for again at the beginning."""
    if isinstance(error, NotAllowed):
        return await _question(request, house, "name", replace(given, token=""), {"token": error.message}, 403)
    fields = {"owner.password": "password"}
    errors = {fields.get(n, n.replace(".", "_")): text for n, text in errors_of(error).items()}
    return await _question(request, house, step, given, errors, status_of(error)[0])


async def _claim(house: House, client: CurrentClient, given: Answers, password: str) -> str:
    async def open_session(tx: Tx, user: User) -> str:
        return await sessions.open_session(tx, user, client)

    organization = Organization(given.name, given.language, given.timezone, given.currency)
    owner = Owner(given.owner_name, given.owner_email, password)
    return await claims.claim(office_of(house), given.token, organization, owner, client, open_session)


def _checked(step: str, given: Answers) -> Answers:
    """Return the answers with this step's one in its right form. Raises Invalid naming it."""
    if step == "name":
        return replace(given, name=users.required_name(given.name))
    if step in _KINDS:
        try:
            return replace(given, **{step: _KINDS[step].validate_python(getattr(given, step))})
        except ValidationError as error:
            message = sentence(error.errors()[0])
            raise Invalid(message, {step: message}) from None
    users.required_name(given.owner_name, "owner_name")
    normal_email(given.owner_email, "owner_email")
    return given


async def _question(
    request: Request,
    house: House,
    step: str,
    given: Answers,
    errors: dict[str, Message | str] | None = None,
    status: int = 200,
) -> Response:
    language = given.language or choices.guessed_language(request.headers.get("accept-language", ""))
    zone = given.timezone or choices.guessed_timezone()
    money = given.currency or choices.guessed_currency(language, zone, house.clock.now())
    shown = replace(given, language=language, timezone=zone, currency=money)
    asked = {"owner": {"owner_name", "owner_email"}}.get(step, {step})
    has_token = bool(given.token)
    carried = {
        name: getattr(given, name)
        for name in Answers.__dataclass_fields__
        if name not in asked and getattr(given, name) and (name != "token" or has_token)
    }
    context = WizardPage(
        step=step,
        number=STEPS.index(step) + 1,
        labels=LABELS,
        answers=shown,
        carried=carried,
        has_token=has_token,
        languages=choices.languages(),
        timezones=choices.timezones(),
        currencies=choices.currencies(),
        errors=errors or {},
    )
    title = _("Set up Agora")
    return await page(
        request, "setup/wizard.html", context, title=title, status=status, theme_css_url=None, indexed=False
    )


async def _claimed(request: Request, *, is_new: bool, status: int = 200) -> Response:
    title = _("It is yours") if is_new else _("Already set up")
    context = ClaimedPage(is_new)
    return await page(
        request, "setup/claimed.html", context, title=title, status=status, theme_css_url=None, indexed=False
    )
