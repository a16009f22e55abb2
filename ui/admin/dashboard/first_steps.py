"""The first steps of a new shop, until they are done."""

from dataclasses import dataclass

from engine.api.ports import Ports
from engine.core.i18n import Message, _
from engine.core.site import Reach

Step = tuple[Message, str, Message, bool]


@dataclass(frozen=True, slots=True)
class Known:
    """What the steps are judged by: how many products and orders there are."""

    products: int
    orders: int


def first_steps(ports: Ports, known: Known) -> list[Step]:
    """Return (what, where, how, whether it is done); nothing once all of them are, or once something was sold."""
    site = ports.site
    has_way_to_pay = bool(site.payments.enabled or site.payments.manual_instructions)
    steps: list[Step] = [
        (
            _("Say who you are"),
            "/admin/settings/general",
            _("A line under the name, and an address that shoppers can write to."),
            bool(site.general.tagline and site.general.contact_email),
        ),
        (
            _("Put something up for sale"),
            "/admin/products/new",
            _("A picture, a price, a sentence. Or bring a catalogue along from another shop."),
            known.products > 0,
        ),
        (
            _("Say how people pay"),
            "/admin/settings/payments",
            _("For a start, where they transfer the money to."),
            has_way_to_pay,
        ),
        (
            _("Say how it reaches them"),
            "/admin/settings/shipping",
            _("What delivery costs, or when it can be picked up."),
            bool(site.shipping.free_from_minor is not None or site.shipping.pickup_enabled or site.shipping.countries),
        ),
        (
            _("Open the doors"),
            "/admin/network",
            _("Until then the shop is shown on this machine only."),
            site.system.surfaces.storefront is not Reach.THIS_MACHINE,
        ),
    ]
    return [] if known.orders or all(step[3] for step in steps) else steps
