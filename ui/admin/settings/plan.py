"""The order of the settings: a page a key, its groups, and what stands in each."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from engine.core.i18n import Message, _

STRIPE = "stripe"


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading, by their wire names without the key. provider: the payment provider that needs them."""

    title: Message
    fields: tuple[str, ...]
    help: Message | None = None
    provider: str = ""


@dataclass(frozen=True, slots=True)
class SettingsPlan:
    """One page of the settings."""

    key: str
    title: Message
    text: Message
    groups: tuple[Group, ...]

    @property
    def url(self) -> str:
        """Its page."""
        return f"/admin/settings/{self.key.replace('_', '-')}"

    def with_providers(self, providers: Collection[str]) -> "SettingsPlan":
        """Return the page without what only payment providers need that are not there."""
        groups = tuple(group for group in self.groups if not group.provider or group.provider in providers)
        return replace(self, groups=groups)


PLANS: tuple[SettingsPlan, ...] = (
    SettingsPlan(
        "general",
        _("General"),
        _("Who you are, and how the site writes dates and money."),
        (
            Group(_("Organisation"), ("siteName", "tagline", "contactEmail", "phone")),
            Group(_("On the web"), ("siteUrl", "logo", "favicon")),
            Group(
                _("Language and numbers"),
                ("language", "timezone", "currency", "dateFormat", "firstDayOfWeek", "units"),
            ),
        ),
    ),
    SettingsPlan(
        "site_status",
        _("Site status"),
        _("Whether visitors see the site, or that it opens soon, or that you are working on it."),
        (
            Group(
                _("What visitors see"),
                ("status", "heading", "message"),
                _("Staff always see the site itself; the admin and payments go on working."),
            ),
            Group(_("When it opens"), ("backAt", "opensItself")),
        ),
    ),
    SettingsPlan(
        "theme",
        _("Look"),
        _("Colour and type of the shop, and what its front page opens with."),
        (
            Group(_("Colour"), ("accentColor", "background", "colorScheme")),
            Group(_("Type"), ("headingFont", "bodyFont", "baseFontSize")),
            Group(_("Shape"), ("layoutWidth", "buttonStyle", "buttonFill", "cardRatio", "cardStyle")),
            Group(
                _("Front page"),
                ("heroHeading", "heroText", "heroImage", "heroImageAlt", "heroButtonLabel", "heroButtonUrl"),
                _("What stays empty is taken from the shop: its line, a product’s picture, all products."),
            ),
        ),
    ),
    SettingsPlan(
        "catalog",
        _("Products"),
        _("What holds for everything you sell."),
        (Group(_("Stock"), ("lowStock",)),),
    ),
    SettingsPlan(
        "shipping",
        _("Delivery"),
        _("What delivery costs and where it goes."),
        (
            Group(_("Parcels"), ("flatRateEnabled", "flatRateLabel", "flatRateMinor", "freeFromMinor", "countries")),
            Group(_("Pick-up"), ("pickupEnabled", "pickupLabel", "pickupInstructions")),
            Group(_("What shoppers ask"), ("deliveryTime", "returnsText")),
        ),
    ),
    SettingsPlan(
        "tax",
        _("Tax"),
        _("One rate, inside the prices or on top of them."),
        (Group(_("Tax"), ("enabled", "label", "ratePercent", "pricesIncludeTax", "appliesToShipping")),),
    ),
    SettingsPlan(
        "payments",
        _("Payments"),
        _("How shoppers pay."),
        (
            Group(_("Cash and bank transfer"), ("manualEnabled", "manualInstructions")),
            Group(
                _("Cards"),
                ("enabled", "testGatewayForEveryone"),
                _("By a trial gateway, on which no money moves."),
            ),
            Group(
                _("Stripe"),
                ("provider", "mode", "currency", "paymentMethods", "captureMethod"),
                provider=STRIPE,
            ),
            Group(
                _("Stripe’s keys for tests"),
                ("testPublishableKey", "testSecretKey", "testWebhookSecret"),
                provider=STRIPE,
            ),
            Group(
                _("Stripe’s keys for real money"),
                ("livePublishableKey", "liveSecretKey", "liveWebhookSecret"),
                provider=STRIPE,
            ),
        ),
    ),
    SettingsPlan(
        "email",
        _("E-mail"),
        _("How e-mails leave the house, and in whose name."),
        (
            Group(_("Sending"), ("enabled", "provider", "rateLimitPerHour")),
            Group(
                _("Mail server"),
                tuple(f"credentials.{name}" for name in ("host", "port", "encryption", "username", "password")),
                _("Needed when e-mails leave by a mail server."),
            ),
            Group(_("Sender"), ("fromName", "fromEmail", "replyToEmail")),
            Group(_("Trying things out"), ("testMode", "testRecipient")),
        ),
    ),
    SettingsPlan(
        "seo",
        _("Search engines"),
        _("What search engines and social networks see."),
        (
            Group(_("In results"), ("titleTemplate", "metaDescription", "structuredDataEnabled")),
            Group(_("Shared links"), ("socialImage", "twitterHandle", "facebookUrl", "instagramUrl")),
            Group(_("For robots"), ("sitemapEnabled", "llmsEnabled", "robotsTxt")),
        ),
    ),
    SettingsPlan(
        "consent",
        _("Cookies"),
        _("How visitors are asked before others learn of their visit. Nothing is asked while nothing needs it."),
        (
            Group(_("The question"), ("heading", "text", "policyUrl")),
            Group(_("Asking again"), ("version",)),
        ),
    ),
    SettingsPlan(
        "media",
        _("Files"),
        _("What the media library takes."),
        (Group(_("Uploads"), ("maxUploadMb",)), Group(_("Files that are not for everybody"), ("linkMinutes",))),
    ),
    SettingsPlan(
        "search",
        _("Search"),
        _("How people find things in the shop."),
        (Group(_("Words that mean the same"), ("synonyms",)),),
    ),
    SettingsPlan(
        "blog",
        _("Blog and comments"),
        _("How your articles stand on the site, who may say something under them, and what waits for you first."),
        (
            Group(_("The first page"), ("title", "description", "layout", "postsPerPage")),
            Group(_("Beside an article"), ("showAuthor", "showDate", "showReadingTime", "relatedCount")),
            Group(_("Feeds"), ("feedLength",), _("Readers follow /blog/feed.xml or /blog/atom.xml.")),
            Group(
                _("Comments"),
                ("commentsEnabled", "commentsMembersOnly", "commentsModeration", "commentsCloseAfterDays"),
                _("How many links are fine, and which words wait, is under Spam."),
            ),
            Group(_("Being told"), ("commentsNotify",)),
        ),
    ),
    SettingsPlan(
        "reviews",
        _("Reviews"),
        _("Who may review what you sell, and who is asked to."),
        (
            Group(_("Reviews"), ("enabled", "who", "moderation", "photosEnabled")),
            Group(_("Asking buyers"), ("inviteAfterDays",)),
            Group(_("Being told"), ("notify",)),
        ),
    ),
    SettingsPlan(
        "spam",
        _("Spam"),
        _("What keeps machines out of comments, reviews and forms. It asks nobody outside."),
        (
            Group(_("What is sent"), ("heldWords", "maxLinks", "learns")),
            Group(_("How it is sent"), ("minSeconds", "perAddressHour", "perAuthorHour")),
        ),
    ),
    SettingsPlan(
        "analytics",
        _("Analytics"),
        _("What is measured, and who is told."),
        (
            Group(_("Google Analytics"), ("enabled", "provider", "measurementId", "apiSecret")),
            Group(
                _("What is told"),
                tuple(
                    f"trackingConfig.{name}"
                    for name in (
                        "cookieConsent",
                        "anonymizeIp",
                        "trackPageViews",
                        "trackEcommerce",
                        "trackCourseProgress",
                    )
                ),
            ),
        ),
    ),
    SettingsPlan(
        "backups",
        _("Backup schedule"),
        _("When copies of everything are made, where they lie, and how long they are kept. Super admins change it."),
        (
            Group(_("Each day"), ("enabled", "at", "keepDays", "continuous")),
            Group(
                _("Where and how"),
                ("folder", "passphrase", "storedFiles"),
            ),
            Group(
                _("A second place"),
                ("secondPlace", "carried"),
                _(
                    "What lies on this disk dies with it. All backups, each minute’s changes and the files of your "
                    "site are copied to a second place as well: a folder on another disk or drive, S3, or Azure."
                ),
            ),
            Group(
                _("Keys of S3"),
                ("s3Endpoint", "s3Region", "s3AccessKey", "s3SecretKey"),
                _(
                    "Only where the second place begins with s3://. Write them down elsewhere, too: without them "
                    "nobody gets at the copies once this machine is gone."
                ),
            ),
            Group(
                _("Key of Azure"),
                ("azureAccount", "azureKey", "azureEndpoint"),
                _("Only where the second place begins with azure://. Write it down elsewhere, too."),
            ),
        ),
    ),
    SettingsPlan(
        "privacy",
        _("Personal data"),
        _("How long what tells of people is kept. Agora forgets the rest at night; the audit log says how much."),
        (
            Group(_("What the law wants"), ("orderYears",)),
            Group(
                _("Days until it is forgotten"),
                (
                    "sessionDays",
                    "cartDays",
                    "searchDays",
                    "messageDays",
                    "formEntryDays",
                    "downloadDays",
                    "authorDays",
                    "auditAddressDays",
                    "auditDays",
                    "factDays",
                    "jobDays",
                ),
                _("0 keeps it. Files go with their entries, traces of spam after two days. The log has its own page."),
            ),
        ),
    ),
    SettingsPlan(
        "sign_in",
        _("Signing in"),
        _("What is asked of whoever works here. Super admins change it."),
        (
            Group(
                _("A second step for staff"),
                ("staffStepFrom",),
                _("After the password, a code of an app; a passkey is as good. Users shows who has neither yet."),
            ),
        ),
    ),
    SettingsPlan(
        "program",
        _("Program"),
        _("What the program on this machine does by itself. Super admins change it."),
        (
            Group(_("The window"), ("keepsServing", "startsAtLogin"), _("Where Agora is a program with a window.")),
            Group(
                _("New versions"),
                ("updateAddress", "updateKey"),
                _("Under Program you see what is new, and put it in place after a backup."),
            ),
        ),
    ),
    SettingsPlan(
        "alerts",
        _("Alerts"),
        _("When Agora raises the alarm, and who hears it. Each is told once, and once when it is over."),
        (
            Group(_("Being told"), ("enabled", "emails")),
            Group(
                _("Telling another system"),
                ("webhookUrl", "webhookSecret"),
                _("JSON, signed in the header agora-signature as t=seconds,v1=HMAC-SHA-256 over “seconds.body”."),
            ),
            Group(_("Quiet hours"), ("quietFrom", "quietUntil"), _("Warnings wait; what is critical never does.")),
            Group(
                _("Limits"),
                (
                    "downMinutes",
                    "cpuPercent",
                    "memoryPercent",
                    "diskPercent",
                    "slowSeconds",
                    "errorPercent",
                    "connectionsPercent",
                    "busLag",
                    "lockoutsPerHour",
                ),
            ),
        ),
    ),
    SettingsPlan(
        "logs",
        _("Log"),
        _("What Agora writes down about its own work, to find out what went wrong. It holds no secrets."),
        (Group(_("Lines"), ("level", "keepDays")),),
    ),
    SettingsPlan(
        "system",
        _("System"),
        _("What Agora runs on. Super admins change it."),
        (),
    ),
)
BY_KEY: dict[str, SettingsPlan] = {plan.key: plan for plan in PLANS}
