"""Answers made smaller with gzip, where a reader takes it and nobody learns a secret from their size.

A page that holds a secret beside something that a stranger chose tells the secret by how well it packs (BREACH), if the
stranger can have a signed-in browser ask for it. So what is made for one person is packed only when their own browser
says that one of our pages asked; what hands out keys and tokens never is.
"""

import re
import zlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.api.gateway.asgi import header
from engine.api.gateway.headers import PERSONAL
from engine.core.site import SurfaceName

LEAST_BYTES = 600
#: As much as pays: beyond it a page takes twice the time for a hundredth less.
LEVEL = 4
PACKED = re.compile(rb"^(text/(?!event-stream)|application/(json|javascript|xml|[a-z.-]+\+(json|xml))|image/svg)")
#: What answers with keys, tokens and codes.
SECRETS = ("/api/v1/auth/", "/api/v1/setup", "/setup", "/desktop/", "/opening/", "/admin/me/", "/admin/sign-in")
_GZIP, _BROTLI = (
    re.compile(rf"(?:^|,)\s*(?:{name})\s*(?:;\s*q=([\d.]+))?\s*(?:,|$)", re.IGNORECASE) for name in (r"gzip|\*", "br")
)
ENCODED = (b"content-encoding", b"gzip")
VARY = b"Accept-Encoding"


class Compression:
    """Packs what is text, long enough and not packed already. Streams stay streams: each part is sent as it comes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _may_pack(scope):
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _Packer(send, takes_gzip=takes_gzip(header(scope, b"accept-encoding"))).send)


class _Packer:
    """One answer on its way. Its head waits for the first of its body, whose length decides."""

    def __init__(self, send: Send, *, takes_gzip: bool) -> None:
        self._send = send
        self._takes_gzip = takes_gzip
        self._head: Message | None = None
        self._gzip: zlib._Compress | None = None

    async def send(self, message: Message) -> None:
        """Send a message on, packed where that is worth it."""
        if message["type"] == "http.response.start":
            if _is_text(message):
                self._head = message
            else:
                await self._send(message)
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        body, is_last = message.get("body", b""), not message.get("more_body", False)
        head, self._head = self._head, None
        if head is not None and self._takes_gzip and not (is_last and len(body) < LEAST_BYTES):
            self._gzip = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        if self._gzip is not None:
            body = self._gzip.compress(body) + self._gzip.flush(zlib.Z_FINISH if is_last else zlib.Z_SYNC_FLUSH)
        if head is not None:
            await self._send({**head, "headers": self._headers(head, len(body) if is_last else None)})
        await self._send({"type": "http.response.body", "body": body, "more_body": not is_last})

    def _headers(self, head: Message, length: int | None) -> list[tuple[bytes, bytes]]:
        """Return the head's headers as they are for this reader, and what they depend on."""
        varied = [value for name, value in head["headers"] if name.lower() == b"vary"]
        kept = [pair for pair in head["headers"] if pair[0].lower() != b"vary"]
        kept.append((b"vary", b", ".join([*varied, VARY])))
        if self._gzip is None:
            return kept
        kept = [_weak(*pair) for pair in kept if pair[0].lower() != b"content-length"]
        return [*kept, ENCODED, *([(b"content-length", b"%d" % length)] if length is not None else [])]


def _is_text(head: Message) -> bool:
    """Return whether an answer is whole, text, and not packed yet."""
    present = {name.lower(): value for name, value in head.get("headers", ())}
    is_whole = head["status"] not in (204, 206, 304) and b"content-range" not in present
    return (
        is_whole
        and b"content-encoding" not in present
        and b"no-transform" not in present.get(b"cache-control", b"")
        and bool(PACKED.match(present.get(b"content-type", b"")))
    )


def _weak(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Return a header as it is with packed bytes: their tag is not that of the plain ones."""
    return (name, b"W/" + value) if name.lower() == b"etag" and not value.startswith(b"W/") else (name, value)


def takes_gzip(accepted: str) -> bool:
    """Return whether a reader with this `Accept-Encoding` takes gzip."""
    return _takes(_GZIP, accepted)


def takes_brotli(accepted: str) -> bool:
    """Return whether a reader with this `Accept-Encoding` takes Brotli."""
    return _takes(_BROTLI, accepted)


def _takes(coding: re.Pattern[str], accepted: str) -> bool:
    found = coding.search(accepted)
    if found is None:
        return False
    try:
        return float(found[1] or 1) > 0
    except ValueError:
        return False


def _may_pack(scope: Scope) -> bool:
    if scope["method"] == "HEAD" or scope["path"].startswith(SECRETS):
        return False
    surface = scope["state"].get("surface")
    is_for_everybody = surface is None or (surface is SurfaceName.STOREFRONT and not scope["path"].startswith(PERSONAL))
    is_personal = not is_for_everybody and bool(header(scope, b"cookie"))
    return not is_personal or header(scope, b"sec-fetch-site") in ("same-origin", "none")
