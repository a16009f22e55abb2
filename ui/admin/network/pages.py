"""Where the site is on the network, who may reach which part, and what stands in the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.api.serving import serving_of
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.core.site import SHOPPERS, Reach, SurfaceName, System
from engine.operations.network.ports import Check
from ui.admin.network.panel import ADDRESS, NetworkPanel, panel_of
from ui.admin.network.whole import REACHES, Whole, visit_of, whole_of
from ui.forms import Errors, errors_of
from ui.respond import own_address, page, redirect

router = APIRouter(include_in_schema=False, dependencies=[allow(Permission.CONFIGURE_SYSTEM)])
WORDS = {
    Reach.LOCAL_NETWORK: _("The shop is open to your network."),
    Reach.THIS_MACHINE: _("The shop is open to this machine only."),
}


@dataclass(frozen=True)
class NetworkPage:
    """The panel and all about it. reaches: what each surface can be open to."""

    network: NetworkPanel
    whole: Whole
    reaches: tuple[tuple[str, Message], ...] = REACHES
    errors: Errors = field(default_factory=dict)


@router.get(ADDRESS)
async def show(request: Request) -> Response:
    """Answer the page."""
    return await _answer(request)


@router.post(ADDRESS)
async def switch(request: Request, actor: Caller, house: House) -> Response:
    """Open the shop to the local network, or to this machine only."""
    form = await request.form()
    try:
        reach = Reach(str(form.get("reach")))
        said = WORDS[reach]
    except (ValueError, KeyError):
        refusal = _("The shop can be opened to local-network or this-machine here.")
        raise Invalid(refusal, {"reach": refusal}) from None
    await _save(house, actor, {"surfaces": dict.fromkeys(SHOPPERS, reach.value)})
    return redirect(own_address(str(form.get("back", "")), ADDRESS), flash=said, request=request)


@router.post(f"{ADDRESS}/surfaces")
async def switch_each(request: Request, actor: Caller, house: House) -> Response:
    """Open and close each surface."""
    form = await request.form()
    sent = {name.value: str(form[name.value]) for name in SurfaceName if name.value in form}
    try:
        await _save(house, actor, {"surfaces": sent})
    except Invalid as error:
        return await _answer(request, errors=_short(errors_of(error)))
    return redirect(f"{ADDRESS}#reach", flash=_("Saved. It holds at once."), request=request)


@router.post(f"{ADDRESS}/name")
async def rename(request: Request, actor: Caller, house: House) -> Response:
    """Tell the network another name, or none."""
    form = await request.form()
    name = str(form.get("name", "")).strip().lower().removesuffix(".local")
    try:
        await _save(house, actor, {"network": {"name": name, "announced": form.get("announced") == "true"}})
    except Invalid:
        refusal = _("A name has letters from a to z, digits and hyphens, up to 63, such as agora.")
        return await _answer(request, errors={"name": refusal})
    return redirect(f"{ADDRESS}#name", flash=_("Saved. The network hears it in a moment."), request=request)


@router.post(f"{ADDRESS}/https")
async def secure(request: Request, actor: Caller, house: House) -> Response:
    """Switch https on the local network on or off."""
    is_on = _switched_on(await request.form())
    await _save(house, actor, {"network": {"https": is_on}})
    said = _("HTTPS is on. Have your devices trust it.") if is_on else _("HTTPS is off.")
    return redirect(f"{ADDRESS}#https", flash=said, request=request)


@router.get(f"{ADDRESS}/visit")
async def visit(request: Request) -> Response:
    """Answer who came last from another machine."""
    return await page(
        request, "admin/network/visit.html", visit_of(request), title=_("Who can reach it"), block="state"
    )


@router.get(f"{ADDRESS}/check")
async def check(request: Request, house: House) -> Response:
    """Look at what stands in the way of others, and answer the page with it."""
    serving = serving_of(request)
    ports = [serving.port, *([serving.secure_port] if serving.secure_port else [])]
    addresses = () if serving.is_for_this_machine_only else serving.addresses
    return await _answer(request, await house.network.checks(addresses, ports))


async def _answer(request: Request, checks: list[Check] | None = None, errors: Errors | None = None) -> Response:
    shown = NetworkPage(await panel_of(request), whole_of(request, checks), errors=errors or {})
    title = _("Who can reach it") if checks is None else _("What keeps others out")
    status = 422 if errors else 200
    return await page(request, "admin/network/show.html", shown, title=title, status=status)


async def _save(house: Ports, actor: Actor, sent: Mapping[str, object]) -> None:
    async with house.db.write() as tx:
        await house.settings.update(tx, actor, System.key, sent)


def _short(errors: Errors) -> Errors:
    return {name.rpartition(".")[2]: text for name, text in errors.items()}


def _switched_on(form: FormData) -> bool:
    return form.get("https") == "on"
