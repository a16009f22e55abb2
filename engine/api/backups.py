"""`/backups`: what backups there are, made, tried out, fetched, brought, put back and deleted."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from anyio import to_thread
from fastapi import Body, Request
from fastapi.responses import FileResponse
from pydantic import AwareDatetime, Field
from starlette.datastructures import UploadFile

from engine.api.apiwords import also
from engine.api.request import Caller, House, allow
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.core.access import Permission
from engine.core.errors import Invalid
from engine.core.i18n import _
from engine.operations.backups import restoring
from engine.operations.backups.manifest import Kind
from engine.operations.backups.shelf import Backup

router = APIRouter(prefix="/backups", tags=["backups"])
MAY_MAKE = allow(Permission.MAKE_BACKUPS)
MAY_ALL = allow(Permission.CONFIGURE_SYSTEM)
_FILE = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
#: The form is read in the function: it may be huge, and who sends it is asked first.
UPLOAD = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FILE}}}}


class BackupWire(Wire):
    """A backup. `places` says where it lies: here, in the second place, or both; `problem` what was found wrong."""

    name: str
    made_at: datetime
    kind: Kind
    size_bytes: int
    is_sealed: bool
    verified_at: datetime | None
    problem: str
    places: list[str]
    site: str
    agora: str
    has_files: bool
    files: int
    rows: dict[str, int]

    @classmethod
    def of(cls, one: Backup) -> "BackupWire":
        places = [name for name, is_there in (("here", one.is_here), ("second", one.is_elsewhere)) if is_there]
        return cls(
            name=one.name,
            made_at=one.made_at,
            kind=one.kind,
            size_bytes=one.size,
            is_sealed=one.is_sealed,
            verified_at=one.verified_at,
            problem=one.problem,
            places=places,
            site=one.site,
            agora=one.agora,
            has_files=one.has_files,
            files=one.files,
            rows=dict(one.rows or {}),
        )


class BackupList(Wire):
    """Every backup, the newest first. `worry`: what somebody must know of them; empty where all is well."""

    items: list[BackupWire]
    total: int
    worry: str


class BackupAsked(Wire):
    """What is asked for. `moment`: a backup of the database as it was then, instead of one of everything now."""

    moment: AwareDatetime | None = None


class BackupQueued(Wire):
    """The job that does it: `GET /jobs/{jobId}` tells how far it is."""

    job_id: UUID


class RestoreAsked(Wire):
    """`confirm`: the site's name, to be sure. `passphrase`: of a sealed one, unless the settings know it."""

    confirm: Annotated[str, Field(max_length=200)]
    passphrase: Annotated[str, Field(max_length=1_000)] = ""


class RestoreState(Wire):
    """How far a restore is. `restarts`: whether Agora starts again with it by itself.

    `lastProblem`: why the last one was not put in place; empty where it was.
    """

    name: str
    is_running: bool
    is_staged: bool
    problem: str
    done_bytes: int
    total_bytes: int
    restarts: bool
    last_name: str
    last_problem: str


@router.get("", dependencies=[MAY_MAKE], responses=also(503))
async def list_backups(house: House) -> BackupList:
    """Return every backup, here and in the second place."""
    found = await to_thread.run_sync(house.backups.every)
    worry = await to_thread.run_sync(house.backups.worry, house.clock.now())
    return BackupList(items=[BackupWire.of(one) for one in found], total=len(found), worry=str(worry or ""))


@router.post("", status_code=202, dependencies=[MAY_MAKE], responses=also(404))
async def make_backup(house: House, actor: Caller, asked: Annotated[BackupAsked | None, Body()] = None) -> BackupQueued:
    """Have a backup made, and tried out."""
    if asked is not None and asked.moment is not None:
        return BackupQueued(job_id=await house.backups.begin_moment(house.db, actor, asked.moment))
    return BackupQueued(job_id=await house.backups.begin(house.db, actor))


