"""Which engine serves what: the settings' choices, with what follows where nothing was chosen."""

from dataclasses import dataclass
from typing import Literal

from app.settings import Settings
from engine.core.errors import Invalid

CacheName = Literal["disk", "memory", "redis"]


@dataclass(frozen=True, slots=True)
class Backends:
    """The engines of one process."""

    cache: CacheName

    def overrides(self) -> dict[str, str]:
        """Return the site settings that show these choices, by wire path."""
        return {"system.featureBackends.cache": self.cache}


def backends_of(settings: Settings) -> Backends:
    """Return what this process runs on. Raises Invalid where a chosen engine has no address."""
    cache = settings.cache or ("redis" if settings.redis_url else "disk")
    if cache == "redis" and settings.redis_url is None:
        raise Invalid("The cache is to be redis and no address is known; set REDIS_URL, or AGORA_CACHE to disk.")
    return Backends(cache)
