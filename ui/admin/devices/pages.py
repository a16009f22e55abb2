"""Pairing a device: a form for its name, the code, and a line that turns green once the device is there."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from fastapi import Request, Response
from markupsafe import Markup

from engine.accounts import devices
from engine.accounts.devices import Pairing
from engine.accounts.resources import PAIR
from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.errors import Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.ids import parse_id
from engine.core.site import Reach
from ui.admin.network.codes import code_svg
from ui.admin.network.ways import kiosk_url
from ui.forms import Errors, errors_of, typed
from ui.respond import page

LIST = "/admin/devices"
router = APIRouter(include_in_schema=False, dependencies=[allow(Permission.MANAGE_DEVICES)])


@dataclass(frozen=True)
class PairPage:
    """The form. is_closed: kiosk screens are for this machine only; may_open: this person may change that.

    known: devices that could be let in again, by id; chosen: the one that is meant.
    """

    name: str
    place: str
    is_closed: bool
    may_open: bool
    known: list[tuple[str, str]]
    chosen: str
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True)
class Waiting:
    """Whether the device is there. is_over: its code ran out before. looks: how often a page asks, in seconds."""

    device_id: str
    name: str
    is_paired: bool
    is_over: bool
    url: str
    looks: int = 2


@dataclass(frozen=True)
class CodePage:
    """The code. url: where the device types it; svg: the same with the code in it, to scan."""

    pairing: Pairing
    expires_at: datetime
    url: str
    svg: Markup
    is_closed: bool
    may_open: bool
    asks_trust: bool
    waiting: Waiting


@router.get(PAIR)
async def show_form(request: Request, house: House, actor: Caller) -> Response:
    """Answer the form."""
    return await _form(request, house, actor, "", "")


@router.post(PAIR)
async def expect(request: Request, house: House, actor: Caller) -> Response:
    """Make a device, and answer the code that lets it in: this once."""
    form = await typed(request)
    name, place = form.get("name", ""), form.get("place", "")
    try:
        async with house.db.write() as tx:
            pairing = await devices.expect(tx, actor, name, place)
    except Invalid as refused:
        return await _form(request, house, actor, name, place, errors_of(refused))
    return await _code(request, house, actor, pairing)


@router.post(f"{LIST}/code")
async def expect_again(request: Request, house: House, actor: Caller) -> Response:
    """Make a new code for a device, and answer it: this once."""
    device_id = parse_id((await typed(request)).get("device", ""))
    if device_id is None:
        raise NotFound(_("Choose a device first."))
    async with house.db.write() as tx:
        pairing = await devices.expect_again(tx, actor, device_id)
    return await _code(request, house, actor, pairing)


@router.get(f"{LIST}/{{device_id:uuid}}/pairing")
async def look(device_id: UUID, request: Request, house: House) -> Response:
    """Answer whether the device is there."""
    waiting = await _waiting(house, device_id)
    return await page(request, "admin/devices/waiting.html", waiting, title=_("Pair a device"), block="state")


async def _form(
    request: Request, house: Ports, actor: Actor, name: str, place: str, errors: Errors | None = None
) -> Response:
    is_closed, may_open = _door(house, actor)
    chosen = request.query_params.get("device", "")
    known = [(str(device_id), called) for device_id, called in await house.db.query(devices.known)]
    shown = PairPage(name, place, is_closed, may_open, known, chosen, errors or {})
    return await page(
        request, "admin/devices/pair.html", shown, title=_("Pair a device"), status=422 if errors else 200
    )


async def _code(request: Request, house: Ports, actor: Actor, pairing: Pairing) -> Response:
    is_closed, may_open = _door(house, actor)
    url = kiosk_url(request)
    shown = CodePage(
        pairing,
        pairing.expires_at,
        url,
        code_svg(f"{url}?code={pairing.code}"),
        is_closed,
        may_open,
        asks_trust=house.site.system.network.https,
        waiting=await _waiting(house, pairing.device_id),
    )
    return await page(request, "admin/devices/code.html", shown, title=_title(shown.waiting.name))


def _title(name: str) -> Message:
    return _("Pair “{name}”").having(name=name)


async def _waiting(house: Ports, device_id: UUID) -> Waiting:
    name, is_paired, expires_at = await house.db.query(devices.standing, device_id)
    is_over = not is_paired and (expires_at is None or expires_at <= house.clock.now())
    return Waiting(str(device_id), name, is_paired, is_over, f"{LIST}/{device_id}")


def _door(house: Ports, actor: Actor) -> tuple[bool, bool]:
    """Return whether kiosk screens are closed to all but this machine, and whether this person may open them."""
    is_closed = house.site.system.surfaces.kiosk is Reach.THIS_MACHINE
    return is_closed, allows(actor, Permission.CONFIGURE_SYSTEM)
