"""The list of menus."""

from dataclasses import replace

from engine.content.menus.models import Menu
from engine.core.access import Permission
from engine.core.i18n import _
from engine.core.resource import Field, Resource, Verb, Widget

PATH = "navigation"
PLAIN = Resource(
    path=PATH,
    noun="navigation",
    model=Menu,
    singular=_("Menu"),
    plural=_("Menus"),
    title=lambda row: row.name,
    text=_("What stands in the header, the footer and other menus of the site."),
    icon="list-tree",
    read=Permission.MANAGE_NAVIGATION,
    write=Permission.MANAGE_NAVIGATION,
    order=(Menu.created_at, Menu.name),
    key=Menu.location,
    fields=(
        Field(Menu.name, _("Name"), _("How you find it again; nobody else sees it."), column=True, search=True,
              sort=True),
        Field(Menu.location, _("Place"),
              _("header, footer and legal are the site’s own places; others are for menus on pages."),
              column=True, sort=True, widget=Widget.SLUG, source="name"),
        Field(Menu.items, _("Items"),
              _("A list of {label, target, newTab, columns, children}; a target is an address or names a thing."),
              widget=Widget.JSON),
        Field(Menu.updated_at, _("Changed"), _("When it was last changed."), column=True, sort=True, write=False),
    ),
    empty=(_("No menus yet"), _("Add one for the header: until then the shop’s categories stand there.")),
)  # fmt: skip


def navigation(create: Verb, update: Verb) -> Resource:
    """Return the list with the verbs that write it."""
    return replace(PLAIN, verbs={"create": create, "update": update})
