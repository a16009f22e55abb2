"""The ASGI application: middleware, routers and pages, in one readable list."""

import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from starlette.middleware import Middleware
from starlette.types import Receive, Scope, Send

from app.settings import Settings
from app.worker import Worker
from engine.accounts import identity, sessions
from engine.api import openapi
from engine.api.gateway import signposts
from engine.api.gateway.compression import Compression
from engine.api.gateway.cookienames import SecureNames
from engine.api.gateway.csrf import Csrf
from engine.api.gateway.door import Door, DoorRules
from engine.api.gateway.headers import Cors, RequestIds, SecurityHeaders
from engine.api.gateway.homes import Homes, SurfaceHomes
from engine.api.gateway.limits import BodyLimits, RateLimits
from engine.api.gateway.opening import Opening
from engine.api.gateway.replica import LaggingReads
from engine.api.gateway.sessions import SlidingSessions
from engine.api.health import router as health
from engine.api.media_files import files as media_files
from engine.api.metrics import router as metrics
from engine.api.pagecache.layer import PageCache
from engine.api.pagecache.visitors import Visitors
from engine.api.ports import Ports
from engine.api.request import actor_of
from engine.api.routes import api_router
from engine.api.serving import Serving
from engine.api.texts import keepable
from engine.content.pages.models import PageKind
from engine.core import facts, ids
from engine.core.actor import Actor
from engine.core.errors import NotSignedIn
from engine.core.facts import RecordedFact
from engine.core.settings import Site
from engine.operations.backups.facts import DatabaseExchanged
from ui import errors
from ui.live import Live
from ui.routes import page_router
from ui.storefront.kept import understood
from ui.storefront.opening import closed_page

log = logging.getLogger("agora.web")
API = "/api/v1"


@dataclass(slots=True)
class Claim:
    """Whether the installation has an owner; once it has, nobody asks the database again."""

    ports: Ports
    is_done: bool = False

    async def is_claimed(self) -> bool:
        if not self.is_done:
            self.is_done = await self.ports.db.query(identity.has_owner)
        return self.is_done


