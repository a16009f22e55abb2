"""Every environment variable that Agora or the administration guide names, and what each one means here."""

from dataclasses import dataclass

CARRIERS_LATER = "delivery is by flat rate or pick-up; carriers' live rates are not supported yet"
PRINT_LATER = "products printed on demand are not supported yet"
WALLET_LATER = "wallet passes are not supported yet"
ONE_PORT = "one process serves everything on one port: use AGORA_PORT"
ONE_ADDRESS = "pages and API share one process and one address, so nothing has to find the other"
NO_NODE = "Agora does not run on Node.js"


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable.

    meaning: what it is, in the words of `.env.example`.
    example: a value as it would be written.
    overrides: the site setting it takes the place of; `{mode}` is `test` or `live`, read off the secret key.
    reason_if_ignored: why setting it does nothing; empty where it is used.
    """

    name: str
    meaning: str
    example: str = ""
    overrides: str | None = None
    reason_if_ignored: str = ""
    secret: bool = False

    @property
    def used(self) -> bool:
        return not self.reason_if_ignored


@dataclass(frozen=True, slots=True)
class Group:
    """Variables that belong together, under the title they have in `.env.example`."""

    title: str
    variables: tuple[Variable, ...]


def _on(name: str, what: str, overrides: str) -> Variable:
    return Variable(name, f"Whether {what} is on: true or false", "false", overrides)


def _ignored(reason: str, *variables: tuple[str, str], secret: bool = False) -> tuple[Variable, ...]:
    return tuple(Variable(name, meaning, reason_if_ignored=reason, secret=secret) for name, meaning in variables)


GROUPS = (
    Group(
        "Agora itself",
        (
            Variable("AGORA_DATA_DIR", "Folder with the database, files and secrets", "/var/lib/agora"),
            Variable("AGORA_HOST", "Address to listen on; surfaces decide where it is unset", "127.0.0.1"),
            Variable("AGORA_PORT", "Port to listen on", "8000"),
            Variable("AGORA_WORKERS", "How many processes answer requests, on one port", "4"),
            Variable(
                "AGORA_PAGE_CACHE_MB",
                "Memory of each process for finished pages of the site, 32 MB else; 0 keeps none",
                "128",
            ),
            Variable(
                "AGORA_CLOUDFLARE_ZONE",
                "The site's zone in Cloudflare, which then keeps pages, too, and is told of changes",
                "023e105f4ecef8ad9ca31a8372d0c353",
            ),
            Variable("AGORA_CLOUDFLARE_TOKEN", "A token of Cloudflare that may purge this zone's cache", secret=True),
            Variable("PORT", "The same, as hosting platforms set it; AGORA_PORT wins", "8000"),
            Variable("AGORA_HTTPS_PORT", "Port of https on the local network, where it is switched on", "8443"),
            Variable("AGORA_HOSTS", "Further host names to answer to, separated by commas", "shop.example.org"),
            Variable(
                "AGORA_TRUSTED_PROXIES", "Proxies whose forwarding headers count: addresses or networks", "10.0.0.0/8"
            ),
            Variable("AGORA_RATE_LIMITS", "on or off; off is for load tests and works on loopback only", "on"),
            Variable(
                "AGORA_BACKUP_PASSPHRASE",
                "Passphrase that seals backups and opens them; write it down elsewhere, too",
                "four words nobody guesses",
                "backups.passphrase",
                secret=True,
            ),
            Variable("AGORA_LOG_LEVEL", "debug, info, warning or error", "info"),
        ),
    ),
    Group(
        "Database",
        (
            Variable(
                "DATABASE_URL",
                "PostgreSQL, instead of the SQLite file in the data folder",
                "postgresql://agora:password@localhost:5432/agora_cms",
                secret=True,
            ),
            Variable(
                "DATABASE_READ_URL",
                "A read replica of it, for what visitors without a cookie see",
                "postgresql://agora:password@replica:5432/agora_cms",
                secret=True,
            ),
        ),
    ),
    Group(
        "Signing in",
        (
            Variable(
                "AGORA_SECRETS",
                "All keys, for several machines that share a database: what `agora secrets make` prints",
                secret=True,
            ),
            Variable("JWT_SECRET", "Signs access tokens; made on first start where unset", secret=True),
            Variable("JWT_EXPIRATION", "How long an access token lasts", "15m"),
            Variable("JWT_REFRESH_EXPIRATION", "How long a refresh token lasts", "7d"),
            Variable("SESSION_SECRET", "Signs what browsers keep; made on first start where unset", secret=True),
            *_ignored(
                "refresh tokens are random and kept hashed in the database; nothing signs them",
                ("JWT_REFRESH_SECRET", "Signed refresh tokens"),
                secret=True,
            ),
        ),
    ),
    Group(
        "Addresses",
        (
            Variable("FRONTEND_URL", "Where shoppers find the site", "https://example.org"),
            Variable(
                "ADMIN_URL", "Where staff find the admin, if it has a host name of its own", "https://admin.example.org"
            ),
            Variable(
                "AGORA_BUILDER_URL", "A further name that leads to the page builder", "https://builder.example.org"
            ),
            Variable(
                "AGORA_COOKIE_DOMAIN",
                "One sign-in for all names below this one, whoever serves them; unset: each name has its own",
                "example.org",
            ),
            Variable(
                "API_URL", "Where programs find the API, if it has a host name of its own", "https://api.example.org"
            ),
            Variable("CORS_ORIGINS", "Other sites whose pages may call the API", "https://app.example.org"),
        ),
    ),
    Group(
        "E-mail (takes the place of Settings > Email)",
        (
            Variable(
                "SMTP_HOST",
                "The mail server; setting it turns e-mail by SMTP on",
                "smtp.example.org",
                "email.credentials.host",
            ),
            Variable("SMTP_PORT", "Its port", "587", "email.credentials.port"),
            Variable("SMTP_USER", "The name to sign in with", "apikey", "email.credentials.username"),
            Variable("SMTP_PASS", "The password to sign in with", "", "email.credentials.password", secret=True),
            Variable("SMTP_FROM", "The sender", "noreply@example.org", "email.fromEmail"),
        ),
    ),
    Group(
        "Stripe (takes the place of Settings > Payments)",
        (
            _on("STRIPE_ENABLED", "payment by Stripe", "payments.enabled"),
            Variable("STRIPE_SECRET_KEY", "The secret key", "sk_test_...", "payments.{mode}SecretKey", secret=True),
            Variable("STRIPE_PUBLISHABLE_KEY", "The publishable key", "pk_test_...", "payments.{mode}PublishableKey"),
            Variable(
                "STRIPE_WEBHOOK_SECRET", "Signs webhooks", "whsec_...", "payments.{mode}WebhookSecret", secret=True
            ),
        ),
    ),
    Group(
        "Google Analytics 4 (takes the place of Settings > Analytics)",
        (
            _on("GA4_ENABLED", "measuring with Google Analytics", "analytics.enabled"),
            Variable("GA4_MEASUREMENT_ID", "The measurement id", "G-XXXXXXXXXX", "analytics.measurementId"),
            Variable("GA4_API_SECRET", "The Measurement Protocol's secret", "", "analytics.apiSecret", secret=True),
            *_ignored(
                "Agora sends to Google Analytics and does not read reports from it",
                ("GA4_PROPERTY_ID", "The property to report on"),
                ("GA4_SERVICE_ACCOUNT_JSON", "File with the service account's key"),
            ),
        ),
    ),
    Group(
        "Salesforce (takes the place of Settings > System)",
        (
            _on("SALESFORCE_ENABLED", "keeping contacts in Salesforce", "system.salesforce.enabled"),
            Variable("SALESFORCE_CLIENT_ID", "The connected app's consumer key", "", "system.salesforce.clientId"),
            Variable("SALESFORCE_CLIENT_SECRET", "Its secret", "", "system.salesforce.clientSecret", secret=True),
            Variable("SALESFORCE_PRIVATE_KEY", "Its key (PEM)", "", "system.salesforce.privateKey", secret=True),
            Variable("SALESFORCE_USERNAME", "Who it signs in as", "", "system.salesforce.username"),
            Variable(
                "SALESFORCE_LOGIN_URL",
                "Where it signs in",
                "https://login.salesforce.com",
                "system.salesforce.loginUrl",
            ),
            *_ignored(
                "Salesforce tells the instance when Agora signs in", ("SALESFORCE_INSTANCE_URL", "Your instance")
            ),
        ),
    ),
    Group(
        "Cache, search, messages and files",
        (
            Variable(
                "AGORA_DEPLOYMENT_MODE",
                "standalone, or shared_hosting: the database alone, with the cache in memory",
                "shared_hosting",
            ),
            Variable("AGORA_CACHE", "disk, memory or redis; redis where REDIS_URL is set, and else disk", "redis"),
            Variable("REDIS_URL", "Redis; rediss:// for TLS", "redis://:password@localhost:6379", secret=True),
            Variable(
                "AGORA_SEARCH",
                "tantivy, elasticsearch or database; unset: elasticsearch if it is named below, else Settings > System",
                "elasticsearch",
            ),
            Variable(
                "ELASTICSEARCH_URL",
                "Elasticsearch 8 or 9, or OpenSearch",
                "https://elastic:password@localhost:9200",
                secret=True,
            ),
            Variable("ELASTICSEARCH_ENABLED", "Whether to use it: true or false", "true"),
            Variable("AGORA_ELASTICSEARCH_API_KEY", "An API key, instead of a name and a password", secret=True),
            Variable("AGORA_ELASTICSEARCH_CA", "A file with who vouches for its certificate", "/etc/agora/http_ca.crt"),
            Variable("AGORA_ELASTICSEARCH_INDEX", "What its indices are called", "agora"),
            Variable("AGORA_BUS", "database or kafka; unset: kafka if it is named below", "kafka"),
            Variable("KAFKA_BROKERS", "Kafka's addresses, separated by commas", "localhost:9092"),
            Variable("KAFKA_ENABLED", "Whether to use it: true or false", "true"),
            Variable("AGORA_KAFKA_USERNAME", "The name to sign in with (SASL)", "agora"),
            Variable("AGORA_KAFKA_PASSWORD", "The password to sign in with", secret=True),
            Variable("AGORA_KAFKA_MECHANISM", "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512", "PLAIN"),
            Variable("AGORA_KAFKA_TLS", "on or off", "on"),
            Variable("AGORA_KAFKA_CA", "A file with who vouches for its certificates", "/etc/agora/kafka_ca.crt"),
            Variable(
                "AGORA_STORAGE",
                "local, s3 or azure; unset: what is named below, unless files are kept here already",
                "s3",
            ),
            Variable("S3_ENDPOINT", "Object storage; unset for AWS", "http://localhost:9000"),
            Variable("S3_REGION", "Its region", "us-east-1"),
            Variable("S3_ACCESS_KEY", "Its access key; unset where the machine's role may write", secret=True),
            Variable("S3_SECRET_KEY", "Its secret key", secret=True),
            Variable("S3_BUCKET_MEDIA", "The bucket for pictures, which everybody may read", "agora-media"),
            Variable("S3_BUCKET_NAME", "The same, by its older name", "agora-media"),
            Variable("S3_BUCKET_LABELS", "The bucket for all other files, which nobody else may read", "agora-labels"),
            Variable("AGORA_AZURE_ACCOUNT", "Azure Blob Storage: the account", "agoracmsstorage"),
            Variable("AGORA_AZURE_KEY", "The account's key", secret=True),
            Variable("AGORA_AZURE_ENDPOINT", "Its address, where it is not Azure's own"),
            Variable("AGORA_AZURE_CONTAINER_MEDIA", "The container for pictures, which everybody may read", "media"),
            Variable("AGORA_AZURE_CONTAINER_LABELS", "The container for all other files", "labels"),
            Variable(
                "AGORA_FILES_URL", "Where everybody reads what is public, such as a CDN", "https://files.example.org"
            ),
        ),
    ),
    Group(
        "A second place for backups; unset: what the settings say",
        (
            Variable(
                "AGORA_BACKUP_PLACE",
                "A folder on another disk, s3://bucket/prefix, or azure://container/prefix",
                "s3://my-backups/shop",
                overrides="backups.secondPlace",
            ),
            Variable(
                "AGORA_BACKUP_S3_ENDPOINT",
                "Its server; unset for AWS",
                "https://s3.example.org",
                overrides="backups.s3Endpoint",
            ),
            Variable("AGORA_BACKUP_S3_REGION", "Its region", "us-east-1", overrides="backups.s3Region"),
            Variable("AGORA_BACKUP_S3_ACCESS_KEY", "Its access key", overrides="backups.s3AccessKey", secret=True),
            Variable("AGORA_BACKUP_S3_SECRET_KEY", "Its secret key", overrides="backups.s3SecretKey", secret=True),
            Variable(
                "AGORA_BACKUP_AZURE_ACCOUNT", "Its storage account", "mybackups", overrides="backups.azureAccount"
            ),
            Variable(
                "AGORA_BACKUP_AZURE_KEY", "The account's key", "bWFkZSB1cA==", overrides="backups.azureKey", secret=True
            ),
            Variable(
                "AGORA_BACKUP_AZURE_ENDPOINT",
                "Its server; unset for Azure",
                "http://127.0.0.1:10000/devstoreaccount1",
                overrides="backups.azureEndpoint",
            ),
        ),
    ),
    Group(
        "Carriers",
        (
            *_ignored(CARRIERS_LATER, ("UPS_ENABLED", "Whether UPS is used"), ("UPS_CLIENT_ID", "UPS: client id")),
            *_ignored(
                CARRIERS_LATER,
                ("UPS_CLIENT_SECRET", "UPS: client secret"),
                secret=True,
            ),
            *_ignored(CARRIERS_LATER, ("UPS_ACCOUNT_NUMBER", "UPS: account number")),
            *_ignored(CARRIERS_LATER, ("USPS_ENABLED", "Whether USPS is used"), ("USPS_USER_ID", "USPS: user id")),
            *_ignored(
                CARRIERS_LATER, ("FEDEX_ENABLED", "Whether FedEx is used"), ("FEDEX_CLIENT_ID", "FedEx: client id")
            ),
            *_ignored(
                CARRIERS_LATER,
                ("FEDEX_CLIENT_SECRET", "FedEx: client secret"),
                secret=True,
            ),
            *_ignored(CARRIERS_LATER, ("FEDEX_ACCOUNT_NUMBER", "FedEx: account number")),
            *_ignored(CARRIERS_LATER, ("DHL_ENABLED", "Whether DHL is used")),
            *_ignored(
                CARRIERS_LATER,
                ("DHL_API_KEY", "DHL: API key"),
                ("DHL_API_SECRET", "DHL: API secret"),
                secret=True,
            ),
        ),
    ),
    Group(
        "Print on demand and wallet passes",
        (
            *_ignored(
                PRINT_LATER,
                ("PRINTFUL_API_KEY", "Printful: API key"),
                ("PRINTFUL_WEBHOOK_SECRET", "Printful: signs webhooks"),
                secret=True,
            ),
            *_ignored(
                WALLET_LATER,
                ("APPLE_PASS_TYPE_ID", "Apple Wallet: pass type id"),
                ("APPLE_TEAM_ID", "Apple Wallet: team id"),
                ("APPLE_ORGANIZATION_NAME", "Apple Wallet: name on the pass"),
                ("APPLE_PASS_TEMPLATE_PATH", "Apple Wallet: template folder"),
                ("APPLE_SIGNER_CERT_PATH", "Apple Wallet: certificate"),
                ("APPLE_SIGNER_KEY_PATH", "Apple Wallet: its key"),
                ("APPLE_WWDR_CERT_PATH", "Apple Wallet: Apple's certificate"),
            ),
        ),
    ),
    Group(
        "Without meaning here, named so that an old .env can be understood",
        (
            *_ignored(
                ONE_PORT,
                ("CONTENT_SERVICE_PORT", "Port of the content service"),
                ("COMMERCE_SERVICE_PORT", "Port of the commerce service"),
                ("INTEGRATION_SERVICE_PORT", "Port of the integration service"),
                ("SHIPPING_GATEWAY_PORT", "Port of the shipping gateway"),
                ("COURSE_SERVICE_PORT", "Port of the course service"),
                ("PAGE_BUILDER_PORT", "Port of the page builder"),
                ("STOREFRONT_PORT", "Port of the storefront"),
                ("ADMIN_DASHBOARD_PORT", "Port of the admin"),
            ),
            *_ignored(
                ONE_ADDRESS,
                ("NEXT_PUBLIC_CONTENT_API_URL", "Content service, for browsers"),
                ("NEXT_PUBLIC_COMMERCE_API_URL", "Commerce service, for browsers"),
                ("NEXT_PUBLIC_COURSE_API_URL", "Course service, for browsers"),
                ("NEXT_PUBLIC_EVENTS_API_URL", "Events service, for browsers"),
                ("CONTENT_API_URL", "Content service, for the commerce service"),
                ("API_GATEWAY_URL", "The gateway before the services"),
            ),
            *_ignored(NO_NODE, ("NODE_ENV", "Mode of Node.js"), ("NODE_OPTIONS", "Options of Node.js")),
        ),
    ),
)

ENVIRONMENT: tuple[Variable, ...] = tuple(variable for group in GROUPS for variable in group.variables)
