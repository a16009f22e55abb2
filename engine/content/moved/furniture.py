"""Menus and redirects in a site file."""

from engine.content import redirects
from engine.content.menus.items import checked_items
from engine.content.menus.models import Menu
from engine.content.models import Redirect
from engine.content.moved.shelves import told_of
from engine.core.actor import Actor
from engine.core.blocks.declaring import Book
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.core.plaintext import is_blank
from engine.core.sitefile.kinds import Row, SiteKind, Thing
from engine.core.slugs import is_slug
from engine.core.transaction import Tx

STATUSES = (301, 302, 410)


def _clean_menu(_book: Book, thing: Thing) -> None:
    row = thing.row
    if is_blank(row["name"]) or not is_slug(row["location"]):
        raise Invalid(_("A menu has a name, and a place such as “header”."))
    row["items"] = checked_items(row["items"])


def _clean_redirect(_book: Book, thing: Thing) -> None:
    if thing.row["status_code"] not in STATUSES:
        raise Invalid(_("“{value}” is none of 301, 302 and 410.").having(value=thing.row["status_code"]))
    thing.row.update(redirects.checked(thing.row))


async def _settle_redirect(tx: Tx, _actor: Actor, thing: Thing, _before: Row | None) -> None:
    await redirects.refuse_circles(tx, thing.id, thing.row["source_path"], thing.row["target_url"])


MENUS = SiteKind(
    name="menus",
    label=_("Menus"),
    noun="navigation",
    model=Menu,
    title=lambda row: str(row["name"]),
    same=(Menu.location,),
    is_blank=lambda row: not row["items"],
    clean=_clean_menu,
    facts=told_of("navigation"),
)
REDIRECTS = SiteKind(
    name="redirects",
    label=_("Redirects"),
    noun="redirect",
    model=Redirect,
    title=lambda row: str(row["source_path"]),
    skip=frozenset({"hits", "last_hit_at"}),
    same=(Redirect.source_path,),
    clean=_clean_redirect,
    settle=_settle_redirect,
    facts=told_of("redirects"),
)
