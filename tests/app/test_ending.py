"""A server that ends still answers what is on its way to it."""

import asyncio
from typing import Any, ClassVar

from app.patience import PatientProtocol
from tests.security.serving import PATIENCE, serving

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
