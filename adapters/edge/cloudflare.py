"""Cloudflare: takes pages out of its cache by their addresses. Source: api.cloudflare.com, "Purge cached content"."""

from collections.abc import Sequence
from typing import Any

import httpx

from engine.core.errors import Unavailable
from engine.core.i18n import _

API = "https://api.cloudflare.com/client/v4"
#: As many addresses as every plan takes at once.
MOST_AT_ONCE = 30
SECONDS = 10


class Cloudflare:
    """One zone of Cloudflare. token: one that may purge its cache, and nothing else."""

    def __init__(
        self, zone: str, token: str, api: str = API, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._url = f"{api}/zones/{zone}/purge_cache"
        self._token = token
        self._transport = transport

    async def purge(self, addresses: Sequence[str]) -> None:
        """Have pages at these addresses fetched anew. Raises Unavailable where it does not do that."""
        for start in range(0, len(addresses), MOST_AT_ONCE):
            await self._ask({"files": list(addresses[start : start + MOST_AT_ONCE])})

    async def purge_all(self) -> None:
        """Have everything fetched anew. Raises Unavailable where it does not do that."""
        await self._ask({"purge_everything": True})

    async def _ask(self, wanted: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with httpx.AsyncClient(transport=self._transport, timeout=SECONDS, trust_env=False) as client:
                answer = await client.post(self._url, json=wanted, headers=headers)
                is_done = answer.is_success and answer.json().get("success") is True
        except (httpx.HTTPError, ValueError, AttributeError) as error:
            reason = type(error).__name__
            raise Unavailable(_("Cloudflare does not answer now ({reason})."), reason=reason) from error
        if not is_done:
            raise Unavailable(
                _("Cloudflare did not let go of pages (HTTP {status}). Look at AGORA_CLOUDFLARE_TOKEN."),
                status=answer.status_code,
            )
