"""An answer's head and body leave in one piece where they are there together; none waits for the other."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.patience import MOST_JOINED_BYTES, PatientProtocol
from tests.security.serving import said, serving

LONG = MOST_JOINED_BYTES + 1


class Heard(PatientProtocol):
    """Remembers what it was told to send."""

    pieces: list[bytes]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        write = transport.write

        def heard(data: bytes) -> None:
            self.pieces.append(bytes(data))
            write(data)

        transport.write = heard  # type: ignore[method-assign]
        super().connection_made(transport)


async def answer(scope: Any, _receive: Any, send: Any) -> None:
    """Answer as the path says: `/long` with a long body, `/late` with one that comes a while after its head."""
    body = b"x" * LONG if scope["path"] == "/long" else b"hello"
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if scope["path"] == "/late":
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    Heard.pieces = []
    async with serving(answer, Heard) as port:
        yield port


def asked(path: str, method: str = "GET") -> bytes:
    return f"{method} {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".encode()


async def test_a_whole_answer_is_one_piece(port: int) -> None:
    received = await said(port, asked("/"))
    assert received.endswith(b"\r\n\r\nhello")
    assert Heard.pieces == [received]


async def test_a_head_does_not_wait_for_a_body_that_comes_later(port: int) -> None:
    assert (await said(port, asked("/late"))).endswith(b"\r\n\r\nhello")
    head, body = Heard.pieces
    assert head.endswith(b"\r\n\r\n")
    assert body == b"hello"


async def test_a_long_body_is_not_copied(port: int) -> None:
    await said(port, asked("/long"))
    assert [len(piece) for piece in Heard.pieces][1:] == [LONG]


async def test_a_head_alone_is_sent_before_the_connection_is_closed(port: int) -> None:
    received = await said(port, asked("/", "HEAD"))
    assert received.startswith(b"HTTP/1.1 200")
    assert received.endswith(b"\r\n\r\n")


async def test_answers_to_requests_that_came_together_keep_their_order(port: int) -> None:
    first = asked("/late").replace(b"connection: close\r\n", b"")
    received = await said(port, first + asked("/", "HEAD"))
    assert received.count(b"HTTP/1.1 200") == 2
    assert received.index(b"hello") < received.rindex(b"HTTP/1.1 200")
