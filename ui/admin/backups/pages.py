"""The list of backups, one of them, its bytes, and what can be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from anyio import to_thread
from fastapi import Request, Response
from fastapi.responses import FileResponse
from sqlalchemy import Connection
from starlette.datastructures import UploadFile

from engine.api.ports import Ports
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.core import jobqueries
from engine.core.access import Permission, allows
from engine.core.actor import Actor
from engine.core.errors import AgoraError, Invalid, NotFound, Unavailable
from engine.core.i18n import Message, _
from engine.core.jobqueries import JobView
from engine.operations.backups.backups import FETCH, MAKE, MOMENT, VERIFY
from engine.operations.backups.elsewhere import Seen
from engine.operations.backups.manifest import KINDS, taken_along
from engine.operations.backups.minutes import earliest
from engine.operations.backups.shelf import Backup
from ui.page import Flash
from ui.respond import page, redirect

HOME = "/admin/backups"
router = APIRouter(prefix=HOME, include_in_schema=False, dependencies=[allow(Permission.MAKE_BACKUPS)])
may_all = allow(Permission.CONFIGURE_SYSTEM)
#: Tables that tell what a backup holds, in words.
HOLDS: tuple[tuple[str, Message], ...] = (
    ("orders", _("Orders")),
    ("products", _("Products")),
    ("pages", _("Pages")),
    ("articles", _("Articles")),
    ("users", _("People")),
    ("form_entries", _("Entries")),
)


@dataclass(frozen=True)
class BackupsPage:
    """The list. running: the job that makes one; worry: what is wrong; away: why the folder cannot be read.

    lacks_second_place: whether all would die with one disk; second: the second place; seen: what was seen of it;
    has_files: whether files are in them; earliest: the first minute that can be had.
    """

    backups: Sequence[Backup]
    kinds: Mapping[str, Message]
    running: UUID | None
    worry: Message | None
    away: Message | str
    folder: str
    at: str
    is_scheduled: bool
    keep_days: int
    is_sealed: bool
    is_owner: bool
    lacks_second_place: bool
    second: str
    seen: Seen
    looked_at: datetime | None
    has_files: bool
    earliest: datetime | None
    error: Message | str = ""
    errors: Mapping[str, Message | str] = field(default_factory=dict)


@dataclass(frozen=True)
class JobState:
    """A backup that is made, tried out or brought here."""

    job: JobView
    name: str
    title: Message
    is_trial: bool
    is_fetch: bool


@dataclass(frozen=True)
class OneBackup:
    """One backup. word: what is typed to put it back; errors: of that form."""

    backup: Backup
    kind: Message
    holds: Sequence[tuple[Message, int]]
    word: str
    is_owner: bool
    errors: Mapping[str, Message | str] = field(default_factory=dict)


@router.get("")
async def show_list(request: Request, house: House, actor: Caller) -> Response:
    """Answer the list."""
    return await _list(request, house, actor)


async def _list(
    request: Request,
    house: Ports,
    actor: Actor,
    error: Message | str = "",
    errors: Mapping[str, Message | str] | None = None,
) -> Response:
    context = replace(await house.db.query(_read, house, actor), error=error, errors=errors or {})
    return await page(
        request, "admin/backups/list.html", context, title=_("Backups"), status=422 if error or errors else 200
    )


def _read(connection: Connection, house: Ports, actor: Actor) -> BackupsPage:
    ours, settings = house.backups, house.backups.settings
    away: Message | str = ""
    found: Sequence[Backup] = ()
    try:
        found = ours.every()
    except Unavailable as refusal:
        away = refusal.message
    return BackupsPage(
        backups=found,
        kinds={kind.value: title for kind, title in KINDS.items()},
        running=ours.running(connection),
        worry=None if away else ours.worry(house.clock.now()),
        away=away,
        folder=str(ours.shelf.folder),
        at=settings.at,
        is_scheduled=settings.enabled,
        keep_days=settings.keep_days,
        is_sealed=bool(settings.passphrase),
        is_owner=allows(actor, Permission.CONFIGURE_SYSTEM),
        lacks_second_place=not away and ours.lacks_second_place,
        second=settings.second_place,
        seen=ours.seen,
        looked_at=datetime.fromisoformat(ours.seen.at) if ours.seen.at else None,
        has_files=ours.ground.store is None or settings.stored_files,
        earliest=earliest(ours.shelf) if settings.continuous and ours.minutes.can else None,
    )


@router.post("")
async def make(request: Request, house: House, actor: Caller) -> Response:
    """Have a backup made."""
    return redirect(f"{HOME}/jobs/{await house.backups.begin(house.db, actor)}", request=request)


@router.post("/moments")
async def make_of_moment(request: Request, house: House, actor: Caller) -> Response:
    """Have a backup made of the database as it was at a minute."""
    typed = str((await request.form()).get("at", ""))
    try:
        at = datetime.fromisoformat(typed)
        at = at if at.tzinfo else at.replace(tzinfo=house.site.general.zone)
        job_id = await house.backups.begin_moment(house.db, actor, at)
    except ValueError:
        return await _list(request, house, actor, errors={"at": _("Choose a day and a time.")})
    except NotFound as refusal:
        return await _list(request, house, actor, errors={"at": refusal.message})
    return redirect(f"{HOME}/jobs/{job_id}", request=request)


@router.get("/jobs/{job_id:uuid}")
async def show_job(job_id: UUID, request: Request, house: House, actor: Caller) -> Response:
    """Answer how far a backup or a trial is; while it runs the page asks again by itself."""
    job = await house.db.query(jobqueries.job, actor, job_id)
    if job.kind not in (MAKE, VERIFY, MOMENT, FETCH):
        raise NotFound(_("That is no job of a backup."))
    name = str((job.result or {}).get("name") or job.payload.get("name", ""))
    title = {VERIFY: _("Try a backup out"), FETCH: _("Bring a backup here")}.get(job.kind, _("Make a backup"))
    context = JobState(job, name, title, job.kind == VERIFY, job.kind == FETCH)
    return await page(request, "admin/backups/job.html", context, title=title, block="job_state")


@router.post("/uploads", dependencies=[may_all])
async def take_in(request: Request, house: House, actor: Caller) -> Response:
    """Put a backup that was made elsewhere beside the others."""
    async with request.form() as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile) or not sent.filename:
            said = _("Choose a backup first: a file that ends in .zip or .agora.")
            return await _list(request, house, actor, said)
        try:
            kept = await house.backups.take_in(house.db, actor, sent.file)
        except (Invalid, Unavailable) as refusal:
            return await _list(request, house, actor, refusal.message)
    said = _("The backup is here. Try it out before you rely on it.")
    return redirect(f"{HOME}/{kept.name}", flash=said, request=request)


@router.get("/{name}")
async def show(name: str, request: Request, house: House, actor: Caller) -> Response:
    """Answer one backup."""
    return await answer_one(request, house, actor, name)


async def answer_one(
    request: Request, house: Ports, actor: Actor, name: str, errors: Mapping[str, Message | str] | None = None
) -> Response:
    """Answer one backup, with what was wrong about putting it back."""
    found = await to_thread.run_sync(house.backups.find, name)
    rows = found.rows or {}
    context = OneBackup(
        backup=found,
        kind=KINDS[found.kind],
        holds=[(title, rows[table]) for table, title in HOLDS if rows.get(table)],
        word=house.site.general.site_name,
        is_owner=allows(actor, Permission.CONFIGURE_SYSTEM),
        errors=errors or {},
    )
    return await page(request, "admin/backups/show.html", context, title=name, status=422 if errors else 200)


@router.get("/{name}/file", dependencies=[may_all])
async def download(name: str, house: House, actor: Caller) -> Response:
    """Answer the bytes, to be kept elsewhere."""
    found = await house.backups.record_download(house.db, actor, name)
    return FileResponse(
        found.path,
        media_type="application/octet-stream",
        filename=taken_along(found.name),
        headers={"Cache-Control": "no-store"},
    )


@router.post("/{name}/trials")
async def try_out(name: str, request: Request, house: House, actor: Caller) -> Response:
    """Have a backup tried out."""
    job_id = await house.backups.begin_trial(house.db, actor, name)
    return redirect(f"{HOME}/jobs/{job_id}", request=request)


@router.post("/{name}/fetches")
async def fetch(name: str, request: Request, house: House, actor: Caller) -> Response:
    """Have a backup brought here from the second place."""
    job_id = await house.backups.begin_fetch(house.db, actor, name)
    return redirect(f"{HOME}/jobs/{job_id}", request=request)


@router.post("/{name}/deletions", dependencies=[may_all])
async def remove(name: str, request: Request, house: House, actor: Caller) -> Response:
    """Delete a backup."""
    try:
        await house.backups.remove(house.db, actor, name)
    except AgoraError as refusal:
        return redirect(HOME, flash=Flash(refusal.message, "danger"), request=request)
    return redirect(HOME, flash=_("The backup is deleted."), request=request)
