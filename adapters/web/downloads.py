"""Fetching announcements and programs over HTTPS: see `fetch.py` for what is guarded."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urljoin

import httpx

from adapters.web.fetch import MAX_REDIRECTS, Address, is_public, pinned, refused
from engine.core.errors import Unavailable
from engine.core.i18n import _

STEP_SECONDS = 30
WHOLE_SECONDS = 3_600
PLAIN = {"Accept-Encoding": "identity"}
GOOD = 200


class WebDownloads:
    """is_allowed: which addresses may be connected to; tests let in their own server, by another scheme, too."""

    def __init__(
        self,
        is_allowed: Callable[[Address], bool] = is_public,
        transport: httpx.AsyncBaseTransport | None = None,
        scheme: str = "https://",
    ) -> None:
        self._is_allowed, self._transport, self._scheme = is_allowed, transport, scheme

    async def fetch(self, address: str, limit_bytes: int) -> bytes:
        """Return the bytes at an address."""
        body = bytearray()
        async with self._opened(address) as response:
            async for chunk in response.aiter_raw():
                body += chunk
                self._refuse_large(len(body), limit_bytes, address)
        return bytes(body)

    async def save(self, address: str, target: Path, limit_bytes: int, told: Callable[[int], Awaitable[None]]) -> str:
        """Write the bytes at an address to a file; return their SHA-256."""
        digest, done = sha256(), 0
        async with self._opened(address) as response:
            with target.open("wb") as file:
                async for chunk in response.aiter_raw(1024 * 1024):
                    done += len(chunk)
                    self._refuse_large(done, limit_bytes, address)
                    digest.update(chunk)
                    await asyncio.to_thread(file.write, chunk)
                    await told(done)
        return digest.hexdigest()

    @asynccontextmanager
    async def _opened(self, address: str) -> AsyncIterator[httpx.Response]:
        try:
            async with (
                asyncio.timeout(WHOLE_SECONDS),
                httpx.AsyncClient(transport=self._transport, timeout=STEP_SECONDS, trust_env=False) as client,
            ):
                response = await self._follow(client, address)
                try:
                    yield response
                finally:
                    await response.aclose()
        except (httpx.TransportError, TimeoutError) as error:
            raise Unavailable(
                _("“{address}” does not answer now ({reason})."), address=address[:200], reason=type(error).__name__
            ) from error
        except (httpx.InvalidURL, UnicodeError) as error:
            raise refused(_("“{address}” is no web address."), address) from error

    async def _follow(self, client: httpx.AsyncClient, address: str) -> httpx.Response:
        for _hop in range(MAX_REDIRECTS + 1):
            if not address.startswith(self._scheme):
                raise refused(_("“{address}” is not an https:// address."), address)
            request = await pinned(client, "GET", address, self._is_allowed, PLAIN)
            response = await client.send(request, stream=True)
            if response.status_code == GOOD:
                return response
            await response.aclose()
            if not response.is_redirect:
                raise refused(_("“{address}” is not there (HTTP {status})."), address, status=response.status_code)
            address = urljoin(address, response.headers.get("location", ""))
        raise refused(_("“{address}” sends on and on and never arrives."), address)

    @staticmethod
    def _refuse_large(size: int, limit_bytes: int, address: str) -> None:
        if size > limit_bytes:
            raise refused(_("“{address}” is larger than {limit} MB."), address, limit=limit_bytes // 1_000_000)
