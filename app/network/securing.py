"""A second listener for the same server: TLS on a port of its own, opened and closed while the server runs."""

import asyncio
import socket
import ssl

import uvicorn

HANDSHAKE_SECONDS = 10.0


class SecureDoor:
    """The listener. It serves the server's own application, and is closed with it."""

    def __init__(self, server: uvicorn.Server) -> None:
        self._server = server
        self._listener: asyncio.Server | None = None

    @property
    def is_open(self) -> bool:
        return self._listener is not None

    async def open(self, bound: socket.socket, context: ssl.SSLContext) -> None:
        """Take TLS connections on a bound socket."""
        config, server = self._server.config, self._server
        loop = asyncio.get_running_loop()

        def protocol() -> asyncio.Protocol:
            made: asyncio.Protocol = config.http_protocol_class(  # type: ignore[call-arg]
                config=config, server_state=server.server_state, app_state=server.lifespan.state, _loop=loop
            )
            return made

        self._listener = await loop.create_server(
            protocol, sock=bound, ssl=context, backlog=config.backlog, ssl_handshake_timeout=HANDSHAKE_SECONDS
        )
        server.servers.append(self._listener)

    async def close(self) -> None:
        """Take no further ones."""
        listener, self._listener = self._listener, None
        if listener is not None:
            self._server.servers.remove(listener)
            listener.close()
