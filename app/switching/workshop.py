"""The process's tools for changing a service: asking another engine, and taking along what the old one holds."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence

from anyio import to_thread
from pydantic import SecretStr

from app.backends import backends_of
from app.engines import bus_lag_of, open_blobs, open_bus, open_cache, search_engines
from app.settings import Settings
from app.switching import databases, values
from engine.core.database import Database
from engine.core.errors import Unavailable
from engine.core.i18n import _
from engine.core.mirroring import mirror
from engine.core.ports import BlobStore, Clock
from engine.core.probing import ask_blobs, ask_cache
from engine.core.searching import Searchable
from engine.core.settings import SettingsStore
from engine.operations.services.ports import Standing, Tell, Trial, Values

PATIENCE_SECONDS = 20.0
DRAIN_SECONDS = 120.0
#: A key that the store for everybody takes, and one that the other takes.
PROBES = ("media/probe/w320.webp", "probe")


class Tools:
    """A Workshop over the settings of this process."""

    def __init__(
        self,
        settings: Settings,
        site: SettingsStore,
        db: Database,
        blobs: BlobStore,
        searchables: Callable[[], Sequence[Searchable]],
        clock: Clock,
    ) -> None:
        self._settings, self._site, self._db, self._blobs = settings, site, db, blobs
        self._searchables, self._clock = searchables, clock

    @property
    def _search(self) -> str:
        return self._site.site.system.feature_backends.search

    def standing(self, role: str) -> Standing:
        """Return what serves now."""
        choice = values.choice_of(self._settings, role, self._search)
        return Standing(role, choice, address_of(self._settings, choice), values.fixed_by(role))

    def typed(self, role: str, choice: str) -> Mapping[str, str]:
        """Return what is known of a choice, without passwords."""
        return values.typed_of(self._settings, role, choice)

    def values(self, role: str, choice: str, typed: Mapping[str, str]) -> Values:
        """Return what agora.toml is to say. Raises Invalid."""
        return values.values_of(self._settings, role, choice, typed)

    def current(self, role: str) -> Values:
        """Return what agora.toml would say for what serves now."""
        return values.current(self._settings, role, self._search)

    async def try_out(self, role: str, wanted: Values) -> Trial:
        """Ask the engine that these values name. Raises Invalid, Conflict or Unavailable, in one sentence."""
        target = values.applied(self._settings, wanted)
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                counts = await self._ask(role, target)
        except TimeoutError:
            said = _("It did not answer within {seconds} seconds.").having(seconds=int(PATIENCE_SECONDS))
            raise Unavailable(said) from None
        took = (time.perf_counter() - began) * 1000
        choice = values.choice_of(target, role, self._search)
        return Trial(address_of(target, choice), round(took, 1), counts)

    async def _ask(self, role: str, target: Settings) -> Mapping[str, int]:
        match role:
            case "database":
                return await to_thread.run_sync(
                    lambda: databases.try_out(self._settings, target), abandon_on_cancel=True
                )
            case "cache":
                await self._ask_cache(target)
                return {}
            case "queue":
                await self._ask_bus(target)
                return {"facts": await self._waiting()}
            case "storage":
                return await self._ask_files(target)
            case "search":
                await self._ask_search(target)
                return {}
        return {"facts": await self._waiting()}

    async def _ask_cache(self, target: Settings) -> None:
        cache = open_cache(backends_of(target).cache, target, self._clock)
        if cache.name == "disk":
            return  # its folder may be this very process's
        try:
            await ask_cache(cache.chosen)
        finally:
            await cache.close()

    async def _ask_bus(self, target: Settings) -> None:
        bus, _reactions, _jobs = open_bus(backends_of(target).bus, target, self._db)
        probe = getattr(bus, "probe", None)
        if probe is not None:
            await probe()

    async def _ask_files(self, target: Settings) -> Mapping[str, int]:
        blobs = open_blobs(backends_of(target).storage, target, self._clock)
        for key in PROBES:
            await ask_blobs(blobs, key)
        here = [one async for one in self._blobs.listed()]
        there = {one.key: one.size_bytes async for one in blobs.listed()}
        missing = [one for one in here if there.get(one.key) != one.size_bytes]
        return {"files": len(here), "missing": len(missing), "bytes": sum(one.size_bytes for one in missing)}

    async def _ask_search(self, target: Settings) -> None:
        chosen = backends_of(target).search
        if chosen != "elasticsearch":
            return
        engines = search_engines(target, self._site, self._db, self._searchables())
        try:
            await engines.engine("elasticsearch").state()
        finally:
            await engines.engine("elasticsearch").close()

    async def _waiting(self) -> int:
        return await self._db.query(bus_lag_of(backends_of(self._settings).bus))

    async def prepare(self, role: str, wanted: Values, tell: Tell) -> None:
        """Take along what can be taken while the site goes on. Raises what stands in the way."""
        target = values.applied(self._settings, wanted)
        if role == "storage":
            await mirror(self._blobs, open_blobs(backends_of(target).storage, target, self._clock), tell)
        elif role in {"queue", "mode"} and backends_of(self._settings).bus == "kafka":
            await self._drain(tell)

    async def _drain(self, tell: Tell) -> None:
        """Wait until every fact was handed to Kafka, for as long as it goes on; what is left is kept for a way back."""
        first = left = await self._waiting()
        until = time.monotonic() + DRAIN_SECONDS
        while left and time.monotonic() < until:
            tell(first - left, first)
            await asyncio.sleep(0.5)
            left = await self._waiting()
            first = max(first, left)


def address_of(settings: Settings, choice: str) -> str:
    """Return where an engine is, as it may be shown; empty where it is nowhere in particular."""
    return _PLACES[choice](settings) if choice in _PLACES else ""


def _bare(secret: SecretStr | None) -> str:
    return values.shown(secret.get_secret_value()) if secret else ""


_PLACES: Mapping[str, Callable[[Settings], str]] = {
    "sqlite": lambda here: here.database.shown.removeprefix("sqlite:///"),
    "postgresql": lambda here: values.shown(here.database.shown),
    "disk": lambda here: str(here.data_dir / "cache"),
    "redis": lambda here: _bare(here.redis_url),
    "kafka": lambda here: here.kafka_brokers or "",
    "tantivy": lambda here: str(here.data_dir / "search"),
    "elasticsearch": lambda here: _bare(here.elasticsearch_url),
    "local": lambda here: str(here.data_dir / "files"),
    "s3": lambda here: f"{here.s3_endpoint or 'Amazon'}: {here.s3_bucket_media}, {here.s3_bucket_labels}",
    "azure": lambda here: f"{here.azure_account or ''}: {here.azure_container_media}, {here.azure_container_labels}",
}
