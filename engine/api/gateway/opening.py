"""While the site is not live, strangers meet one page; staff and those with the secret link pass."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.types import ASGIApp, Receive, Scope, Send

from engine.api.gateway.asgi import header, refuse, with_headers
from engine.core.opening import Openness, SiteStatus
from engine.core.site import SurfaceName

CLOSED = (SurfaceName.STOREFRONT, SurfaceName.ACCOUNT, SurfaceName.API)
BYPASS_COOKIE = "agora_opening"
#: What works whatever the state: ways in, what payment providers, robots and mail programs ask for, and the
#: program's own window.
ALWAYS_OPEN = (
    "/opening/", "/desktop/", "/setup", "/robots.txt", "/favicon.ico", "/apple-touch-icon.png", "/site.webmanifest",
    "/api/v1/auth/", "/api/v1/setup", "/api/v1/webhooks/", "/api/v1/settings/public", "/api/docs", "/api/openapi.json",
    "/unsubscribe/",
)  # fmt: skip


class Opening:
    """Answers for a site that is not live. What is let in bears `state.opening`, so that its pages say so.

    is_staff: whether the request is of somebody of the staff. page: the page that strangers meet.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        status: Callable[[], SiteStatus],
        now: Callable[[], datetime],
        is_staff: Callable[[Scope], Awaitable[bool]],
        page: Callable[[Scope, SiteStatus, Openness], str],
    ) -> None:
        self.app = app
        self.status = status
        self.now = now
        self.is_staff = is_staff
        self.page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = self.status()
        found = status.at(self.now())
        state = scope.setdefault("state", {})
        is_closed = found is not Openness.LIVE and state.get("surface") in CLOSED
        if not is_closed or scope["path"].startswith(ALWAYS_OPEN):
            await self.app(scope, receive, send)
        elif status.knows(_cookie(scope, BYPASS_COOKIE)) or await self.is_staff(scope):
            state["opening"] = found
            hidden = with_headers(send, lambda _status, _present: [(b"x-robots-tag", b"noindex")])
            await self.app(scope, receive, hidden)
        else:
            state["is_closed"] = True
            await self._answer(scope, send, status, found)

    async def _answer(self, scope: Scope, send: Send, status: SiteStatus, found: Openness) -> None:
        """Answer a stranger: a page, with 503 while it is only for a while; a problem for programs."""
        wait = (b"retry-after", str(status.retry_after(self.now())).encode())
        if scope["state"]["surface"] is SurfaceName.API:
            await refuse(scope, send, 503, "Not open", "This site is not open at the moment. Ask again later.", [wait])
            return
        body = self.page(scope, status, found).encode()
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"x-robots-tag", b"noindex"),
        ]
        is_pause = found is Openness.MAINTENANCE
        code = 503 if is_pause else 200
        await send(
            {"type": "http.response.start", "status": code, "headers": [*headers, *([wait] if is_pause else [])]}
        )
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _cookie(scope: Scope, name: str) -> str:
    for part in header(scope, b"cookie").split(";"):
        key, _equals, value = part.strip().partition("=")
        if key == name:
            return value
    return ""
