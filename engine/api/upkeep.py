"""`/upkeep`: what runs by itself, when it ran last and runs next, and running it now."""

from datetime import datetime
from uuid import UUID

from engine.api.apiwords import also
from engine.api.request import Caller, House, WriteTx, allow
from engine.api.routing import APIRouter
from engine.api.wire import Wire
from engine.core import scheduled
from engine.core.access import Permission
from engine.core.jobs import JobStatus

router = APIRouter(prefix="/upkeep", tags=["jobs"], dependencies=[allow(Permission.VIEW_JOBS)])


class UpkeepWire(Wire):
    """A kind of job that runs by itself. `status`, `lastAt` and `error` are of its newest job.

    `nextAt` is null where it runs once something is due (`runsIfDue`), and before the first start.
    """

    kind: str
    every_seconds: int
    next_at: datetime | None
    runs_if_due: bool
    job_id: UUID | None
    status: JobStatus | None
    last_at: datetime | None
    error: str


class UpkeepList(Wire):
    """Everything that runs by itself, the rarest first."""

    items: list[UpkeepWire]
    total: int


class UpkeepQueued(Wire):
    """The job that runs now, or did already."""

    job_id: UUID


@router.get("")
async def list_upkeep(house: House, actor: Caller) -> UpkeepList:
    """Return everything that runs by itself."""
    found = await house.db.query(scheduled.scheduled, actor, house.jobs.kinds.values())
    items = [
        UpkeepWire(
            kind=one.kind,
            every_seconds=int(one.every.total_seconds()),
            next_at=one.next_at,
            runs_if_due=one.runs_if_due,
            job_id=one.job_id,
            status=one.status,
            last_at=one.at,
            error=one.error,
        )
        for one in found
    ]
    return UpkeepList(items=items, total=len(items))


@router.post("/{kind}/runs", status_code=202, responses=also(404))
async def run_upkeep(kind: str, house: House, actor: Caller, tx: WriteTx) -> UpkeepQueued:
    """Run something now that would run by itself later."""
    return UpkeepQueued(job_id=await scheduled.run_now(tx, actor, house.jobs.kinds, kind))
