"""The admin's sidebar: the guide's appendix, without what is not built yet or not for this role."""

from dataclasses import dataclass

from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.commerce.ordering.queries import order_counts
from engine.core import jobqueries
from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.i18n import Message, _
from engine.core.jobs import JobStatus
from engine.messaging import queries as messaging
from engine.messaging.models import MessageStatus
from ui.page import Link, NavSection


@dataclass(frozen=True, slots=True)
class Place:
    """A way in the sidebar: who may go there, and which count stands beside it."""

    label: Message
    href: str
    icon: str
    permission: Permission
    count: str = ""


PLACES: tuple[tuple[Message | None, tuple[Place, ...]], ...] = (
    (
        None,
        (Place(_("Dashboard"), "/admin", "layout-dashboard", Permission.ENTER_ADMIN),),
    ),
    (
        _("Content"),
        (
            Place(_("Media"), "/admin/media", "image", Permission.UPLOAD_MEDIA),
            Place(_("Redirects"), "/admin/redirects", "corner-down-right", Permission.MANAGE_REDIRECTS),
        ),
    ),
    (
        _("Shop"),
        (
            Place(_("Orders"), "/admin/orders", "receipt", Permission.MANAGE_ORDERS, "orders"),
            Place(_("Products"), "/admin/products", "package", Permission.VIEW_PRODUCTS),
            Place(_("Categories"), "/admin/categories", "folder", Permission.MANAGE_CATEGORIES),
            Place(_("Tags"), "/admin/product-tags", "tag", Permission.MANAGE_TAGS),
            Place(_("Searches"), "/admin/searches", "search", Permission.MANAGE_PRODUCTS),
        ),
    ),
    (
        _("People"),
        (Place(_("Users"), "/admin/users", "users", Permission.MANAGE_USERS),),
    ),
    (
        _("House"),
        (
            Place(_("Outbox"), "/admin/outbox", "mail", Permission.VIEW_OUTBOX, "messages"),
            Place(_("Jobs"), "/admin/jobs", "zap", Permission.VIEW_JOBS, "jobs"),
            Place(_("Audit log"), "/admin/audit", "scroll-text", Permission.VIEW_AUDIT),
            Place(_("Network"), "/admin/network", "wifi", Permission.CONFIGURE_SYSTEM),
            Place(_("E-mail templates"), "/admin/email-templates", "file-text", Permission.MANAGE_TEMPLATES),
            Place(_("Settings"), "/admin/settings", "settings", Permission.VIEW_SETTINGS),
        ),
    ),
)


async def sections(ports: Ports, actor: Actor) -> tuple[list[NavSection], int]:
    """Return the sidebar's sections with the counts that matter, and how many jobs run."""
    counts, running = await ports.db.query(counted)
    found = []
    for label, places in PLACES:
        links = [
            Link(place.label, place.href, place.icon, counts.get(place.count) or None)
            for place in places
            if allows(actor, place.permission)
        ]
        if links:
            found.append(NavSection(links, label))
    return found, running


def counted(connection: Connection) -> tuple[dict[str, int], int]:
    """Return what waits for somebody, by the name of its count, and how many jobs run."""
    jobs, messages = jobqueries.counts(connection), messaging.counts(connection)
    orders = order_counts(connection)
    waiting = {
        "orders": orders.pending + orders.to_ship + orders.refund_needed,
        "jobs": jobs.get(JobStatus.FAILED, 0),
        "messages": messages.get(MessageStatus.FAILED, 0) + messages.get(MessageStatus.HELD, 0),
    }
    return waiting, jobs.get(JobStatus.RUNNING, 0)
