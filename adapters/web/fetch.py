"""Fetching a file from an address that somebody else chose, without becoming their way into this network.

The name is resolved here, every address it has must be a public one, and the connection goes to that very address, so
that no second answer of a name server leads elsewhere. Redirects are checked in the same way.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable, Mapping
from functools import cache
from urllib.parse import urljoin, urlsplit

import httpx

from engine.core.errors import Invalid, Unavailable
from engine.core.i18n import Message, _

MAX_REDIRECTS = 5
WHOLE_SECONDS = 60
STEP_SECONDS = 15
_MISSING = frozenset({400, 401, 403, 404, 405, 410, 451})
PICTURES = {"Accept": "image/*", "Accept-Encoding": "identity"}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: Address) -> bool:
    """Return whether an address belongs to the public internet, looked at through every way of wrapping another."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


class WebPictureSource:
    """Fetches over HTTP(S). is_allowed: which addresses may be connected to; tests let in their own server."""

    def __init__(
        self, is_allowed: Callable[[Address], bool] = is_public, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._is_allowed = is_allowed
        self._transport = transport

    async def fetch(self, address: str, limit_bytes: int) -> bytes:
        """Return the bytes at a public address."""
        timeout = httpx.Timeout(STEP_SECONDS)
        try:
            async with (
                asyncio.timeout(WHOLE_SECONDS),
                httpx.AsyncClient(
                    transport=self._transport, timeout=timeout, trust_env=False, verify=_trusted()
                ) as client,
            ):
                return await self._follow(client, address, limit_bytes)
        except (httpx.TransportError, TimeoutError) as error:
            raise Unavailable(
                _("“{address}” does not answer now ({reason})."), address=address[:200], reason=type(error).__name__
            ) from error
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise refused(_("“{address}” is no web address."), address) from error

    async def _follow(self, client: httpx.AsyncClient, address: str, limit_bytes: int) -> bytes:
        for _hop in range(MAX_REDIRECTS + 1):
            request = await pinned(client, "GET", address, self._is_allowed, PICTURES)
            response = await client.send(request, stream=True)
            try:
                if response.is_redirect:
                    address = urljoin(address, response.headers.get("location", ""))
                    continue
                if response.status_code in _MISSING:
                    raise refused(_("“{address}” is not there (HTTP {status})."), address, status=response.status_code)
                if response.status_code >= 400:
                    raise Unavailable(
                        _("“{address}” answers with an error (HTTP {status})."),
                        address=address[:200],
                        status=response.status_code,
                    )
                return await _body(response, address, limit_bytes)
            finally:
                await response.aclose()
        raise refused(_("“{address}” sends on and on and never arrives."), address)


async def resolved(name: str, port: int, address: str, is_allowed: Callable[[Address], bool]) -> Address:
    """Return the address that a name stands for. Raises Invalid where any of them may not be connected to."""
    loop = asyncio.get_running_loop()
    try:
        answers = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise Unavailable(_("The name “{name}” cannot be found now."), name=name[:200]) from error
    found = [ipaddress.ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]
    if not found or not all(is_allowed(ip) for ip in found):
        raise refused(_("“{address}” is not on the public internet, so Agora does not fetch it."), address)
    return found[0]


async def pinned(
    client: httpx.AsyncClient,
    method: str,
    address: str,
    is_allowed: Callable[[Address], bool],
    headers: Mapping[str, str],
    content: bytes | None = None,
) -> httpx.Request:
    """Return a request to the very address that was checked, under the name that was asked for."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise refused(_("“{address}” is no plain web address; use http:// or https://."), address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    ip = await resolved(parts.hostname, port, address, is_allowed)
    host = f"[{ip}]" if ip.version == 6 else str(ip)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return client.build_request(
        method,
        f"{parts.scheme}://{host}:{port}{path}",
        headers={"Host": parts.netloc, **headers},
        content=content,
        extensions={"sni_hostname": parts.hostname.encode("idna").decode()},
    )


@cache
def _trusted() -> ssl.SSLContext:
    """Return whose certificates are believed; read once, for it takes longer than many a file."""
    return httpx.create_ssl_context(trust_env=False)


async def _body(response: httpx.Response, address: str, limit_bytes: int) -> bytes:
    data = bytearray()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > limit_bytes:
            raise refused(_("“{address}” is larger than {limit} MB."), address, limit=limit_bytes // 1_000_000)
    return bytes(data)


def refused(message: Message, address: str, **values: object) -> Invalid:
    """Return the refusal of an address."""
    return Invalid(message.having(address=address[:200], **values))
