"""How long the server waits for a client, and how much of a head it takes: slow ones and floods hold nothing up.

uvicorn itself waits for ever for a request's head and body, and keeps every header that comes.
"""

import asyncio
import logging
from enum import Enum, auto
from typing import ClassVar, TypeVar

from uvicorn._types import ASGI3Application, HTTPScope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

log = logging.getLogger("agora.web")
Port = TypeVar("Port")
TOO_LARGE = (
    431,
    b"Request Header Fields Too Large",
    b"The head of this request is too large. Send fewer or shorter headers.",
)
#: How IPv6 writes an IPv4 address. Source: RFC 4291, section 2.5.5.2.
MAPPED = "::ffff:"
#: What is longer would be copied for nothing.
MOST_JOINED_BYTES = 64 * 1024
TOO_SLOW = (408, b"Request Timeout", b"The request took too long to come. Send it again.")


def answer_whole(cycle: RequestResponseCycle, head: bytes, body: bytes) -> None:
    """Send an answer whose head is written already, in one piece.

    head: from `HTTP/1.1` to the end of its last header, which says how long the body is.
    """
    cycle.response_started = cycle.response_complete = True
    cycle.waiting_for_100_continue = False
    always = [b"%b: %b\r\n" % pair for pair in cycle.default_headers]
    cycle.transport.write(b"".join((head, *always, b"\r\n", body)))
    cycle.message_event.set()
    cycle.on_response()


def plain(place: tuple[str, Port] | None) -> tuple[str, Port] | None:
    """Return an address as everybody writes it: a socket for IPv6 calls 192.0.2.1 ::ffff:192.0.2.1."""
    return (place[0][len(MAPPED) :], place[1]) if place and place[0].startswith(MAPPED) and "." in place[0] else place


class _Joined(asyncio.Transport):
    """One answer's way to the socket, on which its head waits for the first of its body: both go in one packet.

    Nothing waits longer than the turn of the event loop in which it was written.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._head: bytes | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send, or hold what comes first."""
        if self._head is None:
            self._head = bytes(data)
            self._loop.call_soon(self._let_go)
        elif self._head and len(data) <= MOST_JOINED_BYTES:
            head, self._head = self._head, b""
            self._transport.write(head + data)
        else:
            self._let_go()
            self._transport.write(data)

    def close(self) -> None:
        """Close once all is sent."""
        self._let_go()
        self._transport.close()

    def is_closing(self) -> bool:
        """Return whether nothing more can be sent."""
        return self._transport.is_closing()

    def _let_go(self) -> None:
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)


class _Phase(Enum):
    IDLE = auto()
    HEAD = auto()
    BODY = auto()


class _FloodError(Exception):
    pass