class Application(FastAPI):
    """FastAPI behind the page cache: what is kept is answered before anything else is asked."""

    outside: PageCache

    def at_once(self, scope: Scope) -> tuple[bytes, bytes] | None:
        """Return the head and the body of a kept page that answers this, for a server that sends them as they are."""
        return self.outside.at_once(scope)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.outside(scope, receive, send)

    async def inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by middleware and routes."""
        await super().__call__(scope, receive, send)


def make_app(
    ports: Ports, settings: Settings, *, runs_jobs: bool = True, is_alone: bool = True, is_second: bool = False
) -> FastAPI:
    """Return the application that serves every surface.

    is_second: another process on this data folder runs the jobs; this one only hears what happens.
    """
    claim = Claim(ports)
    worker = Worker(ports)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await ports.settings.refresh()
        ids.follow(await ports.db.query(facts.newest))  # the clock may have been put back since
        await ports.parts.part(PageKind.SERVER_ERROR, ports.blocks, ports.moment(Actor.stranger()))
        if runs_jobs:
            await worker.start(is_alone=is_alone, runs_jobs=not is_second)
        yield
        if runs_jobs:
            await worker.stop()
        await ports.search.close()
        await ports.cache.close()
        await ports.db.close()

    def origins() -> frozenset[str]:
        return frozenset([*settings.cors_origins, *homes().origins])

    homes_at = lru_cache(maxsize=2)(partial(homes_of, settings))

    def homes() -> Homes:
        return homes_at(ports.site.general.site_url)

    def has_public_certificate() -> bool:
        return (settings.frontend_url or "").startswith("https://")

    async def renew(session_id: UUID) -> None:
        async with ports.db.write() as tx:
            await sessions.renew(tx, session_id)

    async def is_staff(scope: Scope) -> bool:
        try:
            return (await actor_of(Request(scope))).is_staff
        except NotSignedIn:
            return False

    rules = DoorRules(
        hosts=lambda: known_hosts(settings, ports.site.general.site_url) | local_names(app, ports.site),
        site=lambda: ports.site,
        is_claimed=claim.is_claimed,
        trusted_proxies=settings.trusted_proxies,
        arrived=ports.network.arrived,
    )
    visitors = Visitors(rules, homes=homes, now=ports.clock.now)
    ports.settings.heard.append(lambda _site: visitors.forget())
    app: Application = Application(
        title="Agora",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=openapi.operation_id,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # `/metrics` tells; FastAPI asks at each request
        dependencies=[Depends(keepable)],
        middleware=[
            Middleware(SecureNames, secure_port=lambda: secure_port(app)),
            Middleware(
                SecurityHeaders,
                has_public_certificate=has_public_certificate,
                file_origins=ports.blobs.origins,
                homes=lambda: homes().origins,
            ),
            Middleware(RequestIds, measures=ports.db.measures),
            Middleware(Door, rules=rules),
            Middleware(SurfaceHomes, homes=homes),
            Middleware(RateLimits, is_on=lambda: settings.rate_limits, counters=ports.counters),
            Middleware(Cors, origins=origins),
            Middleware(BodyLimits, most_mb=lambda: ports.site.media.max_upload_mb),
            Middleware(Csrf, origins=origins),
            Middleware(Compression),
            Middleware(LaggingReads),
            Middleware(SlidingSessions, renew=renew),
            Middleware(
                Opening,
                status=lambda: ports.site.site_status,
                now=ports.clock.now,
                is_staff=is_staff,
                page=closed_page,
            ),
        ],
    )
    app.outside = PageCache(
        app.inside,
        visitors=visitors,
        expiry=ports.expiry,
        query=understood,
        measures=ports.db.measures,
        now=ports.clock.now,
    )
    app.state.ports = ports
    app.state.settings = settings
    app.state.live = live = Live()
    ports.bus.subscribe(live.hear)
    ports.bus.subscribe(begins_again(app))
    app.include_router(health)
    app.include_router(metrics)
    app.include_router(api_router(), prefix=API)
    app.include_router(media_files)
    app.include_router(page_router())
    errors.install(app)
    openapi.install(app)
    signposts.install(app)
    return app


def begins_again(app: FastAPI) -> Callable[[RecordedFact], Awaitable[None]]:
    """Return what starts this process again once another machine has put a backup in the place of the database."""

    async def hear(recorded: RecordedFact) -> None:
        restart: Callable[[], None] | None = getattr(app.state, "restart", None)
        if isinstance(recorded.fact, DatabaseExchanged) and restart is not None:
            log.warning("%s was put in the place of the database; starting again", recorded.fact.backup)
            restart()

    return hear


def known_hosts(settings: Settings, site_url: str) -> frozenset[str]:
    """Return the names that this installation answers to, besides IP addresses."""
    own = socket.gethostname().lower()
    named = [urlsplit(url).hostname or "" for url in (*homes_of(settings, site_url).origins, site_url) if url]
    return frozenset({"localhost", own, f"{own}.local", "agora.local", *named, *settings.hosts})


def secure_port(app: FastAPI) -> int:
    """Return the port of https on the local network; 0 while it is not served."""
    serving: Serving | None = getattr(app.state, "serving", None)
    return serving.secure_port if serving else 0


def local_names(app: FastAPI, site: Site) -> frozenset[str]:
    """Return what the local network may call this installation: the wanted name, and the one that it got."""
    serving: Serving | None = getattr(app.state, "serving", None)
    return frozenset({f"{site.system.network.name}.local", (serving and serving.name) or "localhost"})


def homes_of(settings: Settings, site_url: str) -> Homes:
    """Return which surface is at home where: as the environment says, and the site as its owner says else."""
    return Homes(
        site=settings.frontend_url or site_url.rstrip("/").lower(),
        admin=settings.admin_url or "",
        builder=settings.builder_url or "",
        api=settings.api_url or "",
    )
