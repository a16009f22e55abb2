"""An answer on its way: held back while it may be kept, passed on as it comes where it may not."""

import zlib
from datetime import datetime, timedelta

from starlette.types import Message, Send

from engine.api.pagecache.entries import GZIP, Entry
from engine.core.shown import Recording

#: However little changes, a page is drawn anew after this long.
LONGEST = timedelta(minutes=10)
KINDS = (b"text/html", b"text/plain", b"text/xml", b"application/xml", b"application/rss+xml", b"application/atom+xml")
#: What an answer may depend on and still be kept: both are part of its key.
VARIES = frozenset(("hx-request", "accept-encoding"))
UNKEPT = (b"private", b"no-store")
MOST_BYTES = 2 * 1024 * 1024


class Drawn:
    """One answer.

    is_cut: part of the address's query was left out, so that a redirection would lose it. The answer is then let go of
    and `is_cut_short`: the whole address is to be asked for.
    """

    def __init__(self, send: Send, *, is_cut: bool) -> None:
        self._send = send
        self._is_cut = is_cut
        self._head: Message | None = None
        self._bodies: list[bytes] = []
        self._held_bytes = 0
        self.is_cut_short = False

    async def send(self, message: Message) -> None:
        """Hold back or pass on."""
        if self.is_cut_short:
            return
        if message["type"] == "http.response.start":
            if may_keep(message):
                self._head = message
                return
            self.is_cut_short = self._is_cut and 300 <= message["status"] < 400
        elif message["type"] == "http.response.body" and self._head is not None:
            self._bodies.append(message.get("body", b""))
            self._held_bytes += len(self._bodies[-1])
            if self._held_bytes > MOST_BYTES:
                await self._let_go(is_last=not message.get("more_body", False))
            return
        if not self.is_cut_short:
            await self._send(message)

    def entry(self, noted: Recording, at: datetime) -> Entry | None:
        """Return the page to be kept; None where it is not for keeping. at: when it was begun."""
        if self._head is None or not noted.marks or noted.is_personal:
            return None
        until = at + LONGEST
        if noted.lasts_seconds is not None:
            until = min(until, at + timedelta(seconds=noted.lasts_seconds))
        if noted.until is not None:
            until = min(until, noted.until)
        head = [(name.lower(), value) for name, value in self._head["headers"]]
        body = b"".join(self._bodies)
        packed = body if (b"content-encoding", GZIP) in head else None
        made = Entry(
            frozenset(noted.marks), until, head, zlib.decompress(body, zlib.MAX_WBITS | 16) if packed else body
        )
        made.may_travel = noted.until is None and noted.lasts_seconds is None
        if packed is not None:
            made.hold(GZIP, packed)
        return made

    async def deliver(self) -> None:
        """Send what was held back as it came."""
        if self._head is not None:
            await self._let_go(is_last=True)

    async def _let_go(self, *, is_last: bool) -> None:
        head, bodies = self._head, self._bodies
        self._head, self._bodies = None, []
        assert head is not None  # noqa: S101 - nothing is held without one
        await self._send(head)
        await self._send({"type": "http.response.body", "body": b"".join(bodies), "more_body": not is_last})


def may_keep(start: Message) -> bool:
    """Return whether an answer that begins so is a page that is the same for everybody."""
    if start["status"] != 200:
        return False
    kind = control = b""
    for name, value in start["headers"]:
        if b"\n" in value or b"\r" in value:
            return False
        match name.lower():
            case b"content-type":
                kind = value
            case b"cache-control":
                control = value
            case b"set-cookie" | b"content-range":
                return False
            case b"content-encoding" if value != GZIP:
                return False
            case b"vary":
                if not VARIES.issuperset(part.strip().lower() for part in value.decode("latin-1").split(",")):
                    return False
    return kind.startswith(KINDS) and not any(word in control for word in UNKEPT)
