"""An application behind the server's own protocol, on a socket, and bytes sent to it as nobody's library would."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from app.patience import PatientProtocol

PATIENCE = 30.0


class Brisk(PatientProtocol):
    """The same, which waits for nothing that will not come."""

    head_seconds = 3.0
    look_seconds = 1.0


@asynccontextmanager
async def serving(
    app: Any, protocol: type[PatientProtocol] = PatientProtocol, *, last_seconds: int | None = None
) -> AsyncIterator[int]:
    """Serve the application in this loop; gives the port. last_seconds: what requests have left when it ends."""
    config = uvicorn.Config(
        app,
        port=0,
        http=protocol,
        lifespan="off",
        log_config=None,
        timeout_keep_alive=1,
        proxy_headers=False,
        timeout_graceful_shutdown=last_seconds,
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server._serve() if hasattr(server, "_serve") else server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it nowhere else
        await asyncio.sleep(0)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await task


async def said(port: int, *parts: bytes) -> bytes:
    """Send parts, one after the other, and return all that is answered until the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()
