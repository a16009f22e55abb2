"""Everything that a request, a job or a command may use: one frozen value, made in `app/wiring.py`."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.accounts.front_desk import FrontDesk
from engine.api.pagecache.expiring import Expiry
from engine.commerce.catalog.memory import CategoryMemory
from engine.commerce.ordering.payment_flows import Till
from engine.commerce.ports import TrialGateway
from engine.content.forms.ports import Cashier
from engine.content.moving.imports import SiteImports
from engine.content.pages.checking import Contrast
from engine.content.pages.parts import PartsMemory
from engine.content.public import Footprints, MenuMemory
from engine.content.speech.voices import Voices
from engine.core import demosettings
from engine.core.actor import Actor
from engine.core.blocks.declaring import Book, Moment
from engine.core.caching import SteadyCache
from engine.core.consent import Consents
from engine.core.database import Database
from engine.core.demo import DemoPart
from engine.core.domain import Domain
from engine.core.linking import Addresses, Links
from engine.core.ports import BlobStore, Cache, Clock, FactBus, SearchIndex
from engine.core.probing import Engine
from engine.core.resource import Resource
from engine.core.running import JobRunner
from engine.core.searchkeeping import SearchKeeper
from engine.core.secrets import Secrets
from engine.core.settings import SettingsStore, Site
from engine.messaging.templates import Letters
from engine.operations.alerting.alarm import Alarm
from engine.operations.backups.backups import Backups
from engine.operations.logs.reading import LogBook
from engine.operations.network.network import Network
from engine.operations.privacy.register import Register
from engine.operations.services.switching import Services
from engine.operations.sites import SiteFiles
from engine.operations.updates.updates import Updates
from engine.operations.watch.watching import Watch


@dataclass(frozen=True, slots=True)
class Ports:
    """The wired house."""

    db: Database
    clock: Clock
    bus: FactBus
    search: SearchIndex
    keeper: SearchKeeper
    blobs: BlobStore
    cache: SteadyCache
    counters: Cache
    engines: tuple[Engine, ...]
    secrets: Secrets
    settings: SettingsStore
    categories: CategoryMemory
    domains: tuple[Domain, ...]
    resources: Mapping[str, Resource]
    jobs: JobRunner
    front_desk: FrontDesk
    till: Till
    trial_gateway: TrialGateway
    letters: Letters
    links: Links
    menus: MenuMemory
    parts: PartsMemory
    footprints: Footprints
    consents: Consents
    blocks: Book
    contrast: Contrast
    moving: SiteImports
    sites: SiteFiles
    voices: Voices
    cashier: Cashier
    backups: Backups
    services: Services
    watch: Watch
    register: Register
    alarm: Alarm
    logs: LogBook
    expiry: Expiry
    network: Network
    updates: Updates

    @property
    def addresses(self) -> list[Addresses]:
        """The parts of the sitemap, as the house's domains offer them."""
        return [one for domain in self.domains for one in domain.addresses]

    @property
    def demo_parts(self) -> list[DemoPart]:
        """What the house's domains add to a demo, its settings first."""
        return [demosettings.PART, *(domain.demo for domain in self.domains if domain.demo is not None)]

    def moment(self, actor: Actor) -> Moment:
        """Return for whom and when a page is drawn: for the actor, now."""
        general = self.site.general
        return Moment(actor, self.clock.now(), general.language, general, self.links)

    @property
    def site(self) -> Site:
        """The organisation's settings as they are now."""
        return self.settings.site
