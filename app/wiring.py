"""Process settings to one frozen `Ports`: beside engines.py the only file that names both a port and an adapter."""

import os
import socket
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from adapters.cache.memory import MemoryCache
from adapters.payments.stub import StubGateway
from app.backends import backends_of
from app.domains import Shared, product_domains
from app.engines import (
    LateDownloads,
    LateFirewall,
    LateMachine,
    LatePasskeys,
    LatePictureSource,
    bus_lag_of,
    engines_of,
    ground_of,
    open_blobs,
    open_bus,
    open_cache,
    open_edge,
    own_program,
    search_engines,
)
from app.network.crewing import FOLDER as CREW
from app.settings import Settings
from app.switching.workshop import Tools
from app.watched import concerns_of, follow_level, gauges_of, register_of
from engine.accounts import identity
from engine.accounts.claim_token import ClaimToken
from engine.accounts.desktop import DesktopTokens
from engine.accounts.front_desk import FrontDesk
from engine.accounts.hashing import Passwords
from engine.accounts.tokens import Mint
from engine.api.pagecache.expiring import Expiry
from engine.api.pagecache.shelf import Shelf
from engine.api.ports import Ports
from engine.commerce.catalog.memory import CategoryMemory
from engine.commerce.ordering import payment_flows
from engine.commerce.ordering.billing import ShopCashier
from engine.commerce.ordering.payment_flows import Till
from engine.commerce.ports import TEST
from engine.content.moving.imports import SiteImports
from engine.content.pages.parts import PartsMemory
from engine.content.public import Footprints, MenuMemory
from engine.content.speech.voices import Voices
from engine.core.actor import Actor
from engine.core.blocks.declaring import book_of
from engine.core.consent import Consents
from engine.core.database import Committed, Database
from engine.core.facts import RecordedFact
from engine.core.ids import follow, new_secret
from engine.core.linking import Links
from engine.core.ports import Clock, SystemClock
from engine.core.reactions import Listener
from engine.core.records.bin import PURGE
from engine.core.records.catalogue import catalogue_of, index_records, searchables_of
from engine.core.records.imports import import_jobs
from engine.core.running import JobRunner
from engine.core.searching import index_jobs, index_reaction
from engine.core.searchkeeping import SearchKeeper
from engine.core.searchquestions import QuestionBook
from engine.core.secrets import load_secrets, read_secrets
from engine.core.settings import SettingsStore, SettingsUpdated
from engine.migrations import is_known
from engine.operations.alerting.alarm import Alarm
from engine.operations.backups.backups import Backups
from engine.operations.logs.reading import LogBook
from engine.operations.network.network import Network
from engine.operations.privacy.jobs import privacy_jobs
from engine.operations.services.switching import Services
from engine.operations.sites import SiteFiles
from engine.operations.updates.updates import Updates
from engine.operations.watch.checks import house_checks
from engine.operations.watch.tallies import FOLDER as TALLIES
from engine.operations.watch.tallies import Tallies
from engine.operations.watch.watching import Watch
from ui.builder import contrast

MEGABYTE = 1024 * 1024


