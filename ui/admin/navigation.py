"""The admin's sidebar: the guide's appendix, without what is not built yet or not for this role."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.commerce.ordering.queries import OrderCounts, order_counts
from engine.content import waiting as content
from engine.content.declared import TO_MEND
from engine.core import jobnews, jobqueries
from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.i18n import Message, _
from engine.core.jobs import JobStatus
from engine.core.resource import Resource
from engine.messaging import queries as messaging
from engine.messaging.models import MessageStatus
from ui.admin.settings.plan import PLANS
from ui.page import Link, NavSection


@dataclass(frozen=True, slots=True)
class Place:
    """A way in the sidebar: who may go there, the key that leads there after G, and which count stands beside it."""

    label: Message
    href: str
    icon: str
    permission: Permission
    key: str = ""
    count: str = ""
    children: tuple[Link, ...] = ()


SHELVES = (
    Link(_("Categories"), "/admin/article-categories"),
    Link(_("Tags"), "/admin/article-tags"),
    Link(_("Authors"), "/admin/article-authors"),
    Link(_("Series"), "/admin/article-series"),
)
OF_HEALTH = (
    Link(_("Alerts"), "/admin/alerts"),
    Link(_("Log"), "/admin/logs"),
    Link(_("Upkeep"), "/admin/upkeep"),
)
SETTINGS = tuple(Link(one.title, one.url) for one in PLANS)
PLACES: tuple[tuple[Message | None, tuple[Place, ...]], ...] = (
    (
        None,
        (Place(_("Dashboard"), "/admin", "layout-dashboard", Permission.ENTER_ADMIN, "d"),),
    ),
    (
        _("Content"),
        (
            Place(_("Pages"), "/admin/pages", "file-text", Permission.VIEW_PAGES, "b"),
            Place(_("Articles"), "/admin/articles", "newspaper", Permission.MANAGE_ARTICLES, "k", children=SHELVES),
            Place(_("Comments"), "/admin/comments", "message-square", Permission.MODERATE_COMMENTS, "q", "comments"),
            Place(_("Reviews"), "/admin/reviews", "star", Permission.MODERATE_REVIEWS, "w", "reviews"),
            Place(_("Media"), "/admin/media", "image", Permission.UPLOAD_MEDIA, "m"),
            Place(_("Files"), "/admin/files", "file-lock", Permission.MANAGE_FILES),
            Place(_("Forms"), "/admin/forms", "list-checks", Permission.MANAGE_FORMS, "x"),
            Place(_("Entries"), "/admin/form-entries", "inbox", Permission.MANAGE_FORMS, "i", "entries"),
            Place(_("Menus"), "/admin/navigation", "list-tree", Permission.MANAGE_NAVIGATION, "v"),
            Place(_("Redirects"), "/admin/redirects", "corner-down-right", Permission.MANAGE_REDIRECTS, "r"),
            Place(_("Pages not found"), TO_MEND, "file-question-mark", Permission.MANAGE_REDIRECTS),
        ),
    ),
    (
        _("Commerce"),
        (
            Place(_("Products"), "/admin/products", "package", Permission.VIEW_PRODUCTS, "p"),
            Place(_("Categories"), "/admin/categories", "folder", Permission.MANAGE_CATEGORIES, "c"),
            Place(_("Tags"), "/admin/product-tags", "tag", Permission.MANAGE_TAGS, "t"),
            Place(_("Orders"), "/admin/orders", "receipt", Permission.MANAGE_ORDERS, "o", "orders"),
            Place(_("Customers"), "/admin/users", "users", Permission.MANAGE_USERS, "u"),
        ),
    ),
    (
        _("House"),
        (
            Place(_("Settings"), "/admin/settings", "settings", Permission.VIEW_SETTINGS, "s", children=SETTINGS),
            Place(_("Outbox"), "/admin/outbox", "mail", Permission.VIEW_OUTBOX, "e", "messages"),
            Place(_("E-mail templates"), "/admin/email-templates", "file-text", Permission.MANAGE_TEMPLATES, "l"),
            Place(_("Searches"), "/admin/searches", "search", Permission.MANAGE_PRODUCTS, "f"),
            Place(_("Personal data"), "/admin/privacy", "user-x", Permission.MANAGE_USERS),
            Place(_("Health"), "/admin/health", "activity", Permission.VIEW_HEALTH, "h", children=OF_HEALTH),
            Place(_("Jobs"), "/admin/jobs?isRoutine=false", "zap", Permission.VIEW_JOBS, "j", "jobs"),
            Place(_("Audit log"), "/admin/audit", "scroll-text", Permission.VIEW_AUDIT, "a"),
            Place(_("Backups"), "/admin/backups", "archive", Permission.MAKE_BACKUPS, "y"),
            Place(_("Program"), "/admin/program", "monitor", Permission.CONFIGURE_SYSTEM),
            Place(_("Who can reach it"), "/admin/network", "wifi", Permission.CONFIGURE_SYSTEM, "n"),
            Place(_("Devices"), "/admin/devices", "tablet", Permission.MANAGE_DEVICES),
        ),
    ),
)


async def sections(ports: Ports, actor: Actor) -> tuple[list[NavSection], int]:
    """Return the sidebar's sections with the counts that matter, and how many jobs run that the person follows."""
    counts, running = await ports.db.query(_counted, actor, ports.jobs.followed)
    return places_for(actor, ports.resources, counts), running


def places_for(
    actor: Actor, resources: Mapping[str, Resource], counts: Mapping[str, int] | None = None
) -> list[NavSection]:
    """Return the sections that the actor may see; lists that have no place in the plan stand in one at the end."""
    found = []
    for label, places in PLACES:
        links = [_link(place, (counts or {}).get(place.count)) for place in places if allows(actor, place.permission)]
        if links:
            found.append(NavSection(links, label))
    every = [place for _label, places in PLACES for place in places]
    hrefs = [href for place in every for href in (place.href, *(child.href for child in place.children))]
    planned = {href.partition("?")[0] for href in hrefs}
    others = [
        Link(resource.plural, f"/admin/{resource.path}", resource.icon)
        for resource in resources.values()
        if f"/admin/{resource.path}" not in planned and allows(actor, resource.read or Permission.ENTER_ADMIN)
    ]
    return [*found, NavSection(others, _("More"))] if others else found


def _link(place: Place, count: int | None) -> Link:
    return Link(place.label, place.href, place.icon, count or None, place.children, place.key)


def waiting(connection: Connection, known: OrderCounts | None = None) -> dict[str, int]:
    """Return what waits for somebody, by the name of its count. known: the orders' counts, where they were read."""
    jobs, messages = jobqueries.counts(connection), messaging.counts(connection)
    orders = known or order_counts(connection)
    return {
        "orders": orders.pending + orders.to_ship + orders.refund_needed,
        **content.waiting(connection),
        "jobs": jobs.get(JobStatus.FAILED, 0),
        "messages": messages.get(MessageStatus.FAILED, 0) + messages.get(MessageStatus.HELD, 0),
    }


def _counted(connection: Connection, actor: Actor, followed: Collection[str]) -> tuple[dict[str, int], int]:
    """Return what waits, and how many jobs run that the person follows."""
    return waiting(connection), jobnews.unfinished(connection, actor, followed)
