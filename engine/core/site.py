"""What an organisation decides about its site: one Pydantic model a settings key, with the guide's fields and ours."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from engine.core.actor import Actor
from engine.core.alertsettings import AlertSettings
from engine.core.backupsettings import BackupSettings
from engine.core.blogsettings import Blog, Reviews
from engine.core.consentsettings import ConsentSettings
from engine.core.distance import Distance
from engine.core.emailsettings import EmailSettings
from engine.core.i18n import Message, _
from engine.core.logsettings import LogSettings
from engine.core.networksettings import LocalNetwork
from engine.core.opening import SiteStatus
from engine.core.plaintext import is_blank
from engine.core.privacysettings import PrivacySettings
from engine.core.programsettings import ProgramSettings
from engine.core.searchsettings import SearchSettings
from engine.core.setting import (
    Colour,
    Currency,
    Email,
    Language,
    Line,
    Link,
    Meaning,
    Paragraph,
    Picture,
    Secret,
    Settings,
    TimeZone,
    is_secret,
)
from engine.core.signinsettings import SignInSettings
from engine.core.spamsettings import SpamSettings


class General(Settings):
    """Who the organisation is, and how its site writes dates and money."""

    key = "general"
    site_name: Line = "Agora"
    tagline: Line = ""
    site_url: Link = ""
    contact_email: Email = ""
    phone: Line = ""
    logo: Picture = ""
    favicon: Picture = ""
    language: Language = "en"
    timezone: TimeZone = "UTC"
    currency: Currency = "USD"
    date_format: Literal["short", "medium", "long"] = "medium"
    first_day_of_week: Literal["monday", "sunday", "saturday"] = "monday"
    units: Literal["metric", "imperial"] = "metric"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def refused(self, before: Settings, actor: Actor) -> dict[str, Message]:
        """A site has a name that can be read."""
        return {"siteName": _("This is required.")} if is_blank(self.site_name) else {}


class Theme(Settings):
    """Colours, typography, layout and buttons of the storefront, and what its front page opens with.

    hero: what greets a visitor. Empty: the tagline, a product's picture, and the way to all products.
    """

    key = "theme"
    accent_color: Colour = "#0f766e"
    background: Literal["warm", "white", "cool", "tinted"] = "warm"
    color_scheme: Literal["auto", "light", "dark"] = "auto"
    heading_font: Literal["inter", "system", "serif", "mono"] = "inter"
    body_font: Literal["inter", "system", "serif", "mono"] = "inter"
    base_font_size: Annotated[int, Field(ge=14, le=20)] = 17
    layout_width: Literal["narrow", "normal", "wide"] = "normal"
    button_style: Literal["square", "rounded", "pill"] = "rounded"
    button_fill: Literal["solid", "outline"] = "solid"
    card_ratio: Literal["portrait", "square", "landscape"] = "portrait"
    card_style: Literal["plain", "framed", "centered"] = "plain"
    hero_heading: Line = ""
    hero_text: Annotated[str, Meaning("paragraph"), Field(max_length=500)] = ""
    hero_image: Picture = ""
    hero_image_alt: Line = ""
    hero_button_label: Line = ""
    hero_button_url: Link = ""


class Seo(Settings):
    """What search engines and social networks see."""

    key = "seo"
    title_template: Line = "{title} – {site}"
    meta_description: Annotated[str, Field(max_length=320)] = ""
    robots_txt: Paragraph = ""
    sitemap_enabled: bool = True
    llms_enabled: bool = True
    structured_data_enabled: bool = True
    social_image: Picture = ""
    twitter_handle: Line = ""
    facebook_url: Link = ""
    instagram_url: Link = ""


class TrackingConfig(Settings):
    """What is told to the analytics provider."""

    key = "analytics.trackingConfig"
    anonymize_ip: bool = True
    track_page_views: bool = True
    track_ecommerce: bool = True
    track_course_progress: bool = True
    cookie_consent: bool = True


class Analytics(Settings):
    """Google Analytics 4."""

    key = "analytics"
    provider: Literal["ga4"] = "ga4"
    measurement_id: Line = ""
    api_secret: Secret = ""
    enabled: bool = False
    tracking_config: TrackingConfig = TrackingConfig()


class Payments(Settings):
    """How shoppers pay: Stripe's keys, and the organisation's details for cash and bank transfer.

    test_gateway_for_everyone: offer the test gateway, which sells for nothing, also where everyone reaches the shop.
    """

    key = "payments"
    provider: Literal["stripe"] = "stripe"
    enabled: bool = False
    mode: Literal["test", "live"] = "test"
    test_publishable_key: Line = ""
    test_secret_key: Secret = ""
    test_webhook_secret: Secret = ""
    live_publishable_key: Line = ""
    live_secret_key: Secret = ""
    live_webhook_secret: Secret = ""
    currency: Currency = "USD"
    payment_methods: list[Line] = Field(default=["card"], max_length=20)
    capture_method: Literal["automatic", "manual"] = "automatic"
    test_gateway_for_everyone: bool = False
    manual_enabled: bool = True
    manual_instructions: Paragraph = ""


class SurfaceName(StrEnum):
    """The parts of Agora that have a door of their own."""

    STOREFRONT = "storefront"
    ACCOUNT = "account"
    KIOSK = "kiosk"
    ADMIN = "admin"
    API = "api"
    METRICS = "metrics"


#: What a shopper needs: the shop itself, and their account in it.
SHOPPERS = (SurfaceName.STOREFRONT, SurfaceName.ACCOUNT)


class Reach(StrEnum):
    """Who may reach a surface."""

    THIS_MACHINE = "this-machine"
    LOCAL_NETWORK = "local-network"
    EVERYONE = "everyone"

    def admits(self, distance: Distance) -> bool:
        """Return whether a client at this distance may reach a surface with this switch."""
        match self:
            case Reach.EVERYONE:
                return True
            case Reach.LOCAL_NETWORK:
                return distance is not Distance.AWAY
            case Reach.THIS_MACHINE:
                return distance is Distance.THIS_MACHINE


class Surfaces(Settings):
    """Each surface's switch."""

    key = "system.surfaces"
    storefront: Reach = Reach.THIS_MACHINE
    account: Reach = Reach.THIS_MACHINE
    kiosk: Reach = Reach.THIS_MACHINE
    admin: Reach = Reach.THIS_MACHINE
    api: Reach = Reach.THIS_MACHINE
    metrics: Reach = Reach.THIS_MACHINE


