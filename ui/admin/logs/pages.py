"""`/admin/logs`: what Agora wrote down about its own work, the newest first; and the same as it is written."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from anyio import to_thread
from fastapi import Request, Response
from starlette.responses import StreamingResponse

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.i18n import Message, _
from engine.core.settings import Site
from engine.operations.logs.reading import LogBook, LogFilter, LogLine
from ui.admin.lists import address, asked
from ui.live import LIFE_SECONDS, Live, live_of
from ui.respond import page

HOME = "/admin/logs"
LIMIT = 100
EVENT = "log.written"
TAIL_SECONDS = 1.0
MEANINGS = {"debug": "neutral", "info": "info", "warning": "warning", "error": "danger", "critical": "danger"}
LEVELS: Sequence[tuple[str, Message]] = (
    ("", _("Every level")),
    ("info", _("Information and above")),
    ("warning", _("Warnings and above")),
    ("error", _("Errors")),
)
WORDS = {
    "debug": _("Debug"),
    "info": _("Information"),
    "warning": _("Warning"),
    "error": _("Error"),
    "critical": _("Error"),
}
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.VIEW_LOGS)])


@dataclass(frozen=True)
class LineShown:
    """A line in the list. at: to the second, in the site's own time."""

    line: LogLine
    at: str
    word: Message
    meaning: str
    request_url: str


@dataclass(frozen=True)
class LogShown:
    """The list, and what narrows it. following: whether it grows by itself; here: its address without that."""

    lines: list[LineShown]
    levels: Sequence[tuple[str, Message]]
    kept: dict[str, str]
    here: str
    follow_url: str
    following: bool
    older_url: str
    is_narrowed: bool
    is_older: bool
    events: str
    event: str


@router.get("")
async def show_log(request: Request, house: House, actor: Caller) -> Response:
    """Answer the newest lines that fit."""
    kept = {name: asked(request, name) for name in ("level", "q", "request", "since", "until")}
    wanted = LogFilter(
        level=kept["level"],
        text=kept["q"],
        request=kept["request"],
        since=_moment(kept["since"], house.site),
        until=_moment(kept["until"], house.site),
    )
    before = asked(request, "before")
    zone = house.site.general.zone
    found = await to_thread.run_sync(house.logs.read, actor, wanted, LIMIT, before)
    following = asked(request, "follow") == "1" and not before
    here = address(HOME, kept)
    context = LogShown(
        lines=[
            LineShown(
                one,
                f"{one.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
                WORDS[one.level],
                MEANINGS[one.level],
                address(HOME, {"request": one.request}),
            )
            for one in found.lines
        ],
        levels=LEVELS,
        kept=kept,
        here=address(HOME, kept, follow="1") if following else here,
        follow_url=here if following else address(HOME, kept, follow="1"),
        following=following,
        older_url=address(HOME, kept, before=found.older) if found.older else "",
        is_narrowed=any(kept.values()),
        is_older=bool(before),
        events=f"{HOME}/events",
        event=EVENT,
    )
    return await page(request, "admin/logs/list.html", context, title=_("Log"), block="lines")


@router.get("/events")
async def follow(request: Request, house: House) -> Response:
    """Answer a stream that says when something was written: the page then asks for it, with its own filters."""
    live = live_of(request)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_written(house.logs, live), media_type="text/event-stream", headers=headers)


async def _written(book: LogBook, live: Live) -> AsyncIterator[bytes]:
    known = await to_thread.run_sync(book.end)
    yield b"retry: 2000\n\n"
    for _second in range(int(LIFE_SECONDS / TAIL_SECONDS)):
        await asyncio.sleep(TAIL_SECONDS)
        if live.is_closed:
            return
        end = await to_thread.run_sync(book.end)
        if end != known:
            known = end
            yield f"event: {EVENT}\ndata: {{}}\n\n".encode()
        else:
            yield b": still here\n\n"


def _moment(text: str, site: Site) -> datetime | None:
    """Return what a form's `datetime-local` says in the site's zone; None for what is no moment."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=site.general.zone)).astimezone(UTC)
