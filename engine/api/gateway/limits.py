"""Rate limits by address and route (the guide's section 5), and limits on bodies."""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.api.gateway.asgi import header, header_names, refuse, with_headers
from engine.api.gateway.counting import CacheCounters
from engine.core.ports import Cache

log = logging.getLogger("agora.limits")
MEGABYTE = 1024 * 1024
BODY_LIMIT = 2 * MEGABYTE
FILES_LIMIT = 100 * MEGABYTE
#: What stands around the files of a form.
AROUND = MEGABYTE // 2
#: Four pictures of a review, which strangers may send.
PHOTOS_LIMIT = 62 * MEGABYTE
MAX_DIGITS = 15
#: Without either of these a request has no body. Source: RFC 9112, section 6.3.
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})
_FORMS = re.compile(r"^(/forms/[^/]+|/api/v1/forms/[^/]+/submit|/api/v1/form-uploads)/?$")
UPLOADS = (
    "/api/v1/products/import",
    "/api/v1/content/import",
    "/admin/pages/import",
    "/api/v1/media",
    "/admin/media",
    "/api/v1/file-contents",
    "/admin/files/",
)
#: Backups hold everything; who may send them is asked before they are read.
BACKUPS, BACKUPS_LIMIT = ("/admin/backups/uploads", "/api/v1/backups/uploads"), 1024 * 1024 * MEGABYTE
#: What strangers may send files to, whatever the media library takes.
OPEN_UPLOADS = ("/api/v1/form-uploads", "/forms/")
PARTS = ("/api/v1/media/uploads", "/admin/media/uploads")


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `per_minute` requests that match, for one address."""

    name: str
    per_minute: int
    matches: Callable[[str, str], bool]


def _posts(*paths: str) -> Callable[[str, str], bool]:
    return lambda method, path: method == "POST" and path.rstrip("/") in paths


def _voices(method: str, path: str) -> bool:
    """Return whether somebody sends a comment or a review."""
    is_page = path.startswith(("/comments/", "/reviews/"))
    return method == "POST" and (is_page or path.rstrip("/") in ("/api/v1/comments", "/api/v1/reviews"))


SIGN_INS = (
    "/api/v1/auth/login",
    "/account/sign-in",
    "/account/sign-in/code",
    "/admin/sign-in",
    "/admin/sign-in/code",
    "/admin/sign-in/passkey",
)
RESETS = (
    "/api/v1/auth/password-reset",
    "/api/v1/auth/password-reset/confirm",
    "/api/v1/auth/me/password",
    "/account/forgot",
    "/account/reset",
    "/account/password",
    "/admin/me/password",
)
RULES = (
    Rule("login", 10, _posts(*SIGN_INS)),
    Rule("page", 10, lambda method, path: method == "POST" and path.startswith("/go/page/")),
    Rule("register", 5, _posts("/api/v1/auth/register", "/account/register")),
    Rule("reset", 5, _posts(*RESETS)),
    Rule("pair", 10, _posts("/kiosk/pair", "/api/v1/devices/pair")),
    Rule("setup", 10, _posts("/api/v1/setup", "/setup")),
    Rule("checkout", 30, _posts("/api/v1/checkout", "/checkout")),
    Rule("voices", 5, _voices),
    Rule("forms", 40, lambda method, path: method == "POST" and bool(_FORMS.match(path))),
    Rule("uploads", 3000, lambda _method, path: path.startswith(PARTS)),
    Rule("webhooks", 100, lambda method, path: method == "POST" and path.startswith("/api/v1/webhooks")),
)
APART = ("/assets/", "/health", "/media/", "/theme/", *PARTS)
OVERALL = Rule("overall", 300, lambda _method, path: not path.startswith(APART))


class RateLimits:
    """Counts in `counters`; says what is left in `X-RateLimit-*`. `is_on()` is false in load tests on loopback only."""

    def __init__(self, app: ASGIApp, *, is_on: Callable[[], bool], counters: Cache) -> None:
        self.app = app
        self.is_on = is_on
        self.limiter = SlidingWindowCounterRateLimiter(CacheCounters(counters))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.is_on():
            await self.app(scope, receive, send)
            return
        method, path, ip = scope["method"], scope["path"], scope["state"]["ip"]
        told: list[tuple[bytes, bytes]] = []
        for rule in (*RULES, OVERALL):
            if not rule.matches(method, path):
                continue
            item = RateLimitItemPerMinute(rule.per_minute)
            passed = await self.limiter.hit(item, rule.name, ip)
            stats = await self.limiter.get_window_stats(item, rule.name, ip)
            wait = max(1, int(stats.reset_time - time.time()) + 1)
            rule_told = [
                (b"x-ratelimit-limit", str(rule.per_minute).encode()),
                (b"x-ratelimit-remaining", str(max(0, stats.remaining)).encode()),
                (b"x-ratelimit-reset", str(wait).encode()),
            ]
            told = told or rule_told
            if not passed:
                detail = f"Too many requests from your address. Try again in {wait} seconds."
                headers = [(b"retry-after", str(wait).encode()), *rule_told]
                await refuse(scope, send, 429, "Too many requests", detail, headers)
                return
        await self.app(scope, receive, with_headers(send, lambda _status, _present: told))


class BodyLimits:
    """Refuses bodies that are larger than their route takes, whether they say so at first or not.

    most_mb: how large a file of the media library may be.
    """

    def __init__(self, app: ASGIApp, most_mb: Callable[[], int]) -> None:
        self.app = app
        self.most_mb = most_mb

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _FRAMING.isdisjoint(header_names(scope)):
            await self.app(scope, receive, send)
            return
        limit = self._limit(scope)
        said = header(scope, b"content-length")
        if said.isascii() and said.isdigit() and (len(said) > MAX_DIGITS or int(said) > limit):
            await refuse(scope, send, 413, "Too large", _too_large(limit))
            return
        seen, is_over, is_started = 0, False, False

        async def receiving() -> Message:
            nonlocal seen, is_over
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                is_over = True
                raise _TooLargeError
            return message

        async def sending(message: Message) -> None:
            nonlocal is_started
            if is_over and not is_started:
                return  # whatever the route makes of its torn body, the answer is 413
            is_started = True
            await send(message)

        try:
            await self.app(scope, receiving, sending)
        except _TooLargeError:
            if is_started:
                raise
        if is_over and not is_started:
            await refuse(scope, send, 413, "Too large", _too_large(limit))

    def _limit(self, scope: Scope) -> int:
        """Return the route's limit: forms of the admin may bring files along."""
        if scope["path"].startswith("/reviews/"):
            return PHOTOS_LIMIT
        if scope["path"].startswith(BACKUPS):
            return BACKUPS_LIMIT
        if scope["path"].startswith(OPEN_UPLOADS):
            return FILES_LIMIT
        is_form = scope["path"].startswith("/admin/") and header(scope, b"content-type").startswith("multipart/")
        if not is_form and not scope["path"].startswith(UPLOADS):
            return BODY_LIMIT
        return max(FILES_LIMIT, self.most_mb() * MEGABYTE) + AROUND


class _TooLargeError(Exception):
    pass


def _too_large(limit: int) -> str:
    return f"This takes at most {limit // MEGABYTE} MB. Send less, or in parts."
