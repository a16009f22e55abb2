"""What needs somebody: one line each, the gravest first, with the way there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.api.ports import Ports
from engine.api.serving import Serving
from engine.commerce.ordering.queries import OrderCounts
from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.i18n import Message, _, ngettext
from engine.core.opening import Openness
from engine.operations.alerting import raising
from engine.operations.alerting.models import Severity
from engine.operations.rotating import must_rotate
from ui.formats import Formats

#: What visitors meet while the site is not open.
CLOSED = {
    Openness.MAINTENANCE: _("The site is paused: visitors read that it is back soon"),
    Openness.COMING_SOON: _("Visitors read that the site opens soon"),
}


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that waits. kind: danger, warning or info."""

    text: Message
    href: str
    icon: str
    kind: str = "warning"


def matters(
    ports: Ports,
    actor: Actor,
    serving: Serving,
    orders: OrderCounts | None,
    counts: dict[str, int],
    low: int,
    worry: Message | None = None,
) -> list[Matter]:
    """Return what waits for this person; counts: failed jobs and stuck messages by the sidebar's names.

    worry: what is wrong with the backups.
    """
    found = [*_of_orders(orders)] if orders is not None else []
    if (new := counts.get("entries")) and allows(actor, Permission.MANAGE_FORMS):
        text = ngettext("{count} new entry by a form", "{count} new entries by forms", new)
        found.append(Matter(text, "/admin/form-entries?status=new", "inbox", "info"))
    if low and allows(actor, Permission.MANAGE_PRODUCTS):
        found.append(
            Matter(
                ngettext("{count} product is nearly gone", "{count} products are nearly gone", low), "#low", "package"
            )
        )
    if counts.get("comments") and allows(actor, Permission.MODERATE_COMMENTS):
        text = ngettext("{count} comment waits", "{count} comments wait", counts["comments"])
        found.append(Matter(text, "/admin/comments", "message-square"))
    if counts.get("reviews") and allows(actor, Permission.MODERATE_REVIEWS):
        text = ngettext("{count} review waits", "{count} reviews wait", counts["reviews"])
        found.append(Matter(text, "/admin/reviews", "star"))
    if counts.get("jobs") and allows(actor, Permission.VIEW_JOBS):
        text = ngettext("{count} job was given up on", "{count} jobs were given up on", counts["jobs"])
        found.append(Matter(text, "/admin/jobs?status=failed", "zap", "danger"))
    if counts.get("messages") and allows(actor, Permission.VIEW_OUTBOX):
        text = ngettext("{count} e-mail did not leave", "{count} e-mails did not leave", counts["messages"])
        found.append(Matter(text, "/admin/outbox?status=failed", "mail", "danger"))
    if worry is not None and allows(actor, Permission.MAKE_BACKUPS):
        found.append(Matter(worry, "/admin/backups", "archive", "danger"))
    if allows(actor, Permission.CONFIGURE_SYSTEM) and (new := ports.updates.available):
        text = _("Agora {version} is there: see what is new").having(version=new.version)
        found.append(Matter(text, "/admin/program", "download", "info"))
    if allows(actor, Permission.UPDATE_SETTINGS):
        found += _of_house(ports, serving)
    order = {"danger": 0, "warning": 1, "info": 2}
    return sorted(found, key=lambda matter: order[matter.kind])


def of_alerts(alerts: Sequence[Any]) -> list[Matter]:
    """Return the open alerts, the critical ones first: nothing is graver."""
    ordered = sorted(alerts, key=lambda alert: alert.severity != Severity.CRITICAL)
    return [
        Matter(
            _("{alert}: {text}").having(alert=raising.title_of(alert.rule), text=raising.sentence_of(alert)),
            "/admin/health",
            "activity",
            "danger" if alert.severity == Severity.CRITICAL else "warning",
        )
        for alert in ordered
    ]


def of_step(needed_from: datetime | None, formats: Formats) -> list[Matter]:
    """Return that the reader needs a second step soon. needed_from: None for whoever has one, or may do without."""
    if needed_from is None:
        return []
    text = _("From {moment} on you need a second step to work here. Set it up")
    return [Matter(text.having(moment=formats.moment(needed_from)), "/admin/me/second-step", "key")]


def _of_orders(orders: OrderCounts) -> list[Matter]:
    home = "/admin/orders?view="
    rows = (
        (
            orders.refund_needed,
            ngettext("{count} order needs a refund", "{count} orders need a refund", orders.refund_needed),
            ("refund", "undo-2", "danger"),
        ),
        (
            orders.to_ship,
            ngettext("{count} order waits to be sent", "{count} orders wait to be sent", orders.to_ship),
            ("to-ship", "truck", "warning"),
        ),
        (
            orders.unpaid,
            ngettext("{count} order is not paid", "{count} orders are not paid", orders.unpaid),
            ("unpaid", "banknote", "warning"),
        ),
    )
    return [Matter(text, home + view, icon, kind) for count, text, (view, icon, kind) in rows if count]


def _of_house(ports: Ports, serving: Serving) -> list[Matter]:
    found = []
    told = CLOSED.get(ports.site.site_status.at(ports.clock.now()))
    if told is not None:
        found.append(Matter(told, "/admin/settings/site_status", "pause"))
    if not serving.has_rate_limits:
        text = _(
            "Rate limits are off, for load tests. Start without AGORA_RATE_LIMITS=off before anybody else comes in."
        )
        found.append(Matter(text, "/admin/settings/system", "shield", "danger"))
    if must_rotate(ports.secrets, ports.clock.now()):
        text = _("The keys are older than three months: stop Agora and run “agora secrets rotate”")
        found.append(Matter(text, "/admin/health", "key", "info"))
    email = ports.site.email
    if email.provider == "outbox":
        found.append(
            Matter(_("E-mails stay in the outbox until you set up sending"), "/admin/settings/email", "mail", "info")
        )
    elif email.test_mode:
        found.append(Matter(_("E-mail is in test mode: shoppers get none"), "/admin/settings/email", "mail"))
    return found