class PatientProtocol(HttpToolsProtocol):
    """HTTP/1.1 with limits. A head must be whole within head_seconds, however it drips.

    A body must not come slower than least_bytes a look, twice in a row; a server that does not read it is no reason.
    An answer must be taken: whoever lets it lie for unread_seconds is hung up on. When the server ends, a request that
    comes within last_seconds on a connection made before is still answered.
    """

    head_seconds: ClassVar[float] = 15.0
    look_seconds: ClassVar[float] = 15.0
    unread_seconds: ClassVar[float] = 60.0
    last_seconds: ClassVar[float] = 1.0
    least_bytes: ClassVar[int] = 1_500
    most_head_bytes: ClassVar[int] = 64 * 1024
    most_headers: ClassVar[int] = 100

    _phase = _Phase.IDLE
    _timer: asyncio.TimerHandle | None = None
    _ends_at: float | None = None
    _unread: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _named_bytes = 0
    _body_bytes = 0
    _strikes = 0
    _is_first = False
    _is_ending = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self.client, self.server = plain(self.client), plain(self.server)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        self._is_read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, unless it is too much."""
        super().data_received(data)
        if self._phase is _Phase.HEAD:
            self._head_bytes += len(data)
            if self._head_bytes > self.most_head_bytes:
                self._refuse(*TOO_LARGE)
        elif self._phase is _Phase.BODY:
            self._body_bytes += len(data)

    def on_message_begin(self) -> None:
        """Begin to wait for the head."""
        super().on_message_begin()
        self._wait_for_head()

    def on_url(self, url: bytes) -> None:
        """Count the address."""
        self._named_bytes += len(url)
        if self._named_bytes > self.most_head_bytes:
            raise _FloodError
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header."""
        self._named_bytes += len(name) + len(value)
        if self._named_bytes > self.most_head_bytes or len(self.headers) >= self.most_headers:
            raise _FloodError
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to wait for the body."""
        self._wait(_Phase.BODY, self.look_seconds)
        self._body_bytes = self._strikes = 0
        self._is_first = True
        super().on_headers_complete()
        self._is_first = False

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        """Answer at once where the application can, else have a task answer. A task and its turn cost half an answer.

        Requests that waited for others are a task's: they would be answered one inside the other.
        """
        cycle.keep_alive = cycle.keep_alive and not self._is_ending
        found = (
            self._at_once(cycle.scope) if self._is_first and cycle.keep_alive and not self.flow.write_paused else None
        )
        if found is None:
            cycle.transport = _Joined(cycle.transport, self.loop)
            super()._start_asgi_task(cycle, app)
        else:
            answer_whole(cycle, *found)

    def _at_once(self, scope: HTTPScope) -> tuple[bytes, bytes] | None:
        ask = getattr(self.config.app, "at_once", None)
        try:
            return ask(scope) if ask is not None else None
        except Exception:
            log.exception("an answer could not be given at once; the request takes the long way")
            return None

    def on_message_complete(self) -> None:
        """Wait for nothing: the request is whole."""
        self._phase, self._ends_at = _Phase.IDLE, None
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Begin to wait for the client to take what lies ready."""
        super().pause_writing()
        self._is_read()
        self._unread = self.loop.call_later(self.unread_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Wait for nothing: it took some."""
        self._is_read()
        super().resume_writing()

    def shutdown(self) -> None:
        """End once the request is answered that is on its way; a connection made just now waits for its own."""
        if self._phase is _Phase.HEAD:
            self._is_ending = True
            self.loop.call_later(self.last_seconds, super().shutdown)
        else:
            super().shutdown()

    def timeout_keep_alive_handler(self) -> None:
        """Hang up on a client that asks for nothing more, and at once where it did not take the last answer."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            super().timeout_keep_alive_handler()

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong with the request."""
        self._stop_waiting()
        if self._named_bytes > self.most_head_bytes or len(self.headers or ()) >= self.most_headers:
            self._refuse(*TOO_LARGE)
        else:
            super().send_400_response(msg)

    def _wait_for_head(self) -> None:
        self._wait(_Phase.HEAD, self.head_seconds)
        self._head_bytes = self._named_bytes = 0

    def _wait(self, phase: _Phase, seconds: float) -> None:
        """Wait so long at most. The timer stays as it is, and looks then how long is left.

        One for each request, set and taken back, would cost as much as half an answer.
        """
        self._phase, self._ends_at = phase, self.loop.time() + seconds
        if self._timer is None or self._timer.when() > self._ends_at:
            self._set_timer(self._ends_at)

    def _set_timer(self, when: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_at(when, self._ring)

    def _ring(self) -> None:
        """Do what is due, or set the timer to when it is."""
        self._timer = None
        if self._ends_at is None:
            return
        if self._ends_at > self.loop.time():
            self._set_timer(self._ends_at)
        elif self._phase is _Phase.HEAD:
            self._refuse(*TOO_SLOW)
        else:
            self._look()

    def _stop_waiting(self) -> None:
        self._ends_at = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _is_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _look(self) -> None:
        """Drop a client whose body hardly comes. Its cycle hears that it is gone."""
        is_slow = self._body_bytes < self.least_bytes and not self.flow.read_paused
        self._strikes = self._strikes + 1 if is_slow else 0
        self._body_bytes = 0
        if self._strikes > 1:
            self.transport.abort()
            return
        self._wait(_Phase.BODY, self.look_seconds)

    def _refuse(self, status: int, title: bytes, words: bytes) -> None:
        self._stop_waiting()
        if self.transport.is_closing():
            return
        head = b"HTTP/1.1 %d %s\r\ncontent-type: text/plain; charset=utf-8\r\n" % (status, title)
        rest = b"content-length: %d\r\ncache-control: no-store\r\nconnection: close\r\n\r\n%s" % (len(words), words)
        self.transport.write(head + rest)
        self.transport.close()
