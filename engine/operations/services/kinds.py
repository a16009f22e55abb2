"""What the house can run on: each service with its choices, and what has to be known of each choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.core.errors import NotFound
from engine.core.i18n import Message, _


@dataclass(frozen=True, slots=True)
class Entry:
    """One question about a choice. options: (value, label) of a select."""

    name: str
    label: Message
    help: Message | None = None
    kind: Literal["text", "password", "select", "switch"] = "text"
    placeholder: str = ""
    default: str = ""
    options: tuple[tuple[str, Message | str], ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One engine for a service. The first entry says where it is."""

    name: str
    title: str | Message
    text: Message
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """One thing the house stands on. check: what the watch calls it; empty where it does not look at it."""

    role: str
    title: Message
    choices: tuple[Choice, ...]
    check: str = ""

    def choice(self, name: str) -> Choice:
        """Return a choice. Raises NotFound."""
        for one in self.choices:
            if one.name == name:
                return one
        raise NotFound(_("There is no “{name}” to choose."), name=name)


_PASSWORD_HELP = _("As it is; no character has to be written otherwise. Empty: the one that is known already.")
_PASSWORD = Entry("password", _("Password"), _PASSWORD_HELP, "password")
_CA = Entry(
    "ca",
    _("Certificate file"),
    _("Only where the server’s certificate is signed by your own authority: a file on this machine."),
    placeholder="/etc/agora/ca.crt",
)
_FILES_URL = Entry(
    "files_url",
    _("Public address"),
    _("Where a CDN or a name of your own serves the public files. Empty: the store’s own address."),
    placeholder="https://files.example.org",
)

DATABASE = Service(
    "database",
    _("Database"),
    (
        Choice(
            "sqlite",
            "SQLite",
            _("A file in the data folder. Nothing to set up; enough for one machine."),
        ),
        Choice(
            "postgresql",
            "PostgreSQL",
            _("A server of its own: several machines, many editors at once, its own archive."),
            (
                Entry(
                    "address",
                    _("Address"),
                    _("With user and database. connection_limit and pool_timeout may follow a question mark."),
                    placeholder="postgresql://agora@db.example.org:5432/agora_cms",
                    required=True,
                ),
                _PASSWORD,
                Entry(
                    "tls",
                    _("Encryption"),
                    _("Over a network choose the strictest that the server offers."),
                    "select",
                    options=(
                        ("", _("As the address says")),
                        ("require", _("Encrypted")),
                        ("verify-full", _("Encrypted, and the certificate checked")),
                    ),
                ),
                _CA,
            ),
        ),
    ),
    "database",
)
CACHE = Service(
    "cache",
    _("Cache"),
    (
        Choice(
            "disk", _("Disk"), _("In the data folder, kept over a restart. Shared by the processes of one machine.")
        ),
        Choice("memory", _("Memory"), _("In each process by itself; begins empty with each start.")),
        Choice(
            "redis",
            "Redis",
            _("A server that all machines share. Valkey works as well."),
            (
                Entry(
                    "address",
                    _("Address"),
                    _("rediss:// is encrypted, redis:// is not. A user may stand before the host: user@host."),
                    placeholder="rediss://redis.example.org:6379",
                    required=True,
                ),
                _PASSWORD,
                _CA,
            ),
        ),
    ),
    "cache",
)
QUEUE = Service(
    "queue",
    _("Facts between processes"),
    (
        Choice("database", _("Database"), _("Processes read from the database what happened. Nothing to set up.")),
        Choice(
            "kafka",
            "Kafka",
            _("Facts also go to topics, where other systems hear them."),
            (
                Entry(
                    "brokers",
                    _("Brokers"),
                    _("Host and port of one or more, with commas between them."),
                    placeholder="kafka1.example.org:9092, kafka2.example.org:9092",
                    required=True,
                ),
                Entry("username", _("User"), _("Empty where nobody has to sign in.")),
                _PASSWORD,
                Entry(
                    "mechanism",
                    _("Way to sign in"),
                    None,
                    "select",
                    default="PLAIN",
                    options=tuple((name, name) for name in ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")),
                ),
                Entry("tls", _("Encrypted"), _("The brokers speak TLS."), "switch"),
                _CA,
            ),
        ),
    ),
    "bus",
)
SEARCH = Service(
    "search",
    _("Search"),
    (
        Choice("tantivy", _("Agora’s own index"), _("In the data folder, and the quickest. Enough for one machine.")),
        Choice("database", _("Database"), _("In the database: for several machines without a search server.")),
        Choice(
            "elasticsearch",
            "Elasticsearch, OpenSearch",
            _("A search server that all machines share."),
            (
                Entry("address", _("Address"), None, placeholder="https://search.example.org:9200", required=True),
                Entry("username", _("User"), _("Empty with an API key, or where nobody has to sign in.")),
                _PASSWORD,
                Entry(
                    "api_key", _("API key"), _("Instead of user and password, as the server encodes it."), "password"
                ),
                _CA,
                Entry("index", _("Name of the index"), _("Sites that share a server need one each."), default="agora"),
            ),
        ),
    ),
    "search",
)
STORAGE = Service(
    "storage",
    _("Files"),
    (
        Choice("local", _("Data folder"), _("In the data folder of this machine.")),
        Choice(
            "s3",
            "S3",
            _("A bucket for public and one for private files; also MinIO, Cloudflare R2 and others like it."),
            (
                Entry("endpoint", _("Address"), _("Empty for Amazon."), placeholder="https://minio.example.org:9000"),
                Entry("region", _("Region"), None, default="us-east-1"),
                Entry("access_key", _("Access key"), _("Empty where this machine’s role may write.")),
                Entry("secret_key", _("Secret key"), _PASSWORD_HELP, "password"),
                Entry("bucket_media", _("Bucket for public files"), None, default="agora-media", required=True),
                Entry("bucket_labels", _("Bucket for private files"), None, default="agora-labels", required=True),
                _FILES_URL,
            ),
        ),
        Choice(
            "azure",
            "Azure",
            _("A container for public and one for private files in Azure Blob Storage."),
            (
                Entry("account", _("Account"), None, required=True),
                Entry("key", _("Key"), _PASSWORD_HELP, "password"),
                Entry("container_media", _("Container for public files"), None, default="media", required=True),
                Entry("container_labels", _("Container for private files"), None, default="labels", required=True),
                Entry(
                    "endpoint", _("Address"), _("Empty for Azure’s own."), placeholder="http://127.0.0.1:10000/account"
                ),
                _FILES_URL,
            ),
        ),
    ),
    "files",
)
MODE = Service(
    "mode",
    _("Way of running"),
    (
        Choice("standalone", _("Standalone"), _("Cache, search and bus are each chosen by themselves.")),
        Choice(
            "shared_hosting",
            _("Shared hosting"),
            _("Only the database is used: search and facts in it, the cache in memory."),
        ),
    ),
)
SERVICES: Mapping[str, Service] = {one.role: one for one in (DATABASE, CACHE, QUEUE, SEARCH, STORAGE, MODE)}


def service(role: str) -> Service:
    """Return a service. Raises NotFound."""
    if role not in SERVICES:
        raise NotFound(_("There is no service “{role}”."), role=role)
    return SERVICES[role]
