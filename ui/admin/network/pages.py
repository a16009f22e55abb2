"""Where the shop is on the network, and opening and closing it there."""

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.site import Reach, System
from ui.admin.network.panel import ADDRESS, NetworkPanel, panel_of
from ui.respond import own_address, page, redirect

router = APIRouter(include_in_schema=False, dependencies=[allow(Permission.CONFIGURE_SYSTEM)])
#: What a shopper needs: the shop itself, and their account in it.
SHARED = ("storefront", "account")
WORDS = {
    Reach.LOCAL_NETWORK: _("The shop is open to your network."),
    Reach.THIS_MACHINE: _("The shop is open to this machine only."),
}


@dataclass(frozen=True)
class NetworkPage:
    """The panel alone."""

    network: NetworkPanel


@router.get(ADDRESS)
async def show(request: Request) -> Response:
    """Answer the panel."""
    return await page(request, "admin/network/show.html", NetworkPage(await panel_of(request)), title=_("Network"))


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
    sent = {"surfaces": dict.fromkeys(SHARED, reach.value)}
    async with house.db.write() as tx:
        await house.settings.update(tx, actor, System.key, sent)
    return redirect(own_address(str(form.get("back", "")), ADDRESS), flash=said, request=request)
