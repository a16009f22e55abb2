"""A small load client: a few connections that are kept open, each with one request at a time."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

import httptools

CONNECTIONS = 16
SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


@dataclass(slots=True)
class Result:
    """What a run of requests came to. `failures`: the first refusals, for the person who reads the table."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    answer_bytes: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0

    def percentile_ms(self, percent: int) -> float:
        """Return the time within which this share of the answers came."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000 if ordered else 0.0


class Connection(asyncio.Protocol):
    """One connection to the server."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._waiting: asyncio.Future[Answer] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._transport: asyncio.Transport

    @classmethod
    async def open(cls, port: int) -> Self:
        _transport, made = await asyncio.get_running_loop().create_connection(
            lambda: cls(f"127.0.0.1:{port}"), "127.0.0.1", port
        )
        return made

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        waiting, self._waiting = self._waiting, None
        answer = Answer(self._parser.get_status_code(), b"".join(self._body))
        self._body = []
        self._parser = httptools.HttpResponseParser(self)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error or ConnectionError("the server closed the connection"))

    async def ask(self, request: bytes) -> Answer:
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        self._transport.close()


def request(method: str, path: str, port: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """Return the bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept: */*"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def drive(port: int, next_request: Callable[[], bytes | None], connections: int = CONNECTIONS) -> Result:
    """Send requests until `next_request` returns None; return what came of them."""
    result = Result()
    opened = [await Connection.open(port) for _ in range(connections)]

    async def lane(connection: Connection) -> None:
        while (sent := next_request()) is not None:
            began = time.perf_counter()
            answer = await connection.ask(sent)
            if answer.status in SUCCESS:
                result.times.append(time.perf_counter() - began)
                result.answer_bytes = max(result.answer_bytes, len(answer.body))
            elif len(result.failures) < 3:
                result.failures.append(f"{answer.status} {answer.body[:200].decode(errors='replace')}")

    began = time.perf_counter()
    await asyncio.gather(*(lane(connection) for connection in opened))
    result.seconds = time.perf_counter() - began
    for connection in opened:
        connection.close()
    return result


def for_seconds(seconds: float, requests: Iterator[bytes]) -> Callable[[], bytes | None]:
    """Return what gives the next request until the time is over."""
    until = time.perf_counter() + seconds
    return lambda: next(requests) if time.perf_counter() < until else None


def each(requests: Iterator[bytes]) -> Callable[[], bytes | None]:
    """Return what gives each request once."""
    return lambda: next(requests, None)
