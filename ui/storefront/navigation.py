"""The shop's header and footer: the categories that have something to show."""

from engine.api.ports import Ports
from engine.commerce.catalog.views import CategoryView
from engine.core.i18n import _
from ui.page import Link, NavSection

MOST_IN_MENU = 5
MOST_IN_FOOTER = 8


async def header(ports: Ports) -> list[NavSection]:
    """Return the main menu: all products, then the first categories with those below them."""
    tree = await ports.categories.tree()
    links = [_link(category) for category in tree.top[:MOST_IN_MENU]]
    return [NavSection([Link(_("All products"), "/products"), *links])]


async def footer(ports: Ports) -> list[NavSection]:
    """Return the footer's columns: the shop, the visitor's own things, and how to reach the organisation."""
    tree = await ports.categories.tree()
    general = ports.site.general
    shelves = [Link(category.name, category.url) for category in tree.top[:MOST_IN_FOOTER]]
    own = [Link(_("My account"), "/account"), Link(_("My orders"), "/account/orders"), Link(_("Cart"), "/cart")]
    columns = [
        NavSection([Link(_("All products"), "/products"), *shelves], _("Shop")),
        NavSection(own, _("Your things")),
    ]
    reach = [Link(general.contact_email, f"mailto:{general.contact_email}")] if general.contact_email else []
    reach += [Link(general.phone, dial_address(general.phone))] if dial_address(general.phone) else []
    return [*columns, NavSection(reach, _("Contact"))] if reach else columns


def _link(category: CategoryView) -> Link:
    below = [Link(child.name, child.url) for child in category.children if child.product_count]
    return Link(category.name, category.url, children=below)


def dial_address(phone: str) -> str:
    """Return the address that calls a number; an empty text where there is none in it."""
    digits = "".join(c for c in phone if c in "+0123456789")
    return f"tel:{digits}" if digits else ""
