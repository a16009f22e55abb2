"""What the page about the network shows beside the panel: each surface's switch, the name, https, and who came by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from markupsafe import Markup

from engine.api.request import ports_of, site_of
from engine.api.serving import Serving, serving_of
from engine.core.i18n import Message, _
from engine.core.site import Reach, SurfaceName
from engine.operations.network.ports import Check
from ui.admin.network.codes import code_svg
from ui.admin.network.ways import urls_of

SURFACES: tuple[tuple[SurfaceName, Message, Message], ...] = (
    (SurfaceName.STOREFRONT, _("The shop"), _("What shoppers see.")),
    (SurfaceName.ACCOUNT, _("Accounts of customers"), _("Signing in to see one’s orders.")),
    (SurfaceName.KIOSK, _("Kiosk screens"), _("Devices that were let in by a code.")),
    (SurfaceName.ADMIN, _("The admin"), _("Your orders, products and settings.")),
    (SurfaceName.API, _("The API"), _("For other programs.")),
    (SurfaceName.METRICS, _("Metrics"), _("Numbers for Prometheus.")),
)
REACHES: tuple[tuple[str, Message], ...] = (
    (Reach.THIS_MACHINE.value, _("This machine only")),
    (Reach.LOCAL_NETWORK.value, _("Local network")),
    (Reach.EVERYONE.value, _("Everyone")),
)
TRUST = "/trust"


@dataclass(frozen=True)
class Switch:
    """One surface, and who may reach it now."""

    name: str
    label: Message
    help: Message
    reach: str


@dataclass(frozen=True)
class Way:
    """One address with its code. is_secure: by https."""

    url: str
    svg: Markup
    label: Message


@dataclass(frozen=True)
class Visit:
    """Who came last from another machine. at: None while nobody has. looks: how often a page asks, in seconds."""

    address: str = ""
    at: datetime | None = None
    looks: int = 2


@dataclass(frozen=True)
class Whole:
    """wanted_port: where the server was to listen, if it is another one. fingerprint: of the local authority."""

    switches: Sequence[Switch]
    ways: Sequence[Way]
    port: int
    wanted_port: int | None
    name: str
    is_announced: bool
    announced_as: str
    name_trouble: Message | str
    https: bool
    secure_trouble: Message | str
    secure_port: int
    trust_url: str
    trust_svg: Markup
    fingerprint: str
    visit: Visit
    is_shared: bool
    checks: Sequence[Check] | None = None

    @property
    def is_securing(self) -> bool:
        """Whether https begins in a moment."""
        return self.https and not self.secure_port and not self.secure_trouble

    @property
    def is_naming(self) -> bool:
        """Whether the network hears the name in a moment."""
        return self.is_announced and self.is_shared and not self.announced_as and not self.name_trouble


def whole_of(request: Request, checks: Sequence[Check] | None = None) -> Whole:
    """Return it for who asks. checks: what was found in the way, where somebody asked."""
    serving, network, house = serving_of(request), site_of(request).system.network, ports_of(request).network
    urls = serving.network_urls or urls_of(serving)
    trust_url = f"{urls[0]}{TRUST}" if urls else ""
    root = house.root()
    return Whole(
        switches=_switches(request),
        ways=[*_ways(serving)],
        port=serving.port,
        wanted_port=serving.wanted_port,
        name=network.name,
        is_announced=network.announced,
        announced_as=serving.name,
        name_trouble=serving.name_trouble,
        https=network.https,
        secure_trouble=serving.secure_trouble,
        secure_port=serving.secure_port,
        trust_url=trust_url,
        trust_svg=code_svg(trust_url) if trust_url else Markup(),
        fingerprint=root.fingerprint if root else "",
        visit=visit_of(request),
        is_shared=bool(urls or serving.addresses)
        and any(one.reach != Reach.THIS_MACHINE for one in _switches(request)),
        checks=checks,
    )


def visit_of(request: Request) -> Visit:
    """Return who came last from another machine."""
    newest = ports_of(request).network.newest
    return Visit(newest.address, newest.at) if newest else Visit()


def _switches(request: Request) -> list[Switch]:
    surfaces = site_of(request).system.surfaces
    return [Switch(name.value, label, text, getattr(surfaces, name).value) for name, label, text in SURFACES]


def _ways(serving: Serving) -> list[Way]:
    labels = {True: _("By name"), False: _("By number")}
    plain = [Way(url, code_svg(url), labels[url == serving.named_url]) for url in urls_of(serving)]
    secure = serving.secure_urls if not serving.is_for_this_machine_only else ()
    return [*plain, *(Way(url, code_svg(url), _("By https")) for url in secure[:2])]
