"""Which engine serves what: the settings' choices, with what follows where nothing was chosen."""

from dataclasses import dataclass
from typing import Literal, get_args

from app.settings import Settings
from engine.core.errors import Invalid

CacheName = Literal["disk", "memory", "redis"]
BusName = Literal["database", "kafka"]
SearchName = Literal["tantivy", "elasticsearch", "database"]
StorageName = Literal["local", "s3", "azure"]
SHARED = "shared_hosting"
STORAGES: tuple[StorageName, ...] = get_args(StorageName)


@dataclass(frozen=True, slots=True)
class Backends:
    """The engines of one process. search: None where the site's settings decide, at any time."""

    cache: CacheName
    storage: StorageName
    search: SearchName | None
    bus: BusName
    mode: str = "standalone"

    def overrides(self) -> dict[str, str]:
        """Return the site settings that show these choices, by wire path."""
        chosen = {"cache": self.cache, "storage": self.storage, "search": self.search, "queue": self.bus}
        shown = {f"system.featureBackends.{name}": value for name, value in chosen.items() if value}
        return {**shown, "system.deploymentMode": self.mode}


def backends_of(settings: Settings) -> Backends:
    """Return what this process runs on. Raises Invalid where a chosen engine has no address."""
    if settings.deployment_mode == SHARED:
        return _shared(settings)
    cache = settings.cache or ("redis" if settings.redis_url else "disk")
    if cache == "redis" and settings.redis_url is None:
        raise Invalid("The cache is to be redis and no address is known; set REDIS_URL, or AGORA_CACHE to disk.")
    return Backends(cache, _storage(settings), _search(settings), _bus(settings))


def _shared(settings: Settings) -> Backends:
    """Return what shared hosting uses: the database for all, and memory. Raises Invalid where another was chosen."""
    for name, only in (("cache", "memory"), ("search", "database"), ("bus", "database")):
        chosen = getattr(settings, name)
        if chosen not in {None, only}:
            raise Invalid(
                f"Shared hosting uses {only} for the {name}, and {chosen} is chosen; remove AGORA_{name.upper()}, "
                "or set AGORA_DEPLOYMENT_MODE to standalone."
            )
    return Backends("memory", _storage(settings), "database", "database", SHARED)


def _storage(settings: Settings) -> StorageName:
    storage = settings.storage or _likely_storage(settings)
    if storage == "azure" and not (settings.azure_account and settings.azure_key):
        raise Invalid("Files are to be kept in Azure; set AGORA_AZURE_ACCOUNT and AGORA_AZURE_KEY.")
    if storage == "s3" and bool(settings.s3_access_key) != bool(settings.s3_secret_key):
        raise Invalid("Files are to be kept in S3; set both S3_ACCESS_KEY and S3_SECRET_KEY.")
    return storage


def _bus(settings: Settings) -> BusName:
    has_brokers = bool(settings.kafka_brokers) and settings.kafka_enabled
    if settings.bus == "kafka" and not has_brokers:
        raise Invalid("Facts are to travel by kafka and no address is known; set KAFKA_BROKERS.")
    return settings.bus or ("kafka" if has_brokers else "database")


def _search(settings: Settings) -> SearchName | None:
    has_server = settings.elasticsearch_url is not None and settings.elasticsearch_enabled
    if settings.search == "elasticsearch" and not has_server:
        raise Invalid("The search is to be elasticsearch and no address is known; set ELASTICSEARCH_URL.")
    return settings.search or ("elasticsearch" if has_server else None)


def named_storage(settings: Settings) -> StorageName:
    """Return which object storage the settings name, chosen or not; local where none is."""
    if settings.s3_access_key or settings.s3_endpoint:
        return "s3"
    return "azure" if settings.azure_account else "local"


def _likely_storage(settings: Settings) -> StorageName:
    """Return the named storage, unless files are kept in the data folder already: they would be missed."""
    folder = settings.data_dir / "files"
    return "local" if folder.is_dir() and any(folder.iterdir()) else named_storage(settings)
