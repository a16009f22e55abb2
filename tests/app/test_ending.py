"""A server that ends still answers what is on its way to it."""

import asyncio
from typing import Any, ClassVar

from app.patience import PatientProtocol
from engine.api.gateway.headers import RequestIds
from engine.core.errors import Failing
from engine.core.i18n import _
from engine.core.measures import Measures
from tests.security.serving import PATIENCE, said, serving

REQUEST = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"


class Waits(PatientProtocol):
    """Waits as long as the slowest machine needs. ending: set once the server ends."""

    last_seconds = PATIENCE
    ending: ClassVar[asyncio.Event]

    def shutdown(self) -> None:
        super().shutdown()
        self.ending.set()


class Hurries(Waits):
    """Hardly waits."""

    last_seconds = 0.01


async def answer(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


async def sent_while_it_ends(protocol: type[Waits], before: bytes, after: bytes) -> bytes:
    """Return what is answered to a request of which a part comes when the server is ending already."""
    protocol.ending = asyncio.Event()

    async def finish() -> bytes:
        await protocol.ending.wait()
        writer.write(after)
        async with asyncio.timeout(PATIENCE):
            return await reader.read()

    async with serving(answer, protocol) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(before)
        await asyncio.sleep(0.1)  # the connection is taken
        finishing = asyncio.create_task(finish())
    received = await finishing
    writer.close()
    return received


async def test_a_connection_made_just_before_is_answered_and_closed() -> None:
    assert (await sent_while_it_ends(Waits, b"", REQUEST)).endswith(b"\r\n\r\nhello")


async def test_so_is_a_request_of_which_only_a_part_had_come() -> None:
    assert (await sent_while_it_ends(Waits, REQUEST[:10], REQUEST[10:])).endswith(b"\r\n\r\nhello")


async def test_a_connection_that_asks_for_nothing_holds_nothing_up() -> None:
    assert await sent_while_it_ends(Hurries, b"", b"") == b""


async def test_nor_does_one_that_has_its_answer() -> None:
    received = await sent_while_it_ends(Waits, REQUEST, b"")
    assert received.endswith(b"\r\n\r\nhello")


async def test_what_is_not_done_in_time_is_told_to_come_again() -> None:
    """Whoever sends it once more with its key learns whether it was done."""

    async def hangs(_scope: Any, _receive: Any, _send: Any) -> None:
        await asyncio.Event().wait()

    async with serving(RequestIds(hangs, Measures()), last_seconds=0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(REQUEST)
        await asyncio.sleep(0.1)  # the request is taken
    async with asyncio.timeout(PATIENCE):
        received = await reader.read()
    writer.close()
    assert received.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nretry-after: 2\r\n" in received


async def test_nor_does_a_database_that_is_away_break_what_stands_before_the_routes() -> None:
    async def asks(_scope: Any, _receive: Any, _send: Any) -> None:
        raise Failing(_("The disk is full."))

    async with serving(RequestIds(asks, Measures())) as port:
        received = await said(port, REQUEST.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"))
    assert received.startswith(b"HTTP/1.1 503 ")
    assert b"Try again in a minute" in received
    assert b"disk" not in received
