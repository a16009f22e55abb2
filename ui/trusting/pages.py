"""`/trust`: the local authority's certificate to download, and what to do with it on each kind of device."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request, Response
from markupsafe import Markup

from engine.api.ports import Ports
from engine.api.request import House, public
from engine.api.routing import APIRouter
from engine.api.serving import serving_of
from engine.core.distance import Distance
from engine.core.errors import NotFound
from engine.core.i18n import Message, _
from engine.operations.network.roots import Root
from ui.admin.network.codes import code_svg
from ui.respond import page
from ui.trusting.ways import CHECK, CRT, PROFILE, WAYS, TrustWay, kind_of

router = APIRouter(include_in_schema=False, dependencies=[public])
FRESH = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class TrustPage:
    """fingerprint: of the authority. own: the way for the device that asks, the others after it. secure_url: to try."""

    fingerprint: str
    own: TrustWay | None
    others: Sequence[TrustWay]
    secure_url: str
    secure_svg: Markup
    check: Message = CHECK


@router.get("/trust")
async def show(request: Request, house: House) -> Response:
    """Answer the page. Raises NotFound while there is no authority, and for who is not on the network."""
    root = _root(request, house)
    kind = kind_of(request.headers.get("user-agent", ""))
    own = next((way for way in WAYS if way.key == kind), None)
    urls = serving_of(request).secure_urls
    shown = TrustPage(
        root.fingerprint,
        own,
        [way for way in WAYS if way is not own],
        urls[0] if urls else "",
        code_svg(urls[0]) if urls else Markup(),
    )
    title = _("Trust {site} on your network").having(site=house.site.general.site_name)
    answer = await page(request, "trusting/show.html", shown, title=title, surface="plain", indexed=False)
    answer.headers.update(FRESH)
    return answer


@router.get(CRT)
async def certificate(request: Request, house: House) -> Response:
    """Answer the authority's certificate, as DER: what every system opens."""
    named = {"Content-Disposition": 'attachment; filename="agora.crt"', **FRESH}
    return Response(_root(request, house).der, media_type="application/x-x509-ca-cert", headers=named)


@router.get(PROFILE)
async def profile(request: Request, house: House) -> Response:
    """Answer the same as a profile for iPhones and iPads."""
    made = _root(request, house).profile(house.site.general.site_name)
    named = {"Content-Disposition": 'attachment; filename="agora.mobileconfig"', **FRESH}
    return Response(made, media_type="application/x-apple-aspen-config", headers=named)


def _root(request: Request, house: Ports) -> Root:
    root = house.network.root() if request.state.distance is not Distance.AWAY else None
    if root is None:
        raise NotFound(_("There is nothing at this address."))
    return root
