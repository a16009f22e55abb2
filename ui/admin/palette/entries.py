"""What the palette offers besides records: screens to go to, and what can be done; as far as a role reaches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.i18n import Message, _, format_message
from engine.core.resource import Resource
from ui.admin.navigation import places_for
from ui.admin.settings.plan import PLANS
from ui.admin.settings.words import LABELS

Text = str | Message


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette. words: others that find it; shortcut: the keys that do the same.

    post: it is done by sending these values; otherwise it is gone to. does: what a script does with it instead.
    """

    label: Text
    href: str
    icon: str
    note: Text = ""
    words: tuple[Text, ...] = ()
    shortcut: str = ""
    post: tuple[tuple[str, str], ...] | None = None
    does: str = ""


def screens(actor: Actor, resources: Mapping[str, Resource]) -> Iterator[Entry]:
    """Yield the places of the sidebar, the pages of the settings, and the groups on them."""
    for section in places_for(actor, resources):
        for link in section.links:
            shortcut = f"G {link.key.upper()}" if link.key else ""
            kept = resources.get(link.href.removeprefix("/admin/"))
            words = (kept.plural,) if kept else ()
            yield Entry(link.label, link.href, link.icon or "list", section.label or "", words, shortcut)
    yield Entry(_("My account"), "/admin/me", "user", words=(_("Password"), _("Profile"), _("Sessions")))
    yield Entry(_("What is running"), "/admin/running", "bell", words=(_("Notifications"), _("Imports"), _("Jobs")))
    if not allows(actor, Permission.VIEW_SETTINGS):
        return
    for page in PLANS:
        address = page.url
        groups = [(one.title, tuple(LABELS[f"{page.key}.{name}"][0] for name in one.fields)) for one in page.groups]
        own = [label for title, labels in groups if title == page.title for label in labels]
        yield Entry(page.title, address, "settings", _("Settings"), words=(page.text, *own))
        for title, labels in groups:
            if title != page.title:
                yield Entry(title, address, "settings", page.title, words=(_("Settings"), *labels))


def actions(actor: Actor, resources: Mapping[str, Resource], locale: str) -> Iterator[Entry]:
    """Yield what the actor may do, the most usual first. locale: the reader's, for nouns inside a sentence."""
    if allows(actor, Permission.MANAGE_PRODUCTS):
        yield Entry(_("Add product"), "/admin/products/new", "plus", words=(_("New"), _("Create")))
        yield Entry(_("Import products"), "/admin/products/import", "upload", words=("CSV", "Shopify", "WooCommerce"))
    if allows(actor, Permission.UPLOAD_MEDIA):
        yield Entry(_("Upload files"), "/admin/media", "upload", words=(_("Pictures"), _("Add"), _("Media")))
    yield Entry(_("Open the shop"), "/", "store", words=(_("View"), _("Site")))
    for resource in resources.values():
        if resource.makes and allows(actor, resource.write):
            label = _("Add {noun}").having(noun=format_message(resource.singular, locale).lower())
            yield Entry(label, f"/admin/{resource.path}/new", "plus", words=(_("New"), _("Create"), resource.plural))
    if allows(actor, Permission.CONFIGURE_SYSTEM):
        yield Entry(_("Share on the network"), "/admin/network", "wifi", words=(_("Open"), _("Phone"), _("QR code")))
    if allows(actor, Permission.UPDATE_SETTINGS):
        yield Entry(_("Send a test e-mail"), "/admin/settings/email#test", "send")
        yield Entry(_("Rebuild the search index"), "/admin/searches/rebuilds", "refresh-cw", post=())
    for value, label, icon in (
        ("light", _("Light colours"), "sun"),
        ("dark", _("Dark colours"), "moon"),
        ("auto", _("Colours as the device"), "monitor"),
    ):
        words = (_("Theme"), _("Appearance"), _("Mode"))
        yield Entry(label, "/preferences/scheme", icon, words=words, post=(("scheme", value),), does="scheme")
    yield Entry(
        _("Keyboard shortcuts"), "#shortcuts", "keyboard", words=(_("Keys"), _("Help")), shortcut="?", does="open"
    )
    yield Entry(_("Sign out"), "/admin/sign-out", "log-out", words=(_("Log out"), _("Leave")), post=())
    for resource in resources.values():
        yield from _around(actor, resource, locale)


def _around(actor: Actor, resource: Resource, locale: str) -> Iterator[Entry]:
    """Yield what is done with a list as a whole."""
    path, noun = f"/admin/{resource.path}", format_message(resource.plural, locale).lower()
    if resource.makes and allows(actor, resource.write):
        yield Entry(_("Import {list}").having(list=noun), f"{path}/import", "upload", words=("CSV", "JSON"))
    if allows(actor, resource.read or Permission.ENTER_ADMIN):
        for address, label in resource.exports if allows(actor, resource.write) else ():
            yield Entry(label, address, "download", words=(_("Download"), resource.plural))
        for kind in ("CSV", "JSON") if not resource.exports else ():
            said = _("Export {list} as {kind}").having(list=noun, kind=kind)
            yield Entry(said, f"{path}/export?format={kind.lower()}", "download", words=(_("Download"),))
    if resource.deletes and allows(actor, resource.write):
        label = _("Bin of {list}").having(list=noun)
        yield Entry(label, f"{path}/bin", "trash-2", words=(_("Deleted"), _("Restore"), _("Undo")))
