"""Who may be answered by a copy of the database that is a moment behind: strangers who only look."""

from starlette.types import ASGIApp, Receive, Scope, Send

from engine.api.gateway.asgi import header_names
from engine.core.replica import reads_may_lag
from engine.core.site import SurfaceName

OWN = frozenset({b"cookie", b"authorization", b"x-cart-id"})
SURFACES = (SurfaceName.STOREFRONT, SurfaceName.API)


class LaggingReads:
    """Whoever has a cookie may have changed something just now, and is answered by the database itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            is_looking = scope["method"] in ("GET", "HEAD") and scope["state"].get("surface") in SURFACES
            reads_may_lag.set(is_looking and OWN.isdisjoint(header_names(scope)))
        await self.app(scope, receive, send)
