"""The first thing that a request meets: a page that is kept is answered at once, and one that may be kept is drawn.

Who has a session, a message waiting or any other cookie that makes a page theirs passes by. What will be kept is drawn
as for a stranger: of the request, only what `visitors.PASSED_ON` names reaches it, so that nothing else can be in it.
"""

import time
from asyncio import shield
from collections.abc import Callable, Collection
from datetime import datetime

from starlette.types import ASGIApp, Receive, Scope, Send

from engine.api.gateway.compression import takes_brotli, takes_gzip
from engine.api.gateway.headers import PERSONAL, is_request_id, next_request_id
from engine.api.gateway.surfaces import OPEN_PREFIXES, surface_of
from engine.api.pagecache.drawing import Drawn
from engine.api.pagecache.entries import BROTLI, GZIP, PLAIN, Entry, Packed
from engine.api.pagecache.expiring import Expiry
from engine.api.pagecache.shelf import Key
from engine.api.pagecache.visitors import HARMLESS, HOLDERS, PASSED_ON, PASSING, Visitors, cookies_of
from engine.core.measures import Measures
from engine.core.shown import recording
from engine.core.site import SurfaceName

BYPASS = b"x-agora-bypass-cache"
#: What is never kept; most of it belongs to other surfaces, which `surface_of` would tell more slowly.
ELSEWHERE = (*PERSONAL, *OPEN_PREFIXES, "/api/", "/admin/", "/account/", "/kiosk/")
READING = ("GET", "HEAD")
MOST_ACCEPTED = 500
#: How often who waits for a page that is drawn waits again, when it changed meanwhile.
MOST_WAITS = 3
#: (path, query) -> the query as far as the page understands it; None where it asks for more.
Query = Callable[[str, bytes], bytes | None]


