"""The audit log as a list with filters; each line tells the difference it made."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from engine.api.request import Caller, House, allow
from engine.core import auditqueries
from engine.core.access import Permission
from engine.core.audit import AuditResult
from engine.core.auditqueries import AuditFilter, AuditLine
from engine.core.i18n import Message, _
from engine.core.ids import parse_id
from engine.core.paging import Page
from ui.admin.lists import address, asked, next_pages, page_asked
from ui.respond import page

HOME = "/admin/audit"
MAX_SHOWN = 400
#: Details that say which thing it was, the best first.
SUBJECTS = ("number", "key", "name", "recipient", "email", "slug")
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.VIEW_AUDIT)])


@dataclass(frozen=True)
class Change:
    """One field's value before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """A line of the log in words."""

    id: UUID
    entry: AuditLine
    action: str
    subject: str
    changes: list[Change]
    more: list[tuple[str, str]]
    about_url: str


@dataclass(frozen=True)
class Audit:
    """The list with its filters."""

    lines: Page[Line]
    actions: list[tuple[str, str | Message]]
    chips: list[tuple[Message, str, str]]
    asked: dict[str, str]
    pages_url: str


@router.get("")
async def show_audit(request: Request, house: House, actor: Caller) -> Response:
    """Answer the log, the newest first."""
    names = ("q", "action", "result", "from", "to", "about")
    kept = {name: asked(request, name) for name in names}
    zone = house.site.general.zone
    since, until = _day(kept["from"]), _day(kept["to"])
    wanted = AuditFilter(
        search=kept["q"],
        action=kept["action"],
        result=next((r for r in AuditResult if r == kept["result"]), None),
        resource_id=parse_id(kept["about"]),
        since=_start(since, zone) if since else None,
        until=_start(until + timedelta(days=1), zone) if until else None,
    )
    found = await house.db.query(auditqueries.entries, actor, page_asked(request), wanted)
    actions = await house.db.query(auditqueries.actions)
    context = Audit(
        lines=found.map(_line),
        actions=[("", _("Everything")), *((one, words_of(one)) for one in actions)],
        chips=_chips(kept),
        asked=kept,
        pages_url=next_pages(HOME, kept),
    )
    return await page(request, "admin/audit/list.html", context, title=_("Audit log"))


def words_of(action: str) -> str:
    """Return an action for people: `order.mark_paid` as “Order: mark paid”."""
    noun, _dot, verb = action.replace("_", " ").partition(".")
    return f"{noun.capitalize()}: {verb}" if verb else noun.capitalize()


def _line(entry: AuditLine) -> Line:
    return Line(
        id=entry.id,
        entry=entry,
        action=words_of(entry.action),
        subject=next((str(entry.details[name])[:80] for name in SUBJECTS if entry.details.get(name)), ""),
        changes=[Change(field, _shown(pair[0]), _shown(pair[-1])) for field, pair in entry.changes.items()],
        more=[(name.replace("_", " "), _shown(value)) for name, value in entry.more.items()],
        about_url=address(HOME, {"about": str(entry.resource_id)}) if entry.resource_id else "",
    )


def _shown(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"


def _chips(kept: dict[str, str]) -> list[tuple[Message, str, str]]:
    labels = {
        "q": _("Who:"),
        "action": _("What:"),
        "result": _("Ended in:"),
        "from": _("From:"),
        "to": _("Until:"),
        "about": _("One thing:"),
    }
    return [
        (labels[name], words_of(value) if name == "action" else value, address(HOME, kept, **{name: ""}))
        for name, value in kept.items()
        if value
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
