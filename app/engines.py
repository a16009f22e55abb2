"""The engines that the settings choose, each opened with what it needs; what speaks to it is imported only then."""

import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, make_url, text

from adapters.backups.sqlite import SqliteCopies
from adapters.blobs.local import LocalBlobStore
from adapters.bus.bell import Bell
from adapters.bus.database import DatabaseBus
from adapters.cache.disk import DiskCache
from adapters.cache.memory import MemoryCache
from adapters.search.database import DatabaseSearch
from adapters.search.tantivy import TantivySearch
from app import successor
from app.backends import Backends, BusName, CacheName, StorageName, backends_of
from app.places import SecondPlaces
from app.settings import Settings
from engine.accounts.ports import Door, NewKey
from engine.core.caching import SteadyCache
from engine.core.database import Database
from engine.core.errors import Invalid, Unavailable
from engine.core.ports import BlobStore, Cache, Clock, EdgeCache, FactBus, SearchIndex, SearchWords, SystemClock
from engine.core.probing import Engine, ask_blobs, ask_cache
from engine.core.reactions import Reaction
from engine.core.running import JobKind
from engine.core.searchchoice import ChosenSearch
from engine.core.searching import Searchable
from engine.core.searchsettings import search_words
from engine.core.settings import SettingsStore
from engine.core.site import EmailSettings
from engine.media.public import is_public_key
from engine.messaging.ports import Mailer
from engine.operations.backups.making import Ground
from engine.operations.backups.ports import DatabaseCopies
from engine.operations.network.ports import Announcement, Announcer, Authority, FirewallView, Holder
from engine.operations.ports import Machine, MachineState
from engine.operations.updates.updates import Kind, Program

#: The folder by which the processes of one machine find each other.
RINGING = "ringing"


def open_cache(name: CacheName, settings: Settings, clock: Clock) -> SteadyCache:
    """Return the cache of this name. Raises Invalid where what speaks to it is not installed."""
    cache: Cache
    match name:
        case "redis":
            address = settings.redis_url.get_secret_value() if settings.redis_url else ""
            cache = _vendor("adapters.cache.redis", "redis").open_redis(address)
        case "disk":
            cache = DiskCache(settings.data_dir / "cache")
        case "memory":
            cache = MemoryCache(clock)
    return SteadyCache(name, cache, MemoryCache(clock), clock)


def open_blobs(name: StorageName, settings: Settings, clock: Clock) -> BlobStore:
    """Return the file store of this name. Raises Invalid where what speaks to it is not installed."""
    if name == "local":
        return LocalBlobStore(settings.data_dir / "files")
    store: BlobStore
    if name == "s3":
        s3 = _vendor("adapters.blobs.s3", "obstore")
        place = s3.S3Place(
            settings.s3_endpoint or "",
            settings.s3_region,
            settings.s3_access_key or "",
            settings.s3_secret_key.get_secret_value() if settings.s3_secret_key else "",
            settings.s3_bucket_media,
            settings.s3_bucket_labels,
            settings.files_url or "",
        )
        store = s3.open_s3(place, is_public=is_public_key, clock=clock)
        return store
    azure = _vendor("adapters.blobs.azure", "obstore")
    account = azure.AzurePlace(
        settings.azure_account or "",
        settings.azure_key.get_secret_value() if settings.azure_key else "",
        settings.azure_container_media,
        settings.azure_container_labels,
        settings.azure_endpoint or "",
        settings.files_url or "",
    )
    store = azure.open_azure(account, is_public=is_public_key, clock=clock)
    return store


def open_bus(name: BusName, settings: Settings, db: Database) -> tuple[FactBus, list[Reaction], list[JobKind]]:
    """Return the bus of this name, with what it does because of facts. Raises Invalid where a library is missing."""
    bell = Bell(settings.data_dir / RINGING) if settings.workers > 1 else None
    if name == "database":
        return DatabaseBus(db, bell=bell), [], []
    kafka = _vendor("adapters.bus.kafka", "aiokafka")
    place = kafka.KafkaPlace(
        settings.kafka_brokers or "",
        settings.kafka_username or "",
        settings.kafka_password.get_secret_value() if settings.kafka_password else "",
        settings.kafka_mechanism,
        settings.kafka_tls,
        str(settings.kafka_ca or ""),
    )
    bus = kafka.KafkaBus(db, place, bell=bell)
    return bus, [bus.reaction()], [bus.job()]