def wire(
    settings: Settings,
    overrides: Mapping[str, Any] | None = None,
    clock: Clock | None = None,
    passwords: Passwords | None = None,
) -> Ports:
    """Return the wired house. overrides: site settings that the environment decides, by wire path.

    passwords: for tests, whose hashing must be cheap.
    """
    clock = clock or SystemClock()
    secrets = load_secrets(
        settings.data_dir,
        given=read_secrets(settings.keys.get_secret_value()) if settings.keys else None,
        jwt_secret=settings.jwt_secret.get_secret_value() if settings.jwt_secret else None,
        session_secret=settings.session_secret.get_secret_value() if settings.session_secret else None,
    )
    address = settings.database
    db = Database(
        address.url,
        clock=clock,
        most_connections=address.most_connections,
        pool_timeout=address.pool_timeout_seconds,
        read_url=settings.read_url,
    )
    backends = backends_of(settings)
    site_settings = SettingsStore(db, secrets, {**(overrides or {}), **backends.overrides()})
    follow_level(site_settings, settings.log_level)
    cache = open_cache(backends.cache, settings, clock)
    cache.measures = db.measures
    blobs = open_blobs(backends.storage, settings, clock)
    bus, bus_reactions, bus_jobs = open_bus(backends.bus, settings, db)
    categories = CategoryMemory(db)
    links = Links()
    menus = MenuMemory(db, links)
    parts = PartsMemory(db)
    gateway = StubGateway(db, f"whsec_{secrets.signature('webhook', TEST)}")
    till = Till(db, site_settings, secrets, {TEST: gateway})
    passwords = passwords or Passwords()
    moving = SiteImports(site_settings, blobs, LatePictureSource(), passwords.hash)
    sites = SiteFiles(site_settings, blobs)
    voices = Voices(site_settings, secrets)
    cashier = ShopCashier(site_settings, secrets)
    backups = Backups(ground_of(settings, clock), site_settings, is_known)
    logs = LogBook(settings.data_dir / "logs")
    shared = Shared(
        settings,
        site_settings,
        blobs,
        categories,
        till,
        links,
        menus,
        voices,
        moving,
        parts,
        sites,
        cashier,
        backups,
        logs,
        Updates(own_program(), site_settings, LateDownloads(), backups, clock),
    )
    letters, domains = product_domains(shared)
    consents = Consents(db, lambda: site_settings.site)
    consents.join([need for domain in domains for need in domain.consent_needs])
    links.join(kind for domain in domains for kind in domain.link_targets)
    blocks = moving.book = sites.book = book_of(block for domain in domains for block in domain.blocks)
    sites.kinds = [kind for domain in domains for kind in domain.site_kinds]
    voices.kinds.update((one.kind, one) for domain in domains for one in domain.subjects)
    resources = catalogue_of(resource for domain in domains for resource in domain.resources)
    declared = [searchable for domain in domains for searchable in domain.search]
    searchables = [*declared, *searchables_of(resources.values())]
    search = search_engines(settings, site_settings, db, searchables)
    engines = engines_of(backends, db, cache, search, bus, blobs)
    keeper = SearchKeeper(db, search, searchables, QuestionBook(db, clock))
    reactions = [r for domain in domains for r in domain.reactions] + [index_reaction(s) for s in declared]
    reactions += [index_records(resources.values()), *bus_reactions]
    register = register_of(secrets, domains)
    kinds = [
        *(kind for domain in domains for kind in domain.jobs),
        *index_jobs(searchables, search, lambda: search.name),
        *import_jobs(resources, blobs, site_settings, _actor_of),
        PURGE,
        gateway.job(),
        *bus_jobs,
        *privacy_jobs(register, site_settings),
    ]
    db.subscribers = reactions
    runner = JobRunner(db, kinds, reactions, owner=_name_of_process())
    watch = Watch(
        db,
        LateMachine(settings.data_dir),
        gauges_of(domains),
        house_checks(db, keeper, blobs, cache, engines),
        bus_lag_of(backends.bus),
        concerns_of(backups, runner, clock),
        Tallies(settings.data_dir / TALLIES, db.measures),
    )
    front_desk = FrontDesk(
        passwords,
        Mint(secrets.jwt_secret, settings.access_token_ttl, settings.refresh_token_ttl),
        ClaimToken(settings.data_dir),
        DesktopTokens(clock),
        LatePasskeys(),
    )
    ports = Ports(
        db,
        clock,
        bus,
        search,
        keeper,
        blobs,
        cache,
        cache if backends.cache == "redis" or settings.workers > 1 else MemoryCache(clock),
        engines,
        secrets,
        site_settings,
        categories,
        domains,
        resources,
        runner,
        front_desk,
        till=till,
        trial_gateway=gateway,
        letters=letters,
        blocks=blocks,
        contrast=contrast.remarks,
        moving=moving,
        sites=sites,
        links=links,
        menus=menus,
        parts=parts,
        footprints=Footprints(db, clock),
        consents=consents,
        voices=voices,
        cashier=cashier,
        backups=backups,
        services=Services(
            settings.data_dir, Tools(settings, site_settings, db, blobs, lambda: searchables, clock), clock
        ),
        watch=watch,
        register=register,
        alarm=Alarm(watch, site_settings, runner.owner),
        logs=logs,
        expiry=Expiry(
            Shelf(settings.page_cache_mb * MEGABYTE),
            resources,
            lambda: _around(ports),
            open_edge(settings),
        ),
        network=Network(
            settings.data_dir, LateFirewall(), clock, settings.data_dir / CREW if settings.workers > 1 else None
        ),
        updates=shared.updates,
    )
    _join_bus(ports)
    _join_gateway(gateway, till)
    return ports


def _name_of_process() -> str:
    """Return what no other process is called, for the leases of jobs."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{new_secret()[:6]}"


async def _actor_of(db: Database, user_id: UUID) -> Actor | None:
    return await db.query(identity.actor_of_user, user_id)


async def _around(ports: Ports) -> tuple[object, ...]:
    """Return what stands around every page of the site."""
    parts = await ports.parts.parts(ports.blocks, ports.moment(Actor.stranger()))
    return parts, await ports.menus.seen(), await ports.consents.used(), await ports.categories.tree()


def _join_gateway(gateway: StubGateway, till: Till) -> None:
    """Send the test gateway's webhooks where those of any provider arrive."""

    async def hear(body: bytes, signature: str) -> None:
        await payment_flows.hear(till, TEST, body, signature)

    gateway.hear = hear


def _join_bus(ports: Ports) -> None:
    """Have the bus carry committed facts, and every listener hear its own."""

    async def refresh(_fact: RecordedFact) -> None:
        await ports.settings.refresh()

    own = (Listener((SettingsUpdated,), refresh), ports.consents.listener())
    listeners = [*own, *(one for domain in ports.domains for one in domain.listeners), ports.expiry.listener()]

    async def hear(recorded: RecordedFact) -> None:
        follow(recorded.id)
        for listener in listeners:
            if isinstance(recorded.fact, listener.on):
                await listener.hear(recorded)

    async def publish(committed: Committed) -> None:
        await ports.bus.publish(committed.facts)

    ports.bus.subscribe(hear)
    ports.db.after_commit.append(publish)
