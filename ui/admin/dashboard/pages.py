"""The dashboard: what came in, what needs somebody, and what to do next; each for whom it concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from sqlalchemy import Connection

from engine.accounts.second_steps import is_guarded
from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.api.serving import serving_of
from engine.commerce.catalog import queries as catalog
from engine.commerce.catalog.views import LowStock
from engine.commerce.ordering import queries as ordering
from engine.commerce.ordering.queries import OrderCounts
from engine.commerce.ordering.spans import Span
from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.demo import DemoCounts, demo_counts
from engine.core.i18n import Message, _
from engine.operations.alerting.raising import open_alerts
from ui.admin.dashboard import sales
from ui.admin.dashboard.attention import Matter, matters, of_alerts, of_step
from ui.admin.dashboard.first_steps import Known, Step, first_steps
from ui.admin.dashboard.sales import SPANS, USUAL, Sales, SalesRead
from ui.admin.navigation import waiting
from ui.admin.network.panel import NetworkPanel, panel_of
from ui.admin.voices.waiting import Waiting, first_waiting
from ui.formats import Formats
from ui.respond import page

LOW = 8
router = APIRouter(include_in_schema=False, dependencies=[allow(Permission.ENTER_ADMIN)])
#: (what, where, its icon, who may).
ACTIONS: tuple[tuple[Message, str, str, Permission], ...] = (
    (_("New product"), "/admin/products/new", "plus", Permission.MANAGE_PRODUCTS),
    (_("Orders to send"), "/admin/orders?view=to-ship", "truck", Permission.MANAGE_ORDERS),
    (_("Import products"), "/admin/products/import", "upload", Permission.MANAGE_PRODUCTS),
    (_("Settings"), "/admin/settings", "settings", Permission.VIEW_SETTINGS),
)


@dataclass(frozen=True)
class Dashboard:
    """The page; parts that are not for this person are None or empty."""

    name: str
    sales: Sales | None
    matters: list[Matter]
    moderation: Sequence[Waiting]
    low: Sequence[LowStock]
    network: NetworkPanel | None
    steps: list[Step]
    actions: list[tuple[Message, str, str]]
    demo: DemoCounts | None
    may_remove_demo: bool


@dataclass(frozen=True)
class Read:
    """What the page reads, in one hop. orders and sales: only for those who manage orders."""

    orders: OrderCounts | None
    sales: SalesRead | None
    low: Sequence[LowStock]
    products: int
    waiting: dict[str, int]
    moderation: Sequence[Waiting]
    demo: DemoCounts | None
    worry: Message | None
    alerts: Sequence[Any]
    lacks_step: bool


def read(connection: Connection, house: Ports, actor: Actor, span: Span, *, sees_orders: bool) -> Read:
    """Return what the dashboard shows; what the reader may not see is not asked for."""
    currency = house.site.general.currency
    orders = ordering.order_counts(connection) if sees_orders else None
    counts = waiting(connection, orders)
    return Read(
        orders=orders,
        sales=sales.read(connection, span, currency, house.clock.now(), orders.all) if orders is not None else None,
        low=catalog.low_stock(connection, LOW),
        products=sum(catalog.counts_by_status(connection).values()),
        waiting=counts,
        moderation=first_waiting(connection, house, actor, counts),
        demo=demo_counts(connection),
        worry=house.backups.worry(house.clock.now()) if allows(actor, Permission.MAKE_BACKUPS) else None,
        alerts=list(open_alerts(connection).values()) if allows(actor, Permission.VIEW_HEALTH) else (),
        lacks_step=bool(
            house.site.sign_in.staff_step_from and actor.user_id and not is_guarded(connection, actor.user_id)
        ),
    )


@router.get("/admin")
async def show(request: Request, house: House, actor: Caller) -> Response:
    """Answer the dashboard. `days`: 7, 30 or 90; anything else is 30."""
    general = house.site.general
    asked = request.query_params.get("days", "")
    days = next((length for length in SPANS if str(length) == asked), USUAL)
    span = Span.of(house.clock.now(), general.zone, days)
    sees_orders = allows(actor, Permission.MANAGE_ORDERS)
    found = await house.db.query(read, house, actor, span, sees_orders=sees_orders)
    formats = Formats.of(general.language, general.timezone)
    is_owner = allows(actor, Permission.CONFIGURE_SYSTEM)
    orders = found.orders.all if found.orders else 0
    context = Dashboard(
        name=actor.name.split(" ")[0],
        sales=sales.shown(found.sales, span, general.currency, formats) if found.sales else None,
        matters=[
            *of_alerts(found.alerts),
            *of_step(house.site.sign_in.staff_step_from if found.lacks_step else None, formats),
            *matters(house, actor, serving_of(request), found.orders, found.waiting, len(found.low), found.worry),
        ],
        moderation=found.moderation,
        low=found.low if allows(actor, Permission.VIEW_PRODUCTS) else (),
        network=await panel_of(request, "/admin") if is_owner else None,
        steps=first_steps(house, Known(found.products, orders)) if is_owner else [],
        actions=[(name, href, icon) for name, href, icon, least in ACTIONS if allows(actor, least)],
        demo=found.demo,
        may_remove_demo=is_owner,
    )
    return await page(request, "admin/dashboard/show.html", context, title=_("Dashboard"), block="dashboard")
