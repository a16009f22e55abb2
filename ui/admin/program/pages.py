"""`/admin/program`: which version runs, whether there is a newer one, and putting it in place after a backup."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import Request, Response

from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core import jobqueries
from engine.core.access import Permission
from engine.core.errors import AgoraError, Invalid, NotFound
from engine.core.i18n import Message, _
from engine.core.jobqueries import JobView
from engine.operations.updates.release import this_machine
from engine.operations.updates.standing_by import Next
from engine.operations.updates.updates import INSTALL, Seen
from ui.admin.backups.restoring import restart_of
from ui.page import Flash
from ui.respond import page, redirect

HOME = "/admin/program"
#: What a person types where the system updates the program, by how it came here.
COMMANDS = {"package": "sudo apt install ./agora_{version}_amd64.deb", "source": "git pull && make run"}
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.CONFIGURE_SYSTEM)])


@dataclass(frozen=True)
class ProgramPage:
    """The page. new: a newer version; following: one that stands by; command: for what the system updates itself.

    running: the job that puts one in place; is_asked: whether somebody looks for new versions at all.
    """

    version: str
    machine: str
    is_asked: bool
    new: Seen | None
    problem: str
    looked_at: datetime | None
    command: str
    running: UUID | None
    following: Next | None
    restarts: bool


@dataclass(frozen=True)
class InstallPage:
    """How far a new version is."""

    job: JobView
    backup: str
    version: str
    restarts: bool


@router.get("")
async def show(request: Request, house: House) -> Response:
    """Answer the page."""
    return await _answer(request, house)


async def _answer(request: Request, house: Ports) -> Response:
    ours = house.updates
    new = ours.available
    context = ProgramPage(
        version=ours.program.version,
        machine=this_machine(),
        is_asked=bool(ours.settings.update_address),
        new=new,
        problem=ours.seen.problem if ours.settings.update_address else "",
        looked_at=ours.looked_at(),
        command=COMMANDS.get(ours.program.kind, "").replace("{version}", new.version if new else ""),
        running=await house.db.query(ours.running),
        following=ours.following,
        restarts=restart_of(request) is not None,
    )
    return await page(request, "admin/program/show.html", context, title=_("Program"))


@router.post("/looks")
async def look(request: Request, house: House) -> Response:
    """Look for a new version now."""
    seen = await house.updates.look()
    if seen.problem:
        return redirect(HOME, flash=Flash(_("{reason}").having(reason=seen.problem), "danger"), request=request)
    said: Message = _("There is a new version.") if house.updates.available else _("This is the newest version.")
    return redirect(HOME, flash=said, request=request)


@router.post("/installs")
async def install(request: Request, house: House, actor: Caller) -> Response:
    """Make a backup, and fetch the new version."""
    try:
        job_id = await house.updates.begin(house.db, actor)
    except AgoraError as refusal:
        return redirect(HOME, flash=Flash(refusal.message, "danger"), request=request)
    return redirect(f"{HOME}/installs/{job_id}", request=request)


@router.get("/installs/{job_id:uuid}")
async def show_install(job_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer how far it is; while it runs the page asks again by itself."""
    job = await house.db.query(jobqueries.job, actor, job_id)
    if job.kind != INSTALL:
        raise NotFound(_("That is no job of a new version."))
    result = job.result or {}
    context = InstallPage(
        job, str(result.get("backup", "")), str(result.get("version", "")), restart_of(request) is not None
    )
    return await page(request, "admin/program/install.html", context, title=_("New version"), block="job_state")


@router.post("/restarts")
async def restart(request: Request, house: House) -> Response:
    """Start again with the version that stands by."""
    again: Callable[[], None] | None = restart_of(request)
    if house.updates.following is None or again is None:
        raise Invalid(_("No newer version stands by here."))
    again()
    return redirect(HOME, flash=_("Agora starts again with the new version."), request=request)
