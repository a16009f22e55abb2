"""Sliding sessions: one that was used is written down after its request was answered, never while it waits."""

import logging
from collections.abc import Awaitable, Callable
from uuid import UUID

from starlette.types import ASGIApp, Receive, Scope, Send

log = logging.getLogger("agora.sessions")


class SlidingSessions:
    """Renews the session that `engine/api/request.py` found due. A renewal that fails is only logged."""

    def __init__(self, app: ASGIApp, *, renew: Callable[[UUID], Awaitable[None]]) -> None:
        self.app = app
        self.renew = renew

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
        session_id: UUID | None = scope.get("state", {}).get("session_due")
        if session_id is not None:
            try:
                await self.renew(session_id)
            except Exception:
                log.exception("a session could not be renewed")
