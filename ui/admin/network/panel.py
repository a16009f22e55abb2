"""What the network panel shows: on its own page, and on the dashboard."""

from dataclasses import dataclass

from fastapi import Request
from markupsafe import Markup

from engine.api.request import actor_of, site_of
from engine.api.serving import Serving, serving_of
from engine.core.access import Permission, allows
from engine.core.settings import Site
from engine.core.site import Reach
from ui.admin.network.codes import code_svg
from ui.admin.network.ways import urls_of

ADDRESS = "/admin/network"


@dataclass(frozen=True)
class NetworkPanel:
    """reach: of the storefront. urls: for others on the network. svg: the first of them to scan. back: where to go on.

    is_switchable: this person may open and close it here, and the process listens beyond this machine.
    """

    reach: Reach
    urls: tuple[str, ...]
    svg: Markup
    is_for_this_machine_only: bool
    is_admin_private: bool
    is_switchable: bool
    back: str

    @property
    def is_open(self) -> bool:
        """Whether somebody with the address is let in."""
        return self.reach is not Reach.THIS_MACHINE and bool(self.urls)

    @property
    def is_alone(self) -> bool:
        """Whether it stands on its own page, where its button is what the page is for."""
        return self.back == ADDRESS


async def panel_of(request: Request, back: str = ADDRESS) -> NetworkPanel:
    """Return the panel for who asks. back: the page it stands on, where its switch leads back to."""
    actor = await actor_of(request)
    may_switch = allows(actor, Permission.CONFIGURE_SYSTEM)
    return made(site_of(request), serving_of(request), back, may_switch=may_switch)


def made(site: Site, serving: Serving, back: str = ADDRESS, *, may_switch: bool = True) -> NetworkPanel:
    """Return the panel for a site that is served like this."""
    surfaces = site.system.surfaces
    urls = urls_of(serving)
    numbered = serving.network_urls or urls
    return NetworkPanel(
        reach=surfaces.storefront,
        urls=urls,
        svg=code_svg(numbered[0]) if numbered else Markup(),
        is_for_this_machine_only=serving.is_for_this_machine_only,
        is_admin_private=surfaces.admin is Reach.THIS_MACHINE,
        is_switchable=may_switch and bool(urls) and surfaces.storefront is not Reach.EVERYONE,
        back=back,
    )
