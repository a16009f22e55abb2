"""Request ids, security headers and CORS."""

import asyncio
import logging
import os
import re
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import count

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.api.gateway.asgi import header, refuse, with_headers
from engine.core.errors import Unavailable
from engine.core.logging import inside
from engine.core.measures import CLOSED, SERVER_ERROR, Measures
from engine.core.site import SurfaceName

log = logging.getLogger("agora.web")
_id_form = re.compile(r"^[A-Za-z0-9._-]{8,100}$")
_PREFIX = os.urandom(6).hex()
_numbers = count(1)
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'{homes}; "
    "frame-ancestors {ancestors}"
)
#: Whoever follows the log would write into it by reading it.
LOG_PAGES = "/admin/logs"
#: An answer that begins later than this is worth a line.
SLOW_SECONDS = 2.0
METHODS = "GET, POST, PUT, DELETE, PATCH, OPTIONS"
ALLOWED = "Authorization, Content-Type, X-Request-ID, Idempotency-Key, X-Cart-Id"
EXPOSED = "X-Request-ID, ETag, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"


def next_request_id() -> str:
    """Return the id of a request whose client gave none: this process's own beginning, and a number."""
    return f"{_PREFIX}-{next(_numbers):x}"


def is_request_id(sent: str) -> bool:
    """Return whether a client's own id of its request can be used."""
    return bool(_id_form.match(sent))


class RequestIds:
    """Gives each request an id (or takes the client's), answers with it and counts it.

    Slow and failed ones get a line in the log, the others at debug.
    """

    def __init__(self, app: ASGIApp, measures: Measures) -> None:
        self.app = app
        self.measures = measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent = header(scope, b"x-request-id")
        request_id = sent if is_request_id(sent) else next_request_id()
        scope.setdefault("state", {})["request_id"] = request_id
        token = inside.set(request_id)
        began, status, took = time.perf_counter(), 0, 0.0
        is_started = False

        async def sending(message: Message) -> None:
            nonlocal status, is_started, took
            if message["type"] == "http.response.start":
                status, is_started, took = message["status"], True, time.perf_counter() - began
                tagged = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
                message = {**message, "headers": tagged}
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except (Exception, asyncio.CancelledError) as error:
            refusal, was_started = _refusal_of(error, scope, request_id), is_started
            if not was_started:
                await refuse(scope, sending, *refusal)
            if was_started or isinstance(error, asyncio.CancelledError):
                raise
        finally:
            self.measures.request(*_place(scope), status, took)
            is_failed = status >= SERVER_ERROR and not scope["state"].get("is_closed")
            is_worth_it = is_failed or took > SLOW_SECONDS
            level = logging.WARNING if is_worth_it else logging.DEBUG
            if log.isEnabledFor(level) and (is_worth_it or not scope["path"].startswith(LOG_PAGES)):
                log.log(level, "%s %s %s in %.1f ms", scope["method"], scope["path"], status, took * 1000)
            inside.reset(token)


def _refusal_of(
    error: BaseException, scope: Scope, request_id: str
) -> tuple[int, str, str, Sequence[tuple[bytes, bytes]]]:
    """Return what is answered to a request that no route has answered: status, title, detail, headers.

    What nobody expected is logged, also where an answer had begun and this one is not given.
    """
    match error:
        case asyncio.CancelledError():  # the server ends, and has waited for this request as long as it does
            detail = "This did not come to an end before a restart. Try again in a moment."
            return 503, "Back in a moment", detail, [(b"retry-after", b"2")]
        case Unavailable():  # what stands before the routes asked the database, too
            return 503, "Back in a moment", str(error.message), [(b"retry-after", b"10")]
        case _:
            log.error("request %s failed: %s %s", request_id, scope["method"], scope["path"], exc_info=error)
            detail = f"Something went wrong on our side. Try again; if it stays, tell us the request id {request_id}."
            return 500, "Something went wrong", detail, []