def bus_lag_of(name: BusName) -> Callable[[Connection], int]:
    """Return what counts the facts that wait to be carried elsewhere by the bus of this name."""
    if name == "database":
        return lambda _connection: 0
    counted: Callable[[Connection], int] = _vendor("adapters.bus.kafka", "aiokafka").backlog
    return counted


def search_engines(
    settings: Settings, site_settings: SettingsStore, db: Database, searchables: Sequence[Searchable]
) -> ChosenSearch:
    """Return the search engines, of which the site's settings choose one."""

    def words() -> SearchWords:
        site = site_settings.site
        return search_words(site.general.language, tuple(site.search.synonyms))

    numbers = [name for searchable in searchables for name in searchable.numbers]
    engines: dict[str, SearchIndex] = {
        "tantivy": TantivySearch(settings.data_dir / "search", words, numbers),
        "database": DatabaseSearch(db, words),
    }
    if settings.elasticsearch_url is not None and settings.elasticsearch_enabled:
        key, certificate = settings.elasticsearch_api_key, settings.elasticsearch_ca
        engines["elasticsearch"] = import_module("adapters.search.elasticsearch").ElasticSearch(
            settings.elasticsearch_url.get_secret_value(),
            words,
            numbers,
            index=settings.elasticsearch_index,
            api_key=key.get_secret_value() if key else "",
            ca_file=str(certificate) if certificate else "",
        )
    return ChosenSearch(engines, lambda: site_settings.site.system.feature_backends.search)


def open_smtp(settings: EmailSettings) -> Mailer:
    """Return the mail server of these settings; what speaks to it is imported with the first one."""
    mailer: Mailer = import_module("adapters.email.smtp").open_smtp(settings)
    return mailer


def engines_of(
    backends: Backends, db: Database, cache: SteadyCache, search: ChosenSearch, bus: FactBus, blobs: BlobStore
) -> tuple[Engine, ...]:
    """Return what can be asked how it is: the five engines that the house stands on."""

    async def ask_database() -> None:
        await db.query(lambda connection: connection.execute(text("SELECT 1")))

    async def ask_search() -> None:
        state = await search.state()
        if state.problem == "away":
            raise Unavailable(state.why)

    return (
        Engine("database", "sqlite" if db.is_sqlite else "postgresql", ask_database),
        Engine("search", search.name, ask_search),
        Engine("cache", backends.cache, lambda: ask_cache(cache.chosen)),
        Engine("queue", backends.bus, getattr(bus, "probe", ask_database)),
        Engine("storage", backends.storage, lambda: ask_blobs(blobs)),
    )


def ground_of(settings: Settings, clock: Clock | None = None) -> Ground:
    """Return what backups are made of: the data folder and its database."""
    address = make_url(settings.database.url)
    copies: DatabaseCopies
    if address.get_backend_name() == "sqlite":
        copies = SqliteCopies(Path(address.database or "").absolute())
    else:
        copies = import_module("adapters.backups.postgres").PostgresCopies(settings.database.url)
    clock, storage = clock or SystemClock(), backends_of(settings).storage
    store = None if storage == "local" else lambda: open_blobs(storage, settings, clock)
    return Ground(settings.data_dir, copies, clock, version_of_agora(), store, SecondPlaces(settings, clock))


def version_of_agora() -> str:
    """Return the version that is installed; empty in a build that does not say."""
    try:
        return version("agora")
    except PackageNotFoundError:
        return ""


class LatePictureSource:
    """Fetches pictures from the web; what speaks HTTP is imported with the first one."""

    async def fetch(self, address: str, limit_bytes: int) -> bytes:
        """Return the picture at an address."""
        found: bytes = await import_module("adapters.web.fetch").WebPictureSource().fetch(address, limit_bytes)
        return found


