"""The socket that a server listens on."""

import asyncio
import socket

import pytest

from app.listening import bind
from engine.core.errors import Invalid


async def test_answers_leave_at_once() -> None:
    """Without TCP_NODELAY each answer on a connection that stays open came 40 ms late."""
    bound = bind("127.0.0.1", 0, is_exact=True)
    seen: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    class Protocol(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            connection = transport.get_extra_info("socket")
            seen.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    server = await asyncio.get_running_loop().create_server(Protocol, sock=bound)
    async with server:
        _reader, writer = await asyncio.open_connection(*bound.getsockname())
        assert await seen
        writer.close()


def test_a_port_that_is_taken_is_told_or_left_for_the_next() -> None:
    with bind("127.0.0.1", 0, is_exact=True) as first:
        port = first.getsockname()[1]
        first.listen()
        with pytest.raises(Invalid, match=f"Port {port} on 127.0.0.1 cannot be used"):
            bind("127.0.0.1", port, is_exact=True)
        with bind("127.0.0.1", port, is_exact=False) as second:
            assert second.getsockname()[1] > port
