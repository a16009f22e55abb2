"""Health: `/health` says the process runs, `/health/ready` that it can serve, `/health/live` that it is not stuck."""

import time

from fastapi import Response
from sqlalchemy import Connection, text

from engine.api.request import House, public
from engine.api.routing import APIRouter
from engine.api.wire import Wire

router = APIRouter(tags=["health"], dependencies=[public])
_began = time.monotonic()


class Health(Wire):
    """The process runs; `uptime` in seconds."""

    status: str
    uptime: float


class Ready(Wire):
    """What the process needs, each `connected` or not. cache: its kind, or disconnected, which does no harm.

    search: ready, building, missing, damaged, outdated or away.
    """

    status: str
    database: str
    cache: str
    search: str


class Live(Wire):
    """The process answers."""

    status: str


def _ask(connection: Connection) -> None:
    connection.execute(text("SELECT 1"))


def _cache(house: House) -> str:
    return "disconnected" if house.cache.absence else house.cache.name


@router.get("/health")
async def health() -> Health:
    """Say that the process runs."""
    return Health(status="ok", uptime=round(time.monotonic() - _began, 2))


@router.get("/health/ready", responses={503: {"model": Ready, "description": "The database does not answer."}})
async def ready(house: House, response: Response) -> Ready:
    """Say whether the database answers, 503 when it does not; a search index that is being built does no harm."""
    try:
        await house.db.query(_ask)
    except Exception:  # noqa: BLE001 - whatever it is, the answer is that the database is away
        response.status_code = 503
        return Ready(status="unavailable", database="disconnected", cache=_cache(house), search="unknown")
    state = await house.keeper.state()
    search = "building" if state.is_building else state.problem or "ready"
    return Ready(status="ok", database="connected", cache=_cache(house), search=search)


@router.get("/health/live")
async def live() -> Live:
    """Say that the process answers."""
    return Live(status="ok")