def _place(scope: Scope) -> tuple[str, str, str]:
    """Return a request's surface, method and route, as they are counted: never what a stranger typed."""
    state = scope["state"]
    route = getattr(scope.get("route"), "path", "") or ("(cached)" if state.get("is_cached") else "(none)")
    if state.get("is_closed"):  # a site that nobody owns yet, or under maintenance: its 503 is no failure
        route = CLOSED
    return str(scope["state"].get("surface") or "open"), scope["method"], route


class SecurityHeaders:
    """The guide's section 14, per surface. HSTS only where the site is reached by a public certificate."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        has_public_certificate: Callable[[], bool],
        file_origins: Sequence[str] = (),
        homes: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        """file_origins: where pictures and other files come from beside us. homes: our own hosts: forms lead there."""
        self.app = app
        self.homes = homes
        self.has_public_certificate = has_public_certificate
        self.policy = with_files_from(CONTENT_SECURITY_POLICY, file_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        def add(_status: int, present: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
            state = scope.get("state", {})
            surface = state.get("surface")
            may_frame = surface is not SurfaceName.ADMIN or state.get("framed", False)
            headers = [*_framing(self.policy, may_frame, self.homes(), tuple(state.get("frames", ())))]
            if b"content-security-policy" in present:
                headers.pop()
            if self.has_public_certificate():
                headers.append((b"strict-transport-security", b"max-age=63072000; includeSubDomains; preload"))
            if b"cache-control" not in present and surface is not None:
                is_private = surface in _PRIVATE or scope["path"].startswith(PERSONAL)
                headers.append((b"cache-control", b"no-store" if is_private else b"no-cache"))
            return headers

        await self.app(scope, receive, with_headers(send, add))


@lru_cache(maxsize=32)
def _framing(
    policy: str, may_frame: bool, homes: frozenset[str], frames: tuple[str, ...]
) -> tuple[tuple[bytes, bytes], ...]:
    """Return the headers that say how a page may be shown, the policy last. frames: origins that stand within it."""
    ancestors = "'self'" if may_frame else "'none'"
    whole = policy.format(ancestors=ancestors, homes="".join(f" {origin}" for origin in sorted(homes)))
    whole += f"; frame-src 'self' {' '.join(frames)}" if frames else ""
    return (
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"SAMEORIGIN" if may_frame else b"DENY"),
        (b"referrer-policy", b"strict-origin-when-cross-origin"),
        (b"content-security-policy", whole.encode()),
    )


#: Pages of the shop that show what is one person's own; nothing keeps them.
PERSONAL = ("/cart", "/checkout", "/consent", "/orders/", "/setup", "/desktop/")
_PRIVATE = (SurfaceName.ADMIN, SurfaceName.ACCOUNT, SurfaceName.API, SurfaceName.KIOSK)


def with_files_from(policy: str, origins: Sequence[str]) -> str:
    """Return the policy with pictures, sound and films from these origins let in."""
    if not origins:
        return policy
    listed = " ".join(origins)
    own = "img-src 'self' data:"
    return policy.replace(own, f"{own} {listed}") + f"; media-src 'self' {listed}"


class Cors:
    """Lets the listed origins use the API from their own pages."""

    def __init__(self, app: ASGIApp, *, origins: Callable[[], frozenset[str]]) -> None:
        self.app = app
        self.origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = header(scope, b"origin") if scope["type"] == "http" else ""
        if not origin or not scope["path"].startswith("/api/") or origin not in self.origins():
            await self.app(scope, receive, send)
            return
        granted = [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", EXPOSED.encode()),
            (b"vary", b"Origin"),
        ]
        if scope["method"] == "OPTIONS" and header(scope, b"access-control-request-method"):
            preflight = [
                *granted,
                (b"access-control-allow-methods", METHODS.encode()),
                (b"access-control-allow-headers", ALLOWED.encode()),
                (b"access-control-max-age", b"3600"),
                (b"content-length", b"0"),
            ]
            await send({"type": "http.response.start", "status": 204, "headers": preflight})
            await send({"type": "http.response.body", "body": b""})
            return
        await self.app(scope, receive, with_headers(send, lambda _status, _present: granted))
