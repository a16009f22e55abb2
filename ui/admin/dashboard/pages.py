"""The dashboard: what came in, what needs somebody, and how the last two weeks went; each for whom it concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from engine.api.request import Caller, House, allow
from engine.api.serving import serving_of
from engine.commerce.catalog import queries as catalog
from engine.commerce.catalog.views import LowStock
from engine.commerce.ordering import queries as ordering
from engine.commerce.ordering.queries import OrderCounts, OrderFilter
from engine.commerce.ordering.views import OrderRow
from engine.core.access import Permission, allows
from engine.core.i18n import _
from engine.core.money import Money
from engine.core.paging import PageRequest
from ui.admin.dashboard.attention import Matter, matters
from ui.admin.dashboard.figures import Payment, Span, change, per_day, points
from ui.admin.navigation import counted
from ui.admin.network.panel import NetworkPanel, panel_of
from ui.charts import BarChart, bar_chart
from ui.formats import Formats
from ui.respond import page

DAYS = 14
LATEST = 6
LOW = 8
router = APIRouter(include_in_schema=False, dependencies=[allow(Permission.ENTER_ADMIN)])


@dataclass(frozen=True)
class Sales:
    """What was taken and ordered. `change`: against the days before, as a share."""

    takings: Money
    change: float | None
    today: Money
    chart: BarChart
    counts: OrderCounts
    latest: list["OrderShown"]


@dataclass(frozen=True)
class OrderShown:
    """An order among the latest."""

    id: UUID
    order: OrderRow
    total: Money


@dataclass(frozen=True)
class Dashboard:
    """The page; parts that are not for this person are None."""

    name: str
    sales: Sales | None
    matters: list[Matter]
    low: Sequence[LowStock]
    network: NetworkPanel | None
    has_products: bool
    may_import: bool


@dataclass(frozen=True)
class Read:
    """What the page reads, in one hop."""

    orders: OrderCounts
    payments: list[Payment]
    latest: Sequence[OrderRow]
    low: Sequence[LowStock]
    products: int
    waiting: dict[str, int]


def read(connection: Connection, since: datetime, until: datetime) -> Read:
    """Return everything that the dashboard may show."""
    return Read(
        orders=ordering.order_counts(connection),
        payments=ordering.takings(connection, since, until),
        latest=ordering.order_rows(connection, OrderFilter(), PageRequest(1, LATEST)).items,
        low=catalog.low_stock(connection, LOW),
        products=sum(catalog.counts_by_status(connection).values()),
        waiting=counted(connection)[0],
    )


@router.get("/admin")
async def show(request: Request, house: House, actor: Caller) -> Response:
    """Answer the dashboard."""
    general = house.site.general
    span = Span.of(house.clock.now(), general.zone, DAYS)
    found = await house.db.query(read, span.starts_at, span.ends_at)
    sees_orders = allows(actor, Permission.MANAGE_ORDERS)
    context = Dashboard(
        name=actor.name.split(" ")[0],
        sales=_sales(found, span, general.currency, Formats.of(general.language, general.timezone))
        if sees_orders
        else None,
        matters=matters(
            house, actor, serving_of(request), found.orders if sees_orders else None, found.waiting, len(found.low)
        ),
        low=found.low,
        network=await panel_of(request, "/admin") if allows(actor, Permission.CONFIGURE_SYSTEM) else None,
        has_products=bool(found.products),
        may_import=allows(actor, Permission.MANAGE_PRODUCTS),
    )
    return await page(request, "admin/dashboard/show.html", context, title=_("Dashboard"), block="dashboard")


def _sales(found: Read, span: Span, currency: str, formats: Formats) -> Sales:
    sums = per_day(found.payments, currency, formats.zone)  # type: ignore[arg-type]
    now, before = (sum(sums.get(day, 0) for day in days) for days in (span.days, span.before))
    labels = [formats.day(day, "d MMM") for day in span.days]
    return Sales(
        takings=Money(now, currency),
        change=change(now, before),
        today=Money(sums.get(span.days[-1], 0), currency),
        chart=bar_chart(points(span, sums, labels), lambda minor: formats.money(Money(round(minor), currency))),
        counts=found.orders,
        latest=[OrderShown(row.id, row, Money(row.total_minor, row.currency)) for row in found.latest],
    )
