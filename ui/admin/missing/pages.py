"""`/admin/missing-pages/{id}`: an address at which visitors found nothing, and the redirect that mends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import Connection

from engine.api.ports import Ports
from engine.api.problems import status_of
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.content import missing
from engine.content.declared import KINDS, TO_MEND
from engine.content.missing import PATH
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.errors import Conflict, Invalid
from engine.core.i18n import Message, _
from engine.core.records import reading
from engine.core.records.reading import Record
from ui.admin.links.pages import told
from ui.forms import Errors, errors_of, typed
from ui.respond import page, redirect

HOME = f"/admin/{PATH}"
MOST_OFFERED = 5
#: An address may be of thousands; each is looked for in the whole house.
MOST_WORDS = 6
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MANAGE_REDIRECTS)])


@dataclass(frozen=True)
class MissingShown:
    """One address. offered: (title, what it is, address) of what may be meant; kinds: how it can be mended."""

    own_path: str
    path: str
    hits: int
    referrer: str
    first_seen_at: datetime
    last_seen_at: datetime
    is_dismissed: bool
    target: str
    status_code: str
    offered: Sequence[tuple[Message | str, Message | str, str]]
    errors: Errors
    kinds: Sequence[tuple[str, Message]] = tuple((str(value), words) for value, words in KINDS)
    back: str = TO_MEND


@router.get("/{missing_id:uuid}")
async def show(missing_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer one address with the form that mends it."""
    return await _page(request, house, actor, missing_id)


@router.post("/{missing_id:uuid}")
async def mend(missing_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Lead its visitors elsewhere from now on."""
    asked = await typed(request)
    code = next((value for value, _words in KINDS if str(value) == asked.get("statusCode")), 301)
    try:
        async with house.db.write() as tx:
            await missing.mend(tx, actor, missing_id, asked.get("targetUrl", ""), code)
    except (Invalid, Conflict) as error:
        return await _page(request, house, actor, missing_id, asked, error)
    return redirect(TO_MEND, flash=_("Its visitors are led on from now on."), request=request)


async def _page(
    request: Request,
    house: Ports,
    actor: Actor,
    missing_id: UUID,
    asked: dict[str, str] | None = None,
    error: Invalid | Conflict | None = None,
) -> Response:
    record, offered = await house.db.query(_read, house, actor, missing_id)
    values: Any = record.values
    context = MissingShown(
        own_path=f"{HOME}/{missing_id}",
        path=values["path"],
        hits=values["hits"],
        referrer=values["referrer"],
        first_seen_at=values["created_at"],
        last_seen_at=values["last_seen_at"],
        is_dismissed=values["is_dismissed"],
        target=(asked or {}).get("targetUrl", request.query_params.get("to", "")[:2_000]),
        status_code=(asked or {}).get("statusCode", "301"),
        offered=offered,
        errors=errors_of(error) if error else {},
    )
    status = status_of(error)[0] if error else 200
    return await page(request, "admin/missing/edit.html", context, title=values["path"], status=status)


def _read(
    connection: Connection, house: Ports, actor: Actor, missing_id: UUID
) -> tuple[Record, list[tuple[Message | str, Message | str, str]]]:
    """Return the record, and what of the house is called like the last part of its address."""
    record = reading.one(connection, actor, house.resources[PATH], missing_id)
    last = str(record.values["path"]).rstrip("/").rpartition("/")[2].partition(".")[0]
    words = [word for word in last.replace("_", "-").split("-") if len(word) > 2][:MOST_WORDS]
    found: dict[str, tuple[Message | str, Message | str, str]] = {}
    alone = sorted((word for word in words if not word.isdigit()), key=len, reverse=True)
    for asked in dict.fromkeys((" ".join(words), *alone)):
        for kind, place in house.links.find(connection, asked) if asked and len(found) < MOST_OFFERED else ():
            if place.is_public:
                found.setdefault(place.url, (place.title, told(kind, place), place.url))
    return record, list(found.values())[:MOST_OFFERED]
