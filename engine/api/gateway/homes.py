"""Host names per surface: which surface is at home where, and where whoever comes to another is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from engine.api.gateway.asgi import header, refuse, wants_html
from engine.api.gateway.door import host_name
from engine.core.site import SurfaceName

BUILDER_START, ADMIN_START, API_START = "/admin/pages", "/admin", "/api/docs"
PUBLIC = (SurfaceName.STOREFRONT, SurfaceName.ACCOUNT)


@dataclass(frozen=True)
class Homes:
    """Addresses such as https://admin.example.org; empty where a surface shares the site's.

    The builder's name is only a way in: it is part of the admin, whose session it needs.
    """

    site: str = ""
    admin: str = ""
    builder: str = ""
    api: str = ""

    @cached_property
    def is_one(self) -> bool:
        """Whether every surface is at home at the site's own address."""
        return not (self.admin or self.builder or self.api)

    @cached_property
    def origins(self) -> frozenset[str]:
        """All of them."""
        return frozenset(url for url in (self.site, self.admin, self.builder, self.api) if url)

    def lead(self, host: str, surface: SurfaceName | None, path: str) -> str | None:
        """Return where a request for a page has its home: an address, a path of the same host, or None for here.

        surface: the path's. Names that are no home, such as this machine's own, answer everything.
        """
        if not path.startswith("/"):
            return None
        if path == "/" and host in (_host(self.builder), _host(self.admin), _host(self.api)):
            return self._start(host)
        if host == _host(self.builder):
            return f"{self.admin or self.site}{path}" if self.admin or self.site else None
        if host == _host(self.admin):
            return f"{self.site}{path}" if surface in PUBLIC and self.site else None
        if surface is SurfaceName.ADMIN and self.admin and host in (_host(self.site), _host(self.api)):
            return f"{self.admin}{path}"
        return None

    def is_barred(self, host: str, surface: SurfaceName | None) -> bool:
        """Return whether this host must not answer for a surface, whatever is asked."""
        if host == _host(self.api) and host not in (_host(self.site), _host(self.admin)):
            return surface not in (SurfaceName.API, SurfaceName.METRICS, None)
        return bool(self.admin) and surface is SurfaceName.ADMIN and host == _host(self.site) != _host(self.admin)

    def _start(self, host: str) -> str | None:
        if host == _host(self.site):
            return None
        if host == _host(self.builder):
            return f"{self.admin or self.site}{BUILDER_START}"
        return ADMIN_START if host == _host(self.admin) else API_START


def _host(url: str) -> str | None:
    return urlsplit(url).hostname if url else None


class SurfaceHomes:
    """Sends who looks for a page to the host where it is at home, and refuses all else that came to the wrong one."""

    def __init__(self, app: ASGIApp, homes: Callable[[], Homes]) -> None:
        self.app = app
        self.homes = homes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (homes := self.homes()).is_one:
            await self.app(scope, receive, send)
            return
        host = host_name(header(scope, b"host"))
        surface, is_page = scope["state"]["surface"], scope["method"] in ("GET", "HEAD") and _is_visit(scope)
        target = homes.lead(host, surface, scope.get("raw_path", scope["path"].encode()).decode("latin-1"))
        if target is not None and is_page:
            await _lead(scope, send, target)
        elif homes.is_barred(host, surface):
            await refuse(scope, send, 421, "Not at home here", f"This address has its home at {target or homes.site}.")
        else:
            await self.app(scope, receive, send)


def _is_visit(scope: Scope) -> bool:
    """Return whether somebody goes to a page, and not a script or a frame for a part of one."""
    kind = header(scope, b"sec-fetch-dest")
    return kind == "document" if kind else wants_html(scope) or scope["path"] == "/"


async def _lead(scope: Scope, send: Send, target: str) -> None:
    query = scope["query_string"]
    location = target.encode("latin-1") + (b"?" + query if query else b"")
    headers = [(b"location", location), (b"content-length", b"0"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
