"""The shop's header and footer: the menus that people made, else the categories that have something to show."""

from collections.abc import Sequence

from engine.api.ports import Ports
from engine.commerce.catalog.memory import CategoryTree
from engine.commerce.catalog.views import CategoryView
from engine.content.menus.models import FOOTER, HEADER
from engine.content.public import MenuLink
from engine.core.i18n import _
from engine.core.site import General
from ui.page import Link, NavSection

MOST_IN_MENU = 5
MOST_IN_FOOTER = 8


async def header(ports: Ports) -> list[NavSection]:
    """Return the main menu."""
    return header_of(await ports.menus.menu(HEADER), await ports.categories.tree())


async def footer(ports: Ports) -> list[NavSection]:
    """Return the footer's columns."""
    return footer_of(await ports.menus.menu(FOOTER), await ports.categories.tree(), ports.site.general)


def header_of(made: Sequence[MenuLink], tree: CategoryTree) -> list[NavSection]:
    """Return the main menu: as people made it, else all products, then the first categories with those below them."""
    if made:
        return [NavSection([made_link(one) for one in made])]
    links = [_link(category) for category in tree.top[:MOST_IN_MENU]]
    return [NavSection([Link(_("All products"), "/products"), *links])]


def footer_of(made: Sequence[MenuLink], tree: CategoryTree, general: General) -> list[NavSection]:
    """Return the footer's columns: as people made them, else the shop, the visitor's own, and the organisation."""
    if made:
        return _columns(made)
    shelves = [Link(category.name, category.url) for category in tree.top[:MOST_IN_FOOTER]]
    own = [Link(_("My account"), "/account"), Link(_("My orders"), "/account/orders"), Link(_("Cart"), "/cart")]
    columns = [
        NavSection([Link(_("All products"), "/products"), *shelves], _("Shop")),
        NavSection(own, _("Your things")),
    ]
    reach = [Link(general.contact_email, f"mailto:{general.contact_email}")] if general.contact_email else []
    reach += [Link(general.phone, dial_address(general.phone))] if dial_address(general.phone) else []
    return [*columns, NavSection(reach, _("Contact"))] if reach else columns


def legal_of(made: Sequence[MenuLink]) -> list[Link]:
    """Return the line at the very end of a page."""
    return [made_link(one) for one in made if one.url]


def made_link(one: MenuLink) -> Link:
    """Return an item of a menu as a page shows it."""
    below = [made_link(child) for child in one.children]
    return Link(one.label, one.url, children=below, is_new_tab=one.is_new_tab, opens=bool(below), columns=one.columns)


def _columns(made: Sequence[MenuLink]) -> list[NavSection]:
    """Return a footer's columns: an item with others below it heads one; those that stand alone share one."""
    found: list[NavSection] = []
    alone: list[Link] = []
    for one in made:
        link = made_link(one)
        if link.children:
            first = [Link(link.label, link.href, is_new_tab=link.is_new_tab)] if link.href else []
            found += [NavSection(alone)] if alone else []
            found.append(NavSection([*first, *link.children] if first else link.children, link.label))
            alone = []
        elif link.href:
            alone.append(link)
    return [*found, NavSection(alone)] if alone else found


def _link(category: CategoryView) -> Link:
    below = [Link(child.name, child.url) for child in category.children if child.product_count]
    return Link(category.name, category.url, children=below)


def dial_address(phone: str) -> str:
    """Return the address that calls a number; an empty text where there is none in it."""
    digits = "".join(c for c in phone if c in "+0123456789")
    return f"tel:{digits}" if digits else ""
