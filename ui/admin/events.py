"""`/admin/events`: what happens now, for pages that show it live (`data-live`)."""

from fastapi import Request
from fastapi.responses import Response

from engine.api.request import Caller, allow
from engine.api.routing import APIRouter
from engine.core.access import Permission
from ui.live import stream

router = APIRouter(include_in_schema=False)


@router.get("/admin/events", dependencies=[allow(Permission.ENTER_ADMIN)])
async def show_events(request: Request, actor: Caller) -> Response:
    """Answer a stream of server-sent events, each by the name of its fact, as far as the actor's role reaches."""
    return stream(request, actor)
