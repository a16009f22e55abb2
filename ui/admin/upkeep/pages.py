"""`/admin/upkeep`: what runs by itself, when it ran last and how, when it runs next, and a button to run it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from fastapi import Request, Response

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core import scheduled
from engine.core.access import Permission
from engine.core.i18n import Message, _, ngettext
from engine.core.scheduled import Scheduled
from engine.operations.rotating import QUARTER_DAYS
from ui.admin.jobs.words import TITLES
from ui.respond import page, redirect

HOME = "/admin/upkeep"
DAY = timedelta(days=1)
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.VIEW_JOBS)])


@dataclass(frozen=True)
class Row:
    """One kind of work. state: of its newest job; report: what that told, line by line."""

    kind: str
    title: Message | str
    every: Message
    next_at: datetime | None
    runs_if_due: bool
    job_id: UUID | None
    state: str
    at: datetime | None
    error: str
    report: str


@dataclass(frozen=True)
class UpkeepPage:
    """The page. rare: what runs once a day or less; often: the rest. keys_made_on: how old the keys are."""

    rare: Sequence[Row]
    often: Sequence[Row]
    keys_made_on: date | None
    keys_due_on: date | None
    keys_are_due: bool


@router.get("")
async def show(request: Request, house: House, actor: Caller) -> Response:
    """Answer all of it."""
    found = await house.db.query(scheduled.scheduled, actor, house.jobs.kinds.values())
    made_on = date.fromisoformat(house.secrets.made_on) if house.secrets.made_on else None
    due_on = made_on + timedelta(days=QUARTER_DAYS) if made_on else None
    context = UpkeepPage(
        rare=[_row(one) for one in found if one.every >= DAY],
        often=[_row(one) for one in found if one.every < DAY],
        keys_made_on=made_on,
        keys_due_on=due_on,
        keys_are_due=due_on is not None and due_on < house.clock.now().date(),
    )
    return await page(request, "admin/upkeep/list.html", context, title=_("Upkeep"))


@router.post("/{kind}/runs")
async def run(kind: str, request: Request, house: House, actor: Caller) -> Response:
    """Run something now."""
    async with house.db.write() as tx:
        job_id = await scheduled.run_now(tx, actor, house.jobs.kinds, kind)
    return redirect(f"/admin/jobs/{job_id}", request=request)


def _row(one: Scheduled) -> Row:
    return Row(
        kind=one.kind,
        title=TITLES.get(one.kind) or one.kind,
        every=_interval(one.every),
        next_at=one.next_at,
        runs_if_due=one.runs_if_due,
        job_id=one.job_id,
        state=str(one.status or ""),
        at=one.at,
        error=one.error,
        report=str((one.result or {}).get("report", "")),
    )


def _interval(every: timedelta) -> Message:
    days, minutes = every.days, int(every.total_seconds() // 60)
    if days:
        return ngettext("Each day", "Every {count} days", days)
    if minutes >= 60:
        return ngettext("Each hour", "Every {count} hours", minutes // 60)
    return ngettext("Each minute", "Every {count} minutes", max(1, minutes))
