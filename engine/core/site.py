"""What an organisation decides about its site: one Pydantic model a settings key, with the guide's fields and ours.

`Secret` fields are encrypted at rest and masked on the way out.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from engine.core.money import is_currency


class SecretMark:
    """Marks a field whose value is kept encrypted and shown masked."""


Secret = Annotated[str, SecretMark(), Field(max_length=8_000)]


def _locale(value: str) -> str:
    try:
        Locale.parse(value, sep="-")
    except (ValueError, UnknownLocaleError):
        raise ValueError(f"“{value}” is not a language; use a code such as en, en-GB or de") from None
    return value


def _timezone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"“{value}” is not a time zone; use a name such as Europe/London or America/New_York")
    return value


def _currency(value: str) -> str:
    if not is_currency(value.upper()):
        raise ValueError(f"“{value}” is not a currency; use an ISO 4217 code such as USD or EUR")
    return value.upper()


def _email(value: str) -> str:
    if not value:
        return value
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError(f"“{value}” is not an e-mail address; write it like name@example.org") from None


def _address(value: str) -> str:
    if value and not value.startswith(("https://", "http://", "/")):
        raise ValueError(f"“{value}” is not an address; start it with https:// or /")
    return value


def _colour(value: str) -> str:
    digits = value.removeprefix("#")
    if len(digits) != 6 or any(c not in "0123456789abcdefABCDEF" for c in digits):
        raise ValueError(f"“{value}” is not a colour; write it like #0f766e")
    return "#" + digits.lower()


Language = Annotated[str, AfterValidator(_locale)]
TimeZone = Annotated[str, AfterValidator(_timezone)]
Currency = Annotated[str, AfterValidator(_currency)]
Email = Annotated[str, AfterValidator(_email), Field(max_length=320)]
Link = Annotated[str, AfterValidator(_address), Field(max_length=2_000)]
Colour = Annotated[str, AfterValidator(_colour)]
Line = Annotated[str, Field(max_length=200)]
Paragraph = Annotated[str, Field(max_length=5_000)]


class Settings(BaseModel):
    """Base of all settings models: camelCase on the wire, unknown fields refused, frozen."""

    key: ClassVar[str]
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class General(Settings):
    """Who the organisation is, and how its site writes dates and money."""

    key = "general"
    site_name: Line = "Agora"
    tagline: Line = ""
    site_url: Link = ""
    contact_email: Email = ""
    phone: Line = ""
    logo: Link = ""
    favicon: Link = ""
    language: Language = "en"
    timezone: TimeZone = "UTC"
    currency: Currency = "USD"
    date_format: Literal["short", "medium", "long"] = "medium"
    first_day_of_week: Literal["monday", "sunday", "saturday"] = "monday"
    units: Literal["metric", "imperial"] = "metric"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Theme(Settings):
    """Colours, typography, layout and buttons of the storefront."""

    key = "theme"
    accent_color: Colour = "#0f766e"
    color_scheme: Literal["auto", "light", "dark"] = "auto"
    heading_font: Literal["inter", "system", "serif", "mono"] = "inter"
    body_font: Literal["inter", "system", "serif", "mono"] = "inter"
    base_font_size: Annotated[int, Field(ge=14, le=20)] = 17
    layout_width: Literal["narrow", "normal", "wide"] = "normal"
    button_style: Literal["square", "rounded", "pill"] = "rounded"


class Seo(Settings):
    """What search engines and social networks see."""

    key = "seo"
    title_template: Line = "{title} – {site}"
    meta_description: Annotated[str, Field(max_length=320)] = ""
    robots_txt: Paragraph = ""
    sitemap_enabled: bool = True
    structured_data_enabled: bool = True
    social_image: Link = ""
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
    """How shoppers pay: Stripe's keys, and the organisation's details for cash and bank transfer."""

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
    payment_methods: Annotated[list[Line], Field(max_length=20)] = ["card"]
    capture_method: Literal["automatic", "manual"] = "automatic"
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


class Reach(StrEnum):
    """Who may reach a surface."""

    THIS_MACHINE = "this-machine"
    LOCAL_NETWORK = "local-network"
    EVERYONE = "everyone"


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
    search: Literal["database"] = "database"
    cache: Literal["memory"] = "memory"
    queue: Literal["database"] = "database"
    storage: Literal["local"] = "local"


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
    salesforce: Salesforce = Salesforce()


class EmailSettings(Settings):
    """How e-mails leave the house. `outbox` keeps them in the admin until a provider is set."""

    key = "email"
    enabled: bool = True
    provider: Literal["outbox", "smtp", "sendgrid", "mailgun", "ses", "postmark", "resend"] = "outbox"
    from_name: Line = ""
    from_email: Email = ""
    reply_to_email: Email = ""
    credentials: Annotated[dict[str, Secret], Field(max_length=12)] = {}
    rate_limit_per_hour: Annotated[int, Field(ge=1, le=100_000)] = 500
    test_mode: bool = False
    test_recipient: Email = ""


class Shipping(Settings):
    """What delivery costs and where it goes."""

    key = "shipping"
    flat_rate_enabled: bool = True
    flat_rate_label: Line = "Standard delivery"
    flat_rate_minor: Annotated[int, Field(ge=0, le=100_000_000)] = 500
    free_from_minor: Annotated[int | None, Field(ge=0, le=10_000_000_000)] = None
    countries: Annotated[list[Annotated[str, Field(pattern="^[A-Z]{2}$")]], Field(max_length=300)] = []
    pickup_enabled: bool = False
    pickup_label: Line = "Pick up"
    pickup_instructions: Paragraph = ""


class Tax(Settings):
    """One rate, inside the prices or on top of them."""

    key = "tax"
    enabled: bool = False
    label: Line = "VAT"
    rate_percent: Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4)] = Decimal(0)
    prices_include_tax: bool = True
    applies_to_shipping: bool = True


KEYS: tuple[type[Settings], ...] = (General, Theme, Seo, Analytics, Payments, System, EmailSettings, Shipping, Tax)
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
        "pickup_label",
    ),
    Tax: ("enabled", "label", "rate_percent", "prices_include_tax"),
}  # fmt: skip


def is_secret(annotation: Any, metadata: Any = ()) -> bool:
    """Return whether a field's type is marked `Secret`."""
    marks = [*metadata, *getattr(annotation, "__metadata__", ())]
    return any(isinstance(mark, SecretMark) for mark in marks)
