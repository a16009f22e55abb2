"""Telling another system something by HTTP, at an address that staff chose: see `fetch.py` for what is guarded."""

import asyncio
from collections.abc import Callable, Mapping

import httpx

from adapters.web.fetch import Address, is_public, pinned, refused
from engine.core.errors import Unavailable
from engine.core.i18n import _

WHOLE_SECONDS = 20
STEP_SECONDS = 10
OK = range(200, 300)


class WebHook:
    """Posts over HTTP(S), and follows nobody elsewhere. is_allowed: which addresses may be connected to."""

    def __init__(
        self, is_allowed: Callable[[Address], bool] = is_public, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._is_allowed = is_allowed
        self._transport = transport

    async def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the HTTP status with which the other side took it; what else it says is not read."""
        timeout = httpx.Timeout(STEP_SECONDS)
        try:
            async with (
                asyncio.timeout(WHOLE_SECONDS),
                httpx.AsyncClient(transport=self._transport, timeout=timeout, trust_env=False) as client,
            ):
                request = await pinned(client, "POST", address, self._is_allowed, headers, body)
                response = await client.send(request, stream=True)
                await response.aclose()
        except (httpx.TransportError, TimeoutError) as error:
            raise Unavailable(
                _("“{address}” does not answer now ({reason})."), address=address[:200], reason=type(error).__name__
            ) from error
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise refused(_("“{address}” is no web address."), address) from error
        if response.status_code not in OK:
            raise Unavailable(
                _("“{address}” answers with an error (HTTP {status})."),
                address=address[:200],
                status=response.status_code,
            )
        return response.status_code
