"""`/kiosk`: bringing the code, and the home of a screen that was let in: it answers what things cost."""

from dataclasses import dataclass, field
from datetime import datetime

from fastapi import Request, Response

from engine.accounts import devices
from engine.accounts.devices import KnownDevice
from engine.api.ports import Ports
from engine.api.request import CurrentClient, House, client_of, public
from engine.api.routing import APIRouter
from engine.commerce.catalog.price_checks import LONGEST_CODE as LONGEST_CODE_OF_THINGS
from engine.commerce.catalog.price_checks import PriceTag, price_tag
from engine.core.errors import Conflict
from engine.core.i18n import _
from ui.forms import Errors, errors_of, typed
from ui.kiosk import device_cookie
from ui.respond import page, redirect

HOME, PAIR, PRICE = "/kiosk", "/kiosk/pair", "/kiosk/price"
#: How long an answer stands before the screen is ready for the next person.
ANSWER_SECONDS = 15
LONGEST_CODE = 40
router = APIRouter(include_in_schema=False, dependencies=[public])


@dataclass(frozen=True)
class PairPage:
    """The question for the code. code: as it was scanned or typed."""

    code: str
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True)
class HomePage:
    """What a screen shows. now: when it was drawn. code: what was asked for; tag: the answer, for so many seconds."""

    name: str
    place: str
    now: datetime
    zone: str
    currency: str
    code: str = ""
    tag: PriceTag | None = None
    seconds: int = ANSWER_SECONDS


@router.get(HOME)
async def home(request: Request, house: House) -> Response:
    """Answer the home of the screen; one that is not let in is asked for a code."""
    device = await _device(request, house)
    if device is None:
        answer = redirect(PAIR)
        return device_cookie.drop(answer) if device_cookie.token_of(request) else answer
    shown = _home(house, device)
    return await page(request, "kiosk/home.html", shown, title=device.name)


@router.get(PRICE)
async def price(request: Request, house: House) -> Response:
    """Answer what the thing with a code costs; without scripts the screen goes back by itself, too."""
    device = await _device(request, house)
    if device is None:
        return Response(headers={"HX-Redirect": PAIR}) if "hx-request" in request.headers else redirect(PAIR)
    code = request.query_params.get("code", "").strip()[:LONGEST_CODE_OF_THINGS]
    tag = await house.db.query(price_tag, code)
    shown = _home(house, device, code, tag)
    answer = await page(request, "kiosk/home.html", shown, title=tag.name if tag else device.name, block="answer")
    if "hx-request" not in request.headers:
        answer.headers["Refresh"] = f"{ANSWER_SECONDS};url={HOME}"
    return answer


@router.get(f"{HOME}/state")
async def state(request: Request, house: House) -> Response:
    """Answer that the site is there; a screen that was shut out is led to where it is paired."""
    is_known = await _device(request, house) is not None
    return Response(status_code=204, headers={} if is_known else {"HX-Redirect": PAIR})


@router.get(PAIR)
async def show_pair(request: Request, house: House) -> Response:
    """Ask for the code; one that was scanned is filled in, and waits for a touch."""
    code = request.query_params.get("code", "")[:LONGEST_CODE]
    if not code and await _device(request, house) is not None:
        return redirect(HOME)
    return await _ask(request, PairPage(code))


@router.post(PAIR)
async def pair(request: Request, house: House, client: CurrentClient) -> Response:
    """Let the screen in for a code that is good."""
    code = (await typed(request)).get("code", "")[:LONGEST_CODE]
    try:
        paired = await devices.pair(house.db, client, code)
    except Conflict as refused:
        return await _ask(request, PairPage(code, {"code": errors_of(refused)[""]}), status=422)
    return device_cookie.keep(request, redirect(HOME), paired.token)


@router.post(f"{HOME}/leave")
async def leave(request: Request, house: House, client: CurrentClient) -> Response:
    """Take the screen out, by its own wish."""
    if token := device_cookie.token_of(request):
        async with house.db.write() as tx:
            await devices.leave(tx, token, client)
    return device_cookie.drop(redirect(PAIR))


def _home(house: Ports, device: KnownDevice, code: str = "", tag: PriceTag | None = None) -> HomePage:
    general = house.site.general
    return HomePage(device.name, device.place, house.clock.now(), general.timezone, general.currency, code, tag)


async def _ask(request: Request, shown: PairPage, status: int = 200) -> Response:
    return await page(request, "kiosk/pair.html", shown, title=_("Pair this screen"), status=status)


async def _device(request: Request, house: Ports) -> KnownDevice | None:
    """Return the screen that asks, and write down now and then that it is in use."""
    token = device_cookie.token_of(request)
    if not token:
        return None
    found = await house.db.query(devices.device_of, token, house.clock.now())
    if found is not None and found.is_due:
        async with house.db.write() as tx:
            await devices.note_seen(tx, found.id, client_of(request))
    return found
