"""What came in: the figures, charts and lists that only those see who manage orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.commerce.ordering import queries, sums, tops
from engine.commerce.ordering.figures import DayFigures
from engine.commerce.ordering.queries import OrderFilter
from engine.commerce.ordering.spans import Span
from engine.commerce.ordering.tops import Top
from engine.commerce.ordering.views import OrderRow
from engine.core.counting import EXACT
from engine.core.i18n import Message, _, ngettext
from engine.core.money import Money, decimals
from engine.core.paging import PageRequest
from ui.admin.dashboard.figures import Compared, change
from ui.charts import BarChart, Point, bar_chart
from ui.formats import Formats

#: Spans of days, with what they and the ones before them are called.
SPANS: dict[int, tuple[Message, Message, Message]] = {
    7: (_("7 days"), _("Last 7 days"), _("the 7 before")),
    30: (_("30 days"), _("Last 30 days"), _("the 30 before")),
    90: (_("90 days"), _("Last 90 days"), _("the 90 before")),
}
USUAL = 30
LATEST = 6


@dataclass(frozen=True)
class Figure:
    """One number against the span before. change: as a share, None where there is nothing to compare with."""

    value: str
    change: float | None


@dataclass(frozen=True)
class OrderShown:
    """An order among the latest."""

    id: UUID
    order: OrderRow
    total: Money


#: (name, where it is, pieces, worth, share of the first one's worth from 0 to 100).
TopShown = tuple[str, str | None, Message, str, int]


@dataclass(frozen=True)
class Sales:
    """What was taken and ordered in a span of days. top_at: when `top` was summed, where that was not just now."""

    days: int
    spans: list[tuple[Message, str]]
    here: str
    name: Message
    before_name: Message
    takings: Figure
    returned: Money
    orders: Figure
    average: Figure
    today: Money
    takings_chart: BarChart
    orders_chart: BarChart
    top: list[TopShown]
    top_at: datetime | None
    latest: list[OrderShown]


@dataclass(frozen=True)
class SalesRead:
    """What the database says of a span."""

    by_day: Sequence[DayFigures]
    top: Top
    latest: Sequence[OrderRow]


def read(connection: Connection, span: Span, currency: str, now: datetime, orders: int) -> SalesRead:
    """Return what the part shows, in a handful of reads. orders: how many there are of all."""
    bounds = span.bounds
    return SalesRead(
        by_day=sums.by_day(connection, bounds, currency, are_few=orders <= EXACT),
        top=tops.top_products(connection, bounds[len(span.days) :], currency, now, orders),
        latest=queries.order_rows(connection, OrderFilter(), PageRequest(1, LATEST)).items,
    )


def shown(found: SalesRead, span: Span, currency: str, formats: Formats) -> Sales:
    """Return the part as the page draws it."""
    both, days = Compared.of(found.by_day), len(span.days)

    def money(minor: float) -> str:
        return formats.money(Money(round(minor), currency))

    labels = [formats.day(day, "d MMM") for day in span.days]
    pairs = list(zip(labels, both.now, both.before, strict=True))
    most = max((one.worth_minor for one in found.top.products), default=0) or 1
    return Sales(
        days=days,
        spans=[(name, address(length)) for length, (name, _last, _before) in SPANS.items()],
        here=address(days),
        name=SPANS[days][1],
        before_name=SPANS[days][2],
        takings=Figure(money(both.taken[0]), change(*both.taken)),
        returned=Money(both.returned, currency),
        orders=Figure(formats.number(both.orders[0]), change(*both.orders)),
        average=Figure(money(both.average[0]), change(*both.average) if both.average[0] else None),
        today=Money(both.now[-1].taken_minor, currency),
        takings_chart=bar_chart(
            [Point(label, now.taken_minor, old.taken_minor) for label, now, old in pairs],
            money,
            least=10 ** (1 + decimals(currency)),
        ),
        orders_chart=bar_chart(
            [Point(label, now.orders, old.orders) for label, now, old in pairs],
            lambda count: formats.number(round(count, 1)),
            height=140,
            least=2,
        ),
        top=[
            (
                one.name,
                f"/admin/products/{one.product_id}" if one.product_id else None,
                ngettext("{count} piece", "{count} pieces", one.pieces),
                money(one.worth_minor),
                round(100 * one.worth_minor / most),
            )
            for one in found.top.products
        ],
        top_at=found.top.found_at,
        latest=[OrderShown(row.id, row, Money(row.total_minor, row.currency)) for row in found.latest],
    )


def address(days: int) -> str:
    """Return where the dashboard shows this span."""
    return "/admin" if days == USUAL else f"/admin?days={days}"