@router.post("/uploads", status_code=201, dependencies=[MAY_ALL], responses=also(503), openapi_extra=UPLOAD)
async def take_in_backup(house: House, actor: Caller, request: Request) -> BackupWire:
    """Put a backup that was made elsewhere beside the others."""
    async with request.form() as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile) or not sent.filename:
            said = _("Send a backup as “file”, in multipart/form-data.")
            raise Invalid(said, {"file": said})
        return BackupWire.of(await house.backups.take_in(house.db, actor, sent.file))


@router.get("/restore", dependencies=[MAY_ALL])
async def read_restore(house: House, request: Request) -> RestoreState:
    """Return how far a restore is, and how the last one ended."""
    ours = house.backups
    staging, last = ours.standing(), restoring.last_outcome(ours.ground)
    return RestoreState(
        name=staging.name if staging else "",
        is_running=staging is not None and staging.is_running,
        is_staged=staging is not None and staging.is_staged,
        problem=str(staging.problem) if staging else "",
        done_bytes=staging.progress.done if staging else 0,
        total_bytes=staging.progress.total if staging else 0,
        restarts=_restart_of(request) is not None,
        last_name=last.name if last else "",
        last_problem=last.problem if last else "",
    )


@router.get("/{name}", dependencies=[MAY_MAKE], responses=also(404))
async def read_backup(name: str, house: House) -> BackupWire:
    """Return one backup."""
    return BackupWire.of(await to_thread.run_sync(house.backups.find, name))


@router.get(
    "/{name}/file",
    dependencies=[MAY_ALL],
    response_class=FileResponse,
    responses={200: {"content": {"application/octet-stream": {}}}, **also(404, 409)},
)
async def download_backup(name: str, house: House, actor: Caller) -> FileResponse:
    """Return the file. 409 while it lies in the second place alone: fetch it first."""
    found = await house.backups.record_download(house.db, actor, name)
    return FileResponse(
        found.path, media_type="application/octet-stream", filename=found.name, headers={"Cache-Control": "no-store"}
    )


@router.post("/{name}/trials", status_code=202, dependencies=[MAY_MAKE], responses=also(404))
async def try_backup(name: str, house: House, actor: Caller) -> BackupQueued:
    """Have a backup tried out: restored into a scratch place, and looked through."""
    return BackupQueued(job_id=await house.backups.begin_trial(house.db, actor, name))


@router.post("/{name}/fetches", status_code=202, dependencies=[MAY_MAKE], responses=also(404))
async def fetch_backup(name: str, house: House, actor: Caller) -> BackupQueued:
    """Have a backup brought here from the second place."""
    return BackupQueued(job_id=await house.backups.begin_fetch(house.db, actor, name))


@router.post("/{name}/restores", status_code=202, dependencies=[MAY_ALL], responses=also(404, 409))
async def restore_backup(name: str, asked: RestoreAsked, house: House, actor: Caller, request: Request) -> RestoreState:
    """Unpack a backup beside the data; then Agora starts again with it, and goes back by itself if it is not right."""
    try:
        await house.backups.begin_restore(
            house.db, actor, name, asked.passphrase, asked.confirm, _restart_of(request)
        )  # fmt: skip
    except Invalid as refusal:
        if "typed" in refusal.fields:
            said = _("Send the site’s name as “confirm”.")
            raise Invalid(said, {"confirm": said}) from refusal
        raise
    return await read_restore(house, request)


@router.delete("/{name}", status_code=204, dependencies=[MAY_ALL], responses=also(404, 503))
async def delete_backup(name: str, house: House, actor: Caller) -> None:
    """Delete a backup, wherever it lies."""
    await house.backups.remove(house.db, actor, name)


def _restart_of(request: Request) -> Callable[[], None] | None:
    """Return what starts this process again; None where whoever runs it has to."""
    found: Callable[[], None] | None = getattr(request.app.state, "restart", None)
    return found
