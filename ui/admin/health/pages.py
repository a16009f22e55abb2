"""`/admin/health`: whether what Agora stands on answers, how loaded it is, and which alerts are open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response
from sqlalchemy import Connection

from engine.api.metrics import metrics_token
from engine.api.ports import Ports
from engine.api.request import Caller, House, allow, origin_of
from engine.api.routing import APIRouter
from engine.core import jobqueries
from engine.core.access import Permission, allows
from engine.core.i18n import Message, _
from engine.core.jobs import JobStatus
from engine.operations.alerting import raising
from engine.operations.watch.checks import ServiceState
from engine.operations.watch.samples import Sample, error_percent, slowest_seconds, window_before
from ui.charts import BarChart, Point, bar_chart
from ui.formats import Formats
from ui.respond import page

HOME = "/admin/health"
#: One bar for so many looks of the last two hours.
LOOKS_A_BAR = 20
GIGABYTE = 1024**3
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.VIEW_HEALTH)])


@dataclass(frozen=True)
class Figure:
    """One number with its limit."""

    label: Message
    value: str
    note: Message


@dataclass(frozen=True)
class OpenAlert:
    """An alert that is not over."""

    title: Message | str
    text: Message | str
    kind: str
    since: datetime
    url: str


@dataclass(frozen=True)
class HealthPage:
    """The page. metrics_url and token: for a monitoring system; empty where this person may not see them."""

    alerts: Sequence[OpenAlert]
    services: Sequence[ServiceState]
    figures: Sequence[Figure]
    processor: BarChart | None
    jobs: Sequence[tuple[Message, str]]
    database: Message
    metrics_url: str
    token: str
    here: str


@router.get("")
async def show_health(request: Request, house: House, actor: Caller) -> Response:
    """Answer how the house is now; the page asks again by itself."""
    sample = house.watch.latest() or await house.watch.look()
    alerts, counts = await house.db.query(_read)
    general = house.site.general
    formats = Formats.of(general.language, general.timezone)
    may_watch = allows(actor, Permission.CONFIGURE_SYSTEM)
    context = HealthPage(
        alerts=[_shown(row) for row in alerts.values()],
        services=sample.services,
        figures=_figures(house, sample, formats),
        processor=_chart(list(house.watch.samples), formats),
        jobs=[
            (_("Waiting"), formats.number(counts.get(JobStatus.QUEUED, 0))),
            (_("Running"), formats.number(counts.get(JobStatus.RUNNING, 0))),
            (_("Given up on"), formats.number(counts.get(JobStatus.FAILED, 0))),
        ],
        database=_("{used} of {most} in use").having(
            used=formats.number(sample.connections[0]), most=formats.number(sample.connections[1])
        ),
        metrics_url=f"{origin_of(request)}/metrics",
        token=metrics_token(house.secrets) if may_watch else "",
        here=HOME,
    )
    return await page(request, "admin/health/show.html", context, title=_("Health"), block="health")


def _read(connection: Connection) -> tuple[dict[str, object], dict[str, int]]:
    return raising.open_alerts(connection), jobqueries.counts(connection)


def _shown(row: object) -> OpenAlert:
    kind = "danger" if row.severity == "critical" else "warning"  # type: ignore[attr-defined]
    title = raising.title_of(row.rule)  # type: ignore[attr-defined]
    return OpenAlert(title, raising.sentence_of(row), kind, row.raised_at, f"/admin/alerts/{row.id}")  # type: ignore[attr-defined]


def _figures(house: Ports, sample: Sample, formats: Formats) -> list[Figure]:
    limits, machine = house.site.alerts, sample.machine
    first = window_before(list(house.watch.samples), sample)
    alert_at = _("Alert above {limit}")
    slowest = slowest_seconds(first, sample)
    return [
        Figure(
            _("Processor"), formats.percent(machine.cpu_percent / 100), alert_at.having(limit=f"{limits.cpu_percent} %")
        ),
        Figure(
            _("Memory"),
            formats.percent(machine.memory_percent / 100),
            alert_at.having(limit=f"{limits.memory_percent} %"),
        ),
        Figure(
            _("Disk"),
            formats.percent(machine.disk_percent / 100),
            _("{free} GB free").having(free=formats.number(round(machine.disk_free_bytes / GIGABYTE))),
        ),
        Figure(
            _("Answers within"),
            f"{formats.number(slowest)} s" if slowest else "–",
            _("95 of 100; alert above {limit} s").having(limit=limits.slow_seconds),
        ),
        Figure(
            _("Errors"),
            formats.percent(error_percent(first, sample) / 100),
            alert_at.having(limit=f"{limits.error_percent} %"),
        ),
    ]


def _chart(samples: Sequence[Sample], formats: Formats) -> BarChart | None:
    """Return the processor's use over the last two hours, in bars of five minutes; None while there is but one."""
    groups = [samples[start : start + LOOKS_A_BAR] for start in range(0, len(samples), LOOKS_A_BAR)]
    points = [
        Point(formats.clock(group[0].at), sum(one.machine.cpu_percent for one in group) / len(group))
        for group in groups
    ]
    return bar_chart(points, lambda value: formats.percent(value / 100), least=100) if len(points) > 1 else None