class LateHook:
    """Tells other systems; what speaks HTTP is imported with the first time."""

    async def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the status with which the other side took it."""
        status: int = await import_module("adapters.web.hook").WebHook().post(address, body, headers)
        return status


class LateDownloads:
    """Fetches announcements and programs; what speaks HTTP is imported with the first one."""

    async def fetch(self, address: str, limit_bytes: int) -> bytes:
        """Return the bytes at an address."""
        found: bytes = await self._web.fetch(address, limit_bytes)
        return found

    async def save(self, address: str, target: Path, limit_bytes: int, told: Callable[[int], Awaitable[None]]) -> str:
        """Write the bytes at an address to a file; return their SHA-256."""
        digest: str = await self._web.save(address, target, limit_bytes, told)
        return digest

    @property
    def _web(self) -> Any:
        return import_module("adapters.web.downloads").WebDownloads()


def own_program() -> Program:
    """Return what runs here, and where newer versions of it would be put."""
    kind: Kind = "source" if not successor.is_built() else "package" if successor.is_of_package() else "folder"
    return Program(version_of_agora(), kind, successor.room())


class LatePasskeys:
    """Checks passkeys; what knows how is imported with the first one."""

    def made(self, door: Door, challenge: bytes, answer: str) -> NewKey:
        """Return the key that a browser made."""
        found: NewKey = self._check.made(door, challenge, answer)
        return found

    def proven(self, door: Door, challenge: bytes, answer: str, key: NewKey) -> int:
        """Return how often the key has signed by now."""
        found: int = self._check.proven(door, challenge, answer, key)
        return found

    @property
    def _check(self) -> Any:
        return import_module("adapters.passkeys.webauthn").WebAuthnCheck()


class LateCloudflare:
    """Takes pages out of Cloudflare's cache; what knows how is imported with the first change."""

    def __init__(self, zone: str, token: str) -> None:
        self._zone, self._token = zone, token
        self._edge: EdgeCache | None = None

    async def purge(self, addresses: Sequence[str]) -> None:
        """Have pages at these addresses fetched anew."""
        await self._cloudflare.purge(addresses)

    async def purge_all(self) -> None:
        """Have everything fetched anew."""
        await self._cloudflare.purge_all()

    @property
    def _cloudflare(self) -> EdgeCache:
        if self._edge is None:
            self._edge = import_module("adapters.edge.cloudflare").Cloudflare(self._zone, self._token)
        return self._edge


def open_edge(settings: Settings) -> EdgeCache | None:
    """Return the cache between the site and its visitors that is to be told of changes, if there is one."""
    if settings.cloudflare_zone is None or settings.cloudflare_token is None:
        return None
    return LateCloudflare(settings.cloudflare_zone, settings.cloudflare_token.get_secret_value())


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


class LateFirewall:
    """Reads this machine's firewalls; what knows how is imported with the first reading."""

    def look(self, ports: Sequence[int]) -> Sequence[FirewallView]:
        """Return the firewalls that are on."""
        found: Sequence[FirewallView] = import_module("adapters.network.firewall").LocalFirewall().look(ports)
        return found


class LateAnnouncer:
    """Tells the network a name; what knows how is imported with the first one."""

    def __init__(self) -> None:
        self._announcer: Announcer | None = None

    async def announce(self, wanted: Announcement) -> str:
        """Return the name it got."""
        if self._announcer is None:
            self._announcer = import_module("adapters.network.mdns").Mdns()
        return await self._announcer.announce(wanted)

    async def has_rival(self) -> bool:
        """Return whether somebody else has the name by now."""
        return self._announcer is not None and await self._announcer.has_rival()

    async def withdraw(self) -> None:
        """Tell the network that the name is gone."""
        if self._announcer is not None:
            await self._announcer.withdraw()


class LateAuthority:
    """Vouches for this installation; what makes certificates is imported with the first one."""

    def __init__(self, data_dir: Path, clock: Clock) -> None:
        self._data_dir, self._clock = data_dir, clock
        self._authority: Authority | None = None

    def context(self, holder: Holder) -> ssl.SSLContext:
        """Return what a server speaks TLS by."""
        if self._authority is None:
            self._authority = import_module("adapters.network.authority").LocalAuthority(self._data_dir, self._clock)
        return self._authority.context(holder)


def local_addresses() -> Sequence[str]:
    """Return this machine's addresses on the local network; what reads them is imported with the first time."""
    found: Sequence[str] = import_module("adapters.network.interfaces").local_addresses()
    return found


def _vendor(module: str, library: str) -> Any:
    """Return an adapter's module, imported only now that it was chosen. Raises Invalid where its library is missing."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != library:
            raise
        raise Invalid(f"The library {library} is not installed. Run: make services") from error
