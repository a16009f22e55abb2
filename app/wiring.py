"""Process settings to one frozen `Ports`: the only file that names both a port and an adapter."""

import os
import socket
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from adapters.blobs.local import LocalBlobStore
from adapters.bus.database import DatabaseBus
from adapters.email.outbox import open_outbox
from adapters.email.smtp import open_smtp
from adapters.payments.stub import StubGateway
from adapters.search.database import DatabaseSearch
from adapters.search.tantivy import TantivySearch
from app.logs import LogLevel
from app.settings import Settings
from engine.accounts import domain as accounts
from engine.accounts import identity
from engine.accounts.claim_token import ClaimToken
from engine.accounts.desktop import DesktopTokens
from engine.accounts.front_desk import FrontDesk
from engine.accounts.hashing import Passwords
from engine.accounts.tokens import Mint
from engine.api.ports import Ports
from engine.commerce import domain as commerce
from engine.commerce.catalog.memory import CategoryMemory
from engine.commerce.ordering import payment_flows
from engine.commerce.ordering.payment_flows import Till
from engine.commerce.ports import TEST
from engine.content import domain as content
from engine.content.moving.imports import SiteImports
from engine.content.pages.parts import PartsMemory
from engine.content.public import Footprints, MenuMemory
from engine.content.speech.voices import Voices
from engine.core.actor import Actor
from engine.core.blocks.declaring import book_of
from engine.core.consent import Consents
from engine.core.database import Committed, Database
from engine.core.domain import Domain
from engine.core.facts import RecordedFact
from engine.core.ids import new_secret
from engine.core.jobgauges import GAUGES as JOB_GAUGES
from engine.core.linking import Links
from engine.core.ports import BlobStore, Clock, SearchIndex, SearchWords, SystemClock
from engine.core.reactions import Listener
from engine.core.records.bin import PURGE
from engine.core.records.catalogue import catalogue_of, index_records, searchables_of
from engine.core.records.imports import import_jobs
from engine.core.running import JobRunner
from engine.core.searchchoice import ChosenSearch
from engine.core.searching import Searchable, index_jobs, index_reaction
from engine.core.searchkeeping import SearchKeeper
from engine.core.searchquestions import QuestionBook
from engine.core.searchsettings import search_words
from engine.core.secrets import Secrets, load_secrets
from engine.core.settings import SettingsStore, SettingsUpdated, Site
from engine.media import domain as media
from engine.messaging import domain as messaging
from engine.messaging.ports import OpenMailer
from engine.messaging.templates import Letters
from engine.operations import domain as operations
from engine.operations.alerting.alarm import Alarm
from engine.operations.logs.reading import LogBook
from engine.operations.ports import Machine, MachineState
from engine.operations.privacy.held import PERSONAL as HELD
from engine.operations.privacy.held import RETENTIONS as KEPT_FOR
from engine.operations.privacy.jobs import privacy_jobs
from engine.operations.privacy.register import Register
from engine.operations.watch.checks import house_checks
from engine.operations.watch.watching import Watch
from ui.emails.renderer import EmailRenderer

MAILERS: Mapping[str, OpenMailer] = {"outbox": open_outbox, "smtp": open_smtp}


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
        jwt_secret=settings.jwt_secret.get_secret_value() if settings.jwt_secret else None,
        session_secret=settings.session_secret.get_secret_value() if settings.session_secret else None,
    )
    address = settings.database
    db = Database(address.url, clock=clock, pool_size=address.pool_size, pool_timeout=address.pool_timeout_seconds)
    site_settings = SettingsStore(db, secrets, overrides)
    level = LogLevel(settings.log_level)
    site_settings.heard.append(lambda site: level.follow(site.logs))
    blobs = LocalBlobStore(settings.data_dir / "files")
    bus = DatabaseBus(db)
    categories = CategoryMemory(db)
    links = Links()
    menus = MenuMemory(db, links)
    parts = PartsMemory(db)
    gateway = StubGateway(db, f"whsec_{secrets.signature('webhook', TEST)}")
    till = Till(db, site_settings, secrets, {TEST: gateway})
    passwords = passwords or Passwords()
    moving = SiteImports(site_settings, blobs, LatePictureSource(), passwords.hash)
    voices = Voices(site_settings, secrets)
    logs = LogBook(settings.data_dir / "logs")
    letters, domains = product_domains(
        settings, site_settings, blobs, categories, till, links, menus, voices, moving, parts, logs
    )
    consents = Consents(db, lambda: site_settings.site)
    consents.join([need for domain in domains for need in domain.consent_needs])
    links.join(kind for domain in domains for kind in domain.link_targets)
    blocks = moving.book = book_of(block for domain in domains for block in domain.blocks)
    voices.kinds.update((one.kind, one) for domain in domains for one in domain.subjects)
    resources = catalogue_of(resource for domain in domains for resource in domain.resources)
    declared = [searchable for domain in domains for searchable in domain.search]
    searchables = [*declared, *searchables_of(resources.values())]
    search = search_engines(settings, site_settings, db, searchables)
    keeper = SearchKeeper(db, search, searchables, QuestionBook(db, clock))
    reactions = [r for domain in domains for r in domain.reactions] + [index_reaction(s) for s in declared]
    reactions.append(index_records(resources.values()))
    kinds = [kind for domain in domains for kind in domain.jobs] + [
        *index_jobs(searchables, search, lambda: search.name),
        PURGE,
    ]
    kinds += import_jobs(resources, blobs, site_settings, _actor_of)
    kinds.append(gateway.job())
    register = register_of(secrets, domains)
    kinds += privacy_jobs(register, site_settings)
    db.subscribers = reactions
    owner = f"{socket.gethostname()[:30]}:{os.getpid()}:{new_secret()[:6]}"
    runner = JobRunner(db, kinds, reactions, owner=owner)
    gauges = [*JOB_GAUGES, *(gauge for domain in domains for gauge in domain.gauges)]
    watch = Watch(db, LateMachine(settings.data_dir), gauges, house_checks(db, keeper, blobs))
    front_desk = FrontDesk(
        passwords,
        Mint(secrets.jwt_secret, settings.access_token_ttl, settings.refresh_token_ttl),
        ClaimToken(settings.data_dir),
        DesktopTokens(clock),
    )
    ports = Ports(
        db,
        clock,
        bus,
        search,
        keeper,
        blobs,
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
        moving=moving,
        links=links,
        menus=menus,
        parts=parts,
        footprints=Footprints(db, clock),
        consents=consents,
        voices=voices,
        watch=watch,
        register=register,
        alarm=Alarm(watch, site_settings, owner),
        logs=logs,
    )
    _join_bus(ports)
    _join_gateway(gateway, till)
    return ports


