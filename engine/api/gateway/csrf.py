"""Cross-site request forgery: SameSite cookies, and writing requests must come from this site's own pages."""

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from engine.api.gateway.asgi import header, refuse

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Csrf:
    """Refuses a writing request that carries our cookie and comes from elsewhere. Bearer clients carry none."""

    def __init__(self, app: ASGIApp, *, origins: Callable[[], frozenset[str]]) -> None:
        self.app = app
        self.origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE and not self._is_ours(scope):
            detail = "This request came from another site. Open the page here and send it again."
            await refuse(scope, send, 403, "Not from here", detail)
            return
        await self.app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        is_program = scope["path"].startswith("/api/") and not header(scope, b"cookie")
        if is_program or (scope["path"].startswith("/api/") and header(scope, b"authorization")):
            return True
        origin = header(scope, b"origin")
        if origin and origin != "null":
            return _netloc(origin) == header(scope, b"host").lower() or origin in self.origins()
        site = header(scope, b"sec-fetch-site")
        if site:
            return site in {"same-origin", "none"}
        return origin != "null"


def _netloc(origin: str) -> str | None:
    """Return an origin's host and port; None for what is no address."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None
