"""Live pages: facts of this house as server-sent events, in streams that end and begin again every few minutes."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping

from fastapi import Request
from starlette.responses import StreamingResponse

from engine.core import access
from engine.core.access import Permission
from engine.core.actor import Actor
from engine.core.facts import RecordedFact

#: Who hears of what; other facts are not told.
HEARD_BY: Mapping[str, Permission] = {
    "order.created": Permission.MANAGE_ORDERS,
    "order.confirmed": Permission.MANAGE_ORDERS,
    "order.shipped": Permission.MANAGE_ORDERS,
    "order.delivered": Permission.MANAGE_ORDERS,
    "order.cancelled": Permission.MANAGE_ORDERS,
    "order.refunded": Permission.MANAGE_ORDERS,
    "order.updated": Permission.MANAGE_ORDERS,
    "payment.succeeded": Permission.MANAGE_ORDERS,
    "payment.failed": Permission.MANAGE_ORDERS,
    "payment.refund_needed": Permission.MANAGE_ORDERS,
    "payment.refunded": Permission.MANAGE_ORDERS,
    # Only that one ended: whose it was is asked again, by its own right.
    "job.ended": Permission.ENTER_ADMIN,
}
BEAT_SECONDS = 15.0
#: The roles of a stream are those it began with: it ends after this long, and the browser begins another.
LIFE_SECONDS = 300.0
MOST_WAITING = 200


class Live:
    """Passes committed facts on to the streams that may hear them."""

    def __init__(self) -> None:
        self._ears: dict[asyncio.Queue[RecordedFact | None], frozenset[str]] = {}
        self.is_closed = False

    async def hear(self, recorded: RecordedFact) -> None:
        """Take a fact from the bus. A browser that does not keep up misses it: its page asks again anyway."""
        for queue, names in self._ears.items():
            if recorded.fact.name in names and not queue.full():
                queue.put_nowait(recorded)

    def close(self) -> None:
        """End every stream: the server goes, and waits for nobody who only listens."""
        self.is_closed = True
        for queue in self._ears:
            while not queue.empty():
                queue.get_nowait()
            queue.put_nowait(None)

    async def events(self, actor: Actor) -> AsyncIterator[bytes]:
        """Yield what the actor may hear, as a browser's EventSource reads it, and a beat while nothing happens.

        Each fact comes under its name, for lists, and under the id of the thing it is about, for that thing's page.
        """
        names = frozenset(name for name, permission in HEARD_BY.items() if access.allows(actor, permission))
        queue: asyncio.Queue[RecordedFact | None] = asyncio.Queue(MOST_WAITING)
        self._ears[queue] = names
        ends_at = asyncio.get_running_loop().time() + LIFE_SECONDS
        try:
            yield b"retry: 2000\n\n"
            while asyncio.get_running_loop().time() < ends_at:
                try:
                    recorded = await asyncio.wait_for(queue.get(), BEAT_SECONDS)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if recorded is None:
                    return
                about = recorded.fact.about
                for name in (recorded.fact.name, f"{about}"):
                    data = json.dumps({"id": str(about)})
                    yield f"event: {name}\nid: {recorded.id}\ndata: {data}\n\n".encode()
        finally:
            del self._ears[queue]


def live_of(request: Request) -> Live:
    """Return the application's live events."""
    found: Live = request.app.state.live
    return found


def stream(request: Request, actor: Actor) -> StreamingResponse:
    """Answer the events that the actor may hear."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(live_of(request).events(actor), media_type="text/event-stream", headers=headers)
