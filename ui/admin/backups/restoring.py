"""Putting a backup back: unpacked beside the data; then Agora starts again with it, and a page tells how it went."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request, Response

from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from engine.core.errors import Conflict, Invalid
from engine.core.i18n import _
from engine.operations.backups import restoring
from engine.operations.backups.restoring import Outcome
from engine.operations.backups.staging import Staging
from ui.admin.backups.pages import HOME, answer_one
from ui.respond import page, redirect

router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.CONFIGURE_SYSTEM)])


@dataclass(frozen=True)
class RestorePage:
    """How far a restore is. outcome: how the last one ended; restarts: whether this process starts again by itself."""

    staging: Staging | None
    outcome: Outcome | None
    restarts: bool


@router.post("/{name}/restores")
async def begin(name: str, request: Request, house: House, actor: Caller) -> Response:
    """Begin to unpack a backup; what was typed must be the site's name."""
    form = await request.form()
    passphrase, typed = str(form.get("passphrase", "")), str(form.get("typed", ""))
    try:
        await house.backups.begin_restore(house.db, actor, name, passphrase, typed, restart_of(request))
    except (Invalid, Conflict) as refusal:
        return await answer_one(request, house, actor, name, getattr(refusal, "fields", {}) or {"": refusal.message})
    return redirect(f"{HOME}/restore", request=request)


@router.get("/restore")
async def show(request: Request, house: House) -> Response:
    """Answer how far it is; the page asks again by itself, also while Agora starts again."""
    ours, title = house.backups, _("Put a backup back")
    context = RestorePage(ours.standing(), restoring.last_outcome(ours.ground), restart_of(request) is not None)
    return await page(request, "admin/backups/restore.html", context, title=title, block="restore_state")


def restart_of(request: Request) -> Callable[[], None] | None:
    """Return what starts this process again; None where whoever runs it has to."""
    found: Callable[[], None] | None = getattr(request.app.state, "restart", None)
    return found