async def _actor_of(db: Database, user_id: UUID) -> Actor | None:
    return await db.query(identity.actor_of_user, user_id)


def search_engines(
    settings: Settings, site_settings: SettingsStore, db: Database, searchables: Sequence[Searchable]
) -> ChosenSearch:
    """Return the search engines, of which the site's settings choose one."""

    def words() -> SearchWords:
        site = site_settings.site
        return search_words(site.general.language, tuple(site.search.synonyms))

    numbers = [name for searchable in searchables for name in searchable.numbers]
    engines: Mapping[str, SearchIndex] = {
        "tantivy": TantivySearch(settings.data_dir / "search", words, numbers),
        "database": DatabaseSearch(db, words),
    }
    return ChosenSearch(engines, lambda: site_settings.site.system.feature_backends.search)


def product_domains(
    settings: Settings,
    site_settings: SettingsStore,
    blobs: BlobStore,
    categories: CategoryMemory,
    till: Till,
    links: Links,
    menus: MenuMemory,
    voices: Voices,
    moving: SiteImports,
    parts: PartsMemory,
    logs: LogBook,
) -> tuple[Letters, tuple[Domain, ...]]:
    """Return what writes e-mails, and the domains of the product, low to high."""

    def base_url(site: Site) -> str:
        return site.general.site_url or settings.frontend_url or f"http://localhost:{settings.port}"

    above = (
        media.domain(site_settings, blobs),
        accounts.domain(site_settings),
        content.domain(links, menus, voices, blobs, moving, parts),
        commerce.domain(site_settings, blobs, LatePictureSource(), categories, till, voices),
        operations.domain(site_settings, logs, LateHook()),
    )
    offered = [*messaging.TEMPLATES, *(one for domain in above for one in domain.email_templates)]
    letters = Letters(site_settings, EmailRenderer(base_url), {one.key: one for one in offered})
    return letters, (messaging.domain(letters, MAILERS), *above)


class LatePictureSource:
    """Fetches pictures from the web; what speaks HTTP is imported with the first one."""

    async def fetch(self, address: str, limit_bytes: int) -> bytes:
        found: bytes = await import_module("adapters.web.fetch").WebPictureSource().fetch(address, limit_bytes)
        return found


def register_of(secrets: Secrets, domains: Sequence[Domain]) -> Register:
    """Return the register of what every domain holds of people."""
    personal = [*HELD, *(part for domain in domains for part in domain.personal)]
    retentions = [*KEPT_FOR, *(one for domain in domains for one in domain.retentions)]
    return Register(secrets, personal, retentions)


class LateHook:
    """Tells other systems; what speaks HTTP is imported with the first time."""

    async def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the status with which the other side took it."""
        status: int = await import_module("adapters.web.hook").WebHook().post(address, body, headers)
        return status


class LateMachine:
    """Reads this machine; what knows how is imported with the first reading."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._machine: Machine | None = None

    def read(self) -> MachineState:
        """Return how the machine is."""
        if self._machine is None:
            self._machine = import_module("adapters.machine.local").LocalMachine(self._folder)
        return self._machine.read()


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
    listeners = [*own, *(one for domain in ports.domains for one in domain.listeners)]

    async def hear(recorded: RecordedFact) -> None:
        for listener in listeners:
            if isinstance(recorded.fact, listener.on):
                await listener.hear(recorded)

    async def publish(committed: Committed) -> None:
        await ports.bus.publish(committed.facts)

    ports.bus.subscribe(hear)
    ports.db.after_commit.append(publish)