class FeatureBackends(Settings):
    """Which engine serves search, cache, queue and files."""

    key = "system.featureBackends"
    search: Literal["tantivy", "elasticsearch", "database"] = "tantivy"
    cache: Literal["disk", "memory", "redis"] = "disk"
    queue: Literal["database", "kafka"] = "database"
    storage: Literal["local", "s3", "azure"] = "local"


class Salesforce(Settings):
    """Sign-in for Salesforce."""

    key = "system.salesforce"
    enabled: bool = False
    auth_method: Literal["jwt", "oauth"] = "jwt"
    client_id: Line = ""
    client_secret: Secret = ""
    username: Line = ""
    private_key: Secret = ""
    login_url: Link = "https://login.salesforce.com"


class System(Settings):
    """How this installation runs. A super admin's."""

    key = "system"
    deployment_mode: Literal["standalone", "shared_hosting"] = "standalone"
    feature_backends: FeatureBackends = FeatureBackends()
    surfaces: Surfaces = Surfaces()
    network: LocalNetwork = LocalNetwork()
    salesforce: Salesforce = Salesforce()

    def refused(self, before: Settings, actor: Actor) -> dict[str, Message]:
        """Nobody closes the admin to where they are, by whichever door they came."""
        was = before.surfaces.admin if isinstance(before, System) else Reach.EVERYONE
        if actor.distance is None or not was.admits(actor.distance) or self.surfaces.admin.admits(actor.distance):
            return {}
        shut_out = _("You would shut yourself out: you are not on this machine. Leave the admin open to where you are.")
        return {"surfaces.admin": shut_out}