class PageCache:
    """Answers with kept pages. See the module."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        visitors: Visitors,
        expiry: Expiry,
        query: Query,
        measures: Measures,
        now: Callable[[], datetime],
    ) -> None:
        self.app = app
        self.shelf = expiry.shelf
        self.visitors = visitors
        self.expiry = expiry
        self.query = query
        self.measures = measures
        self.now = now
        self._accepted: dict[bytes, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.shelf.most_bytes:
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        method = scope["method"]
        asked = self._asked(scope)
        if asked is None:
            await self.app(scope, receive, send)
            return
        key, headers, cookies = asked
        entry = self._current(key)
        for _turn in range(MOST_WAITS):
            if entry is not None or (waited := self.shelf.drawn_now(key)) is None:
                break
            await shield(waited)
            entry = self._current(key)
        if entry is not None:
            self.measures.cached("pages", is_hit=True)
            await self._answer(scope, send, key, entry, headers, began)
        elif method == "GET" and HOLDERS.isdisjoint(cookies) and surface_of(key.path) is SurfaceName.STOREFRONT:
            await self._draw(scope, receive, send, key, headers, began)
        else:
            await self.app(scope, receive, send)

    def at_once(self, scope: Scope) -> tuple[bytes, bytes] | None:
        """Return a kept page as it goes to the socket, without a task for the request; None where that has to be made.

        That is its head, from `HTTP/1.1` to the end of its last header, which says how long the body is, and its body.
        """
        if not self.shelf.entries:
            return None
        began = time.perf_counter()
        asked = self._asked(scope)
        entry = self._current(asked[0]) if asked is not None else None
        if asked is None or entry is None:
            return None
        key, headers, _cookies = asked
        packed, is_known, request_id = self._as_asked(key, entry, headers)
        method = scope["method"]
        self.measures.cached("pages", is_hit=True)
        self._count(method, began, is_known=is_known)
        written = packed.unchanged_written if is_known else packed.written
        body = b"" if is_known or method == "HEAD" else packed.body
        return b"%bx-request-id: %b\r\n" % (written, request_id), body

    def _asked(self, scope: Scope) -> tuple[Key, dict[bytes, bytes], Collection[bytes]] | None:
        """Return which page is asked for, with the request's headers and our cookies in it; None where none is kept."""
        if scope["method"] not in READING:
            return None
        raw = scope["headers"]
        headers = dict(raw)
        key = self._key(scope, headers) if len(headers) == len(raw) else None
        if key is None:
            return None
        cookies = cookies_of(headers[b"cookie"]) if b"cookie" in headers else ()
        return None if cookies and not HARMLESS.issuperset(cookies) else (key, headers, cookies)

    def _key(self, scope: Scope, headers: dict[bytes, bytes]) -> Key | None:
        """Return which page is asked for; None where a kept one is no answer."""
        path: str = scope["path"]
        if path.startswith(ELSEWHERE) or not PASSING.isdisjoint(headers):
            return None
        query = scope["query_string"]
        if query and (query := self.query(path, query)) is None:
            return None
        place = self.visitors.place_of(scope, headers)
        if place is None or (place.is_here and headers.get(BYPASS) == b"1"):
            return None
        if place.neighbour:
            self.visitors.arrived(place.neighbour)
        is_part = headers.get(b"hx-request") == b"true"
        if is_part and b"hx-boosted" in headers:
            return None
        return Key(place.origin, path, query, is_part)

    def _current(self, key: Key) -> Entry | None:
        entries = self.shelf.entries
        entry = entries.get(key)
        if entry is None:
            return None
        if entry.until <= self.now():
            self.shelf.drop(key)
            return None
        entries.move_to_end(key)
        return entry

    async def _answer(
        self,
        scope: Scope,
        send: Send,
        key: Key,
        entry: Entry,
        headers: dict[bytes, bytes],
        began: float,
        *,
        is_drawn: bool = False,
    ) -> None:
        """Answer with a kept page. is_drawn: just now, and counted by the layers that drew it."""
        packed, is_known, request_id = self._as_asked(key, entry, headers)
        if not is_drawn:
            self._count(scope["method"], began, is_known=is_known)
        body = b"" if is_known or scope["method"] == "HEAD" else packed.body
        head = packed.unchanged if is_known else packed.head
        status = 304 if is_known else 200
        await send({"type": "http.response.start", "status": status, "headers": [*head, (b"x-request-id", request_id)]})
        await send({"type": "http.response.body", "body": body})

    def _as_asked(self, key: Key, entry: Entry, headers: dict[bytes, bytes]) -> tuple[Packed, bool, bytes]:
        """Return a page as this reader takes it, whether they have it already, and the request's id."""
        accepted = headers.get(b"accept-encoding", b"")
        encoding = self._accepted.get(accepted)
        if encoding is None:
            encoding = self._encoding(accepted)
        packed = entry.packed.get(encoding)
        if packed is None:
            before = entry.size
            packed = entry.for_reader(encoding)
            if self.shelf.entries.get(key) is entry:
                self.shelf.grown(entry, before)
        sent = headers.get(b"x-request-id")
        is_theirs = sent is not None and is_request_id(sent.decode("latin-1"))
        request_id = sent if is_theirs and sent else next_request_id().encode()
        tags = headers.get(b"if-none-match")
        return packed, tags is not None and entry.is_known(tags), request_id

    def _count(self, method: str, began: float, *, is_known: bool) -> None:
        took = time.perf_counter() - began
        self.measures.request("storefront", method, "(cached)", 304 if is_known else 200, took)

    def _encoding(self, accepted: bytes) -> bytes:
        """Return how a reader takes a page; remembered for each way to say so."""
        if len(self._accepted) >= MOST_ACCEPTED:
            self._accepted.clear()
        text = accepted.decode("latin-1")
        found = BROTLI if takes_brotli(text) else GZIP if takes_gzip(text) else PLAIN
        self._accepted[accepted] = found
        return found

    async def _draw(
        self, scope: Scope, receive: Receive, send: Send, key: Key, headers: dict[bytes, bytes], began: float
    ) -> None:
        """Have a page drawn as for a stranger, answer with it, and keep it where it may be."""
        noted, drawn, at = self.shelf.begin(key), Drawn(send, is_cut=key.query != scope["query_string"]), self.now()
        passed = [pair for pair in scope["headers"] if pair[0] in PASSED_ON]
        passed.append((b"host", headers[b"host"].lower()))  # as the key has it
        entry: Entry | None = None
        try:
            await self.expiry.surround()
            with recording(noted):
                inner = {**scope, "headers": passed, "query_string": key.query, "state": {**scope.get("state", {})}}
                await self.app(inner, receive, drawn.send)
            entry = drawn.entry(noted, at)
        finally:
            is_kept = self.shelf.end(key, noted, entry)
        if entry is not None:
            if is_kept and entry.may_travel and not key.is_part and self.expiry.ledger is not None:
                entry.travel()
                self.expiry.ledger.sent(key.address, entry.marks)
            self.measures.cached("pages", is_hit=False)
            await self._answer(scope, send, key, entry, headers, began, is_drawn=True)
        elif drawn.is_cut_short:
            await self.app(scope, receive, send)
        else:
            await drawn.deliver()
