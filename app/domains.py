"""The domains of the product, low to high, and what they share."""

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.email.outbox import open_outbox
from app.engines import LateHook, LatePictureSource, open_smtp
from app.settings import Settings
from engine.accounts import domain as accounts
from engine.commerce import domain as commerce
from engine.commerce.catalog.memory import CategoryMemory
from engine.commerce.ordering.payment_flows import Till
from engine.content import domain as content
from engine.content.forms.ports import Cashier
from engine.content.moving.imports import SiteImports
from engine.content.pages.parts import PartsMemory
from engine.content.public import MenuMemory
from engine.content.speech.voices import Voices
from engine.core.domain import Domain
from engine.core.linking import Links
from engine.core.ports import BlobStore
from engine.core.settings import SettingsStore, Site
from engine.media import domain as media
from engine.messaging import domain as messaging
from engine.messaging.ports import OpenMailer
from engine.messaging.templates import Letters
from engine.operations import domain as operations
from engine.operations.backups.backups import Backups
from engine.operations.logs.reading import LogBook
from engine.operations.sites import SiteFiles
from engine.operations.updates.updates import Updates
from ui.emails.renderer import EmailRenderer

MAILERS: Mapping[str, OpenMailer] = {"outbox": open_outbox, "smtp": open_smtp}


@dataclass(frozen=True)
class Shared:
    """What domains work with that the house around them knows too."""

    settings: Settings
    site_settings: SettingsStore
    blobs: BlobStore
    categories: CategoryMemory
    till: Till
    links: Links
    menus: MenuMemory
    voices: Voices
    moving: SiteImports
    parts: PartsMemory
    sites: SiteFiles
    cashier: Cashier
    backups: Backups
    logs: LogBook
    updates: Updates


def product_domains(shared: Shared) -> tuple[Letters, tuple[Domain, ...]]:
    """Return what writes e-mails, and the domains of the product, low to high."""
    settings, site_settings, blobs = shared.settings, shared.site_settings, shared.blobs

    def base_url(site: Site) -> str:
        return site.general.site_url or settings.frontend_url or f"http://localhost:{settings.port}"

    above = (
        media.domain(site_settings, blobs),
        accounts.domain(site_settings),
        content.domain(shared.links, shared.menus, shared.voices, blobs, shared.moving, shared.parts, shared.cashier),
        commerce.domain(site_settings, blobs, LatePictureSource(), shared.categories, shared.till, shared.voices),
        operations.domain(shared.sites, shared.backups, site_settings, shared.logs, LateHook(), blobs, shared.updates),
    )
    offered = [*messaging.TEMPLATES, *(one for domain in above for one in domain.email_templates)]
    letters = Letters(site_settings, EmailRenderer(base_url), {one.key: one for one in offered})
    return letters, (messaging.domain(letters, MAILERS), *above)