class Shipping(Settings):
    """What delivery costs and where it goes."""

    key = "shipping"
    flat_rate_enabled: bool = True
    flat_rate_label: Line = "Standard delivery"
    flat_rate_minor: Annotated[int, Field(ge=0, le=100_000_000)] = 500
    free_from_minor: Annotated[int | None, Field(ge=0, le=10_000_000_000)] = None
    countries: list[Annotated[str, Field(pattern="^[A-Z]{2}$")]] = Field(default=[], max_length=300)
    pickup_enabled: bool = False
    pickup_label: Line = "Pick up"
    pickup_instructions: Paragraph = ""
    delivery_time: Line = ""
    returns_text: Paragraph = ""


class Catalog(Settings):
    """What holds for every product. low_stock: at so few pieces one is nearly gone, unless it says otherwise."""

    key = "catalog"
    low_stock: Annotated[int, Field(ge=0, le=1_000_000)] = 5


class MediaLibrary(Settings):
    """What the media library takes. max_upload_mb: the largest file, in megabytes of 1024 × 1024 bytes.

    link_minutes: how long a link to a gated file opens it.
    """

    key = "media"
    max_upload_mb: Annotated[int, Field(ge=1, le=500)] = 100
    link_minutes: Annotated[int, Field(ge=1, le=10_080)] = 15


class Tax(Settings):
    """One rate, inside the prices or on top of them."""

    key = "tax"
    enabled: bool = False
    label: Line = "VAT"
    rate_percent: Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)] = Decimal(0)
    prices_include_tax: bool = True
    applies_to_shipping: bool = True


KEYS: tuple[type[Settings], ...] = (
    General, Theme, Seo, Analytics, Payments, System, EmailSettings, Shipping, Tax, SearchSettings,
    SiteStatus, ConsentSettings, BackupSettings,
    Blog, Catalog, MediaLibrary, Reviews, SpamSettings, LogSettings, AlertSettings,
    PrivacySettings, SignInSettings, ProgramSettings,
)  # fmt: skip
BY_KEY: dict[str, type[Settings]] = {kind.key: kind for kind in KEYS}

#: What a stranger's browser may know.
PUBLIC: dict[type[Settings], tuple[str, ...]] = {
    General: (
        "site_name", "tagline", "site_url", "contact_email", "phone", "logo", "favicon", "language", "timezone",
        "currency", "date_format", "first_day_of_week", "units",
    ),
    Theme: tuple(Theme.model_fields),
    Seo: ("title_template", "meta_description", "social_image", "twitter_handle", "facebook_url", "instagram_url"),
    Analytics: ("provider", "measurement_id", "enabled", "tracking_config"),
    Payments: ("provider", "enabled", "mode", "currency", "payment_methods", "manual_enabled"),
    Shipping: (
        "flat_rate_enabled", "flat_rate_label", "flat_rate_minor", "free_from_minor", "countries", "pickup_enabled",
        "pickup_label", "delivery_time", "returns_text",
    ),
    Tax: ("enabled", "label", "rate_percent", "prices_include_tax"),
    SiteStatus: ("status", "heading", "message", "back_at"),
}  # fmt: skip

__all__ = (
    "BY_KEY", "KEYS", "PUBLIC", "SHOPPERS", "AlertSettings", "Analytics", "BackupSettings", "Blog", "Catalog",
    "ConsentSettings", "EmailSettings", "FeatureBackends", "General", "LocalNetwork", "LogSettings", "MediaLibrary",
    "Payments", "PrivacySettings", "ProgramSettings", "Reach", "Reviews", "Salesforce", "SearchSettings", "Secret",
    "Seo", "Settings", "Shipping", "SignInSettings", "SiteStatus", "SpamSettings", "SurfaceName", "Surfaces", "System",
    "Tax", "Theme", "TrackingConfig", "is_secret",
)  # fmt: skip
