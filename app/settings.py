"""Process settings: the environment, over `.env`, over `agora.toml` in the data folder, over defaults."""

import ipaddress
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from app.database_address import EXAMPLE, DatabaseAddress, read_database_url, sqlite_in
from app.environment import environment
from engine.core.errors import Invalid
from engine.core.secrets import read_secrets

GUIDE_SECRETS = frozenset({"your-jwt-secret-change-in-production", "dev-secret-change-in-production"})
SHORTEST_SECRET = 32
REDIS_EXAMPLE = "redis://:password@localhost:6379"
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def _duration(value: object) -> object:
    if not isinstance(value, str):
        return value
    written = re.fullmatch(r"(\d{1,6})\s*([smhdw])", value.strip().lower())
    if not written or not int(written[1]):
        raise ValueError("it must be a number and a unit: s, m, h, d or w")
    return timedelta(**{UNITS[written[2]]: int(written[1])})


def _listed(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^/\s?#@]+/?", value):
        raise ValueError("it must be http:// or https:// and a host name, with nothing after it")
    return value.rstrip("/").lower()


def _web_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^/\s?#@]+(/[^\s?#]*)?", value):
        raise ValueError("it must be an address that begins with http:// or https://")
    return value.rstrip("/")


def _host_name(value: str) -> str:
    if not re.fullmatch(r"[\w.-]+", value):
        raise ValueError(f"“{value}” is not a host name; leave out http:// and the port")
    return value.lower()


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _switch(value: object) -> object:
    if isinstance(value, str) and value.lower() not in {"on", "off"}:
        raise ValueError("it must be on or off")
    return value.lower() == "on" if isinstance(value, str) else value


def _network(value: object) -> object:
    try:
        return ipaddress.ip_network(str(value), strict=False)
    except ValueError:
        raise ValueError(f"“{value}” is not an address or a network") from None


def _database(value: SecretStr) -> SecretStr:
    read_database_url(value.get_secret_value())
    return value


def _secret_address(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"https?://[^/\s?#]+(/[^\s?#]*)?", value.get_secret_value()):
        raise ValueError("it must be an address that begins with http:// or https://")
    return value


def _keys(value: SecretStr) -> SecretStr:
    read_secrets(value.get_secret_value())
    return value


def _redis(value: SecretStr) -> SecretStr:
    written = value.get_secret_value()
    if not re.match(r"rediss?://[^/\s]+|unix://", written):
        raise ValueError(f"it is not an address of Redis; write it like {REDIS_EXAMPLE}, with rediss:// for TLS")
    return value


Comma = (NoDecode, BeforeValidator(_listed))
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Origin = Annotated[str, AfterValidator(_address)]
Address = Annotated[str, AfterValidator(_web_address)]
HostName = Annotated[str, AfterValidator(_host_name)]
Network = Annotated[ipaddress.IPv4Network | ipaddress.IPv6Network, BeforeValidator(_network)]


def _setting(example: str, *names: str, default: Any = None) -> Any:
    return Field(default=default, validation_alias=AliasChoices(*names), examples=[example])


class Settings(BaseSettings):
    """What one process runs with. A field names its environment variables; `agora.toml` uses the field's name."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, case_sensitive=True, extra="ignore", frozen=True, populate_by_name=True
    )

    data_dir: Path
    host: str | None = _setting("127.0.0.1", "AGORA_HOST")
    port: Annotated[int, Field(ge=1, le=65535)] = _setting("8000", "AGORA_PORT", "PORT", default=8000)
    https_port: Annotated[int, Field(ge=1, le=65535)] = _setting("8443", "AGORA_HTTPS_PORT", default=8443)
    hosts: Annotated[tuple[HostName, ...], *Comma] = _setting("shop.example.org", "AGORA_HOSTS", default=())
    trusted_proxies: Annotated[tuple[Network, ...], *Comma] = _setting(
        "10.0.0.0/8", "AGORA_TRUSTED_PROXIES", default=()
    )
    rate_limits: Annotated[bool, BeforeValidator(_switch)] = _setting("on", "AGORA_RATE_LIMITS", default=True)
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = _setting(
        "info", "AGORA_LOG_LEVEL", default="info"
    )
    cloudflare_zone: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = _setting(
        "023e105f4ecef8ad9ca31a8372d0c353", "AGORA_CLOUDFLARE_ZONE"
    )
    cloudflare_token: SecretStr | None = _setting("a token that may purge the cache", "AGORA_CLOUDFLARE_TOKEN")
    workers: Annotated[int, Field(ge=1, le=64)] = _setting("4", "AGORA_WORKERS", default=1)
    page_cache_mb: Annotated[int, Field(ge=0, le=65_536)] = _setting("128", "AGORA_PAGE_CACHE_MB", default=32)
    database_url: Annotated[SecretStr, AfterValidator(_database)] | None = _setting(EXAMPLE, "DATABASE_URL")
    deployment_mode: Annotated[Literal["standalone", "shared_hosting"], BeforeValidator(_lower)] = _setting(
        "shared_hosting", "AGORA_DEPLOYMENT_MODE", default="standalone"
    )
    cache: Annotated[Literal["disk", "memory", "redis"], BeforeValidator(_lower)] | None = _setting(
        "redis", "AGORA_CACHE"
    )
    redis_url: Annotated[SecretStr, AfterValidator(_redis)] | None = _setting(REDIS_EXAMPLE, "REDIS_URL")
    search: Annotated[Literal["tantivy", "elasticsearch", "database"], BeforeValidator(_lower)] | None = _setting(
        "elasticsearch", "AGORA_SEARCH"
    )
    elasticsearch_url: Annotated[SecretStr, AfterValidator(_secret_address)] | None = _setting(
        "https://elastic:password@localhost:9200", "ELASTICSEARCH_URL"
    )
    elasticsearch_enabled: bool = _setting("true", "ELASTICSEARCH_ENABLED", default=True)
    elasticsearch_api_key: SecretStr | None = _setting("the key in Base64", "AGORA_ELASTICSEARCH_API_KEY")
    elasticsearch_ca: Path | None = _setting("/etc/agora/http_ca.crt", "AGORA_ELASTICSEARCH_CA")
    elasticsearch_index: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,60}$")] = _setting(
        "agora", "AGORA_ELASTICSEARCH_INDEX", default="agora"
    )
    storage: Annotated[Literal["local", "s3", "azure"], BeforeValidator(_lower)] | None = _setting(
        "s3", "AGORA_STORAGE"
    )
    s3_endpoint: Origin | None = _setting("https://ACCOUNT_ID.r2.cloudflarestorage.com", "S3_ENDPOINT")
    s3_region: str = _setting("us-east-1", "S3_REGION", default="us-east-1")
    s3_access_key: str | None = _setting("AKIA...", "S3_ACCESS_KEY")
    s3_secret_key: SecretStr | None = _setting("the key's secret", "S3_SECRET_KEY")
    s3_bucket_media: str = _setting("agora-media", "S3_BUCKET_MEDIA", "S3_BUCKET_NAME", default="agora-media")
    s3_bucket_labels: str = _setting("agora-labels", "S3_BUCKET_LABELS", default="agora-labels")
    files_url: Address | None = _setting("https://files.example.org", "AGORA_FILES_URL")
    azure_account: str | None = _setting("agoracmsstorage", "AGORA_AZURE_ACCOUNT")
    azure_key: SecretStr | None = _setting("the account's key", "AGORA_AZURE_KEY")
    azure_endpoint: Address | None = _setting("http://127.0.0.1:10000/devstoreaccount1", "AGORA_AZURE_ENDPOINT")
    azure_container_media: str = _setting("media", "AGORA_AZURE_CONTAINER_MEDIA", default="media")
    azure_container_labels: str = _setting("labels", "AGORA_AZURE_CONTAINER_LABELS", default="labels")
    bus: Annotated[Literal["database", "kafka"], BeforeValidator(_lower)] | None = _setting("kafka", "AGORA_BUS")
    kafka_brokers: str | None = _setting("localhost:9092", "KAFKA_BROKERS")
    kafka_enabled: bool = _setting("true", "KAFKA_ENABLED", default=True)
    kafka_username: str | None = _setting("agora", "AGORA_KAFKA_USERNAME")
    kafka_password: SecretStr | None = _setting("the password", "AGORA_KAFKA_PASSWORD")
    kafka_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = _setting(
        "SCRAM-SHA-512", "AGORA_KAFKA_MECHANISM", default="PLAIN"
    )
    kafka_tls: Annotated[bool, BeforeValidator(_switch)] = _setting("on", "AGORA_KAFKA_TLS", default=False)
    kafka_ca: Path | None = _setting("/etc/agora/kafka_ca.crt", "AGORA_KAFKA_CA")
    database_read_url: Annotated[SecretStr, AfterValidator(_database)] | None = _setting(EXAMPLE, "DATABASE_READ_URL")
    keys: Annotated[SecretStr, AfterValidator(_keys)] | None = _setting("{…}", "AGORA_SECRETS")
    jwt_secret: SecretStr | None = _setting("64 random characters", "JWT_SECRET")
    session_secret: SecretStr | None = _setting("64 random characters", "SESSION_SECRET")
    access_token_ttl: Duration = _setting("15m", "JWT_EXPIRATION", default=timedelta(minutes=15))
    refresh_token_ttl: Duration = _setting("7d", "JWT_REFRESH_EXPIRATION", default=timedelta(days=7))
    cors_origins: Annotated[tuple[Origin, ...], *Comma] = _setting(
        "https://app.example.org", "CORS_ORIGINS", default=()
    )
    cookie_domain: HostName | None = _setting("example.org", "AGORA_COOKIE_DOMAIN")
    frontend_url: Origin | None = _setting("https://example.org", "FRONTEND_URL")
    admin_url: Origin | None = _setting("https://admin.example.org", "ADMIN_URL")
    builder_url: Origin | None = _setting("https://builder.example.org", "AGORA_BUILDER_URL")
    api_url: Origin | None = _setting("https://api.example.org", "API_URL")

    @property
    def database(self) -> DatabaseAddress:
        """Where the database is: DATABASE_URL, or the SQLite file in the data folder."""
        if self.database_url is None:
            return sqlite_in(self.data_dir)
        return read_database_url(self.database_url.get_secret_value())

    @property
    def read_url(self) -> str:
        """Where a copy of the database is; empty where there is none, or where the database is a file."""
        if self.database_read_url is None or self.database.url.startswith("sqlite"):
            return ""
        return read_database_url(self.database_read_url.get_secret_value()).url

    @classmethod
    def settings_customise_sources(  # noqa: PLR0917, RUF100 -- the library's signature
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- part of the library's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(settings_cls, _toml_in(init_settings()["data_dir"]))
        return init_settings, env_settings, dotenv_settings, toml


def load_settings(
    *, data_dir: Path | None = None, host: str | None = None, port: int | None = None, workers: int | None = None
) -> Settings:
    """Return this process's settings; what is given here (the command line) wins over everything.

    Raises Invalid with one sentence that names the variable, its value and the remedy.
    """
    folder = (data_dir or _default_data_dir()).expanduser().absolute()
    _check_toml(_toml_in(folder))
    asked = {"host": host, "port": port, "workers": workers}
    given: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    try:
        return Settings(data_dir=folder, **given)
    except ValidationError as error:
        raise _refusal(error, set(given)) from None


def prepare_data_dir(folder: Path) -> Path:
    """Make the data folder, for this user only, where it is not there yet; return it. Raises Invalid if that fails."""
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, mode=0o700)
            folder.chmod(0o700)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Invalid(
            f"The data folder {folder} cannot be made ({reason}); choose another with --data or AGORA_DATA_DIR."
        ) from error
    return folder


def unsafe_secrets(settings: Settings) -> list[str]:
    """Return why the secrets must not serve beyond this machine: one sentence for each that is known or short."""
    secrets = {"JWT_SECRET": settings.jwt_secret, "SESSION_SECRET": settings.session_secret}
    remedy = "set it to 64 random characters, or remove it and Agora makes one"
    sentences = []
    for name, secret in secrets.items():
        value = secret.get_secret_value() if secret else None
        if value in GUIDE_SECRETS:
            sentences.append(f"{name} is the example from the guide, which everybody knows; {remedy}.")
        elif value is not None and len(value) < SHORTEST_SECRET:
            sentences.append(f"{name} is {len(value)} characters long and {SHORTEST_SECRET} are needed; {remedy}.")
    return sentences


def is_loopback(host: str) -> bool:
    """Return whether a server that listens on this address is reached from this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _default_data_dir() -> Path:
    set_dir = environment().get("AGORA_DATA_DIR")
    return Path(set_dir) if set_dir else platformdirs.user_data_path("agora", appauthor=False)


def _toml_in(folder: Path) -> Path:
    return folder / "agora.toml"


def _check_toml(path: Path) -> None:
    """Refuse a file that is not TOML, or that names what no setting is called."""
    if not path.is_file():
        return
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} cannot be read as TOML: {error}. Mend the line, or remove the file.") from error
    known = Settings.model_fields.keys() - {"data_dir"}
    for name in found.keys() - known:
        raise Invalid(f"{path} sets “{name}”, which is no setting; use one of: {', '.join(sorted(known))}.")


def _refusal(error: ValidationError, given: set[str]) -> Invalid:
    """Return the first complaint as a sentence that names the variable as the person wrote it."""
    complaint = error.errors(include_url=False)[0]
    place = str(complaint["loc"][0])
    field, info = next(
        (field, info) for field, info in Settings.model_fields.items() if place == field or place in variables_of(info)
    )
    environ = environment()
    written = next((name for name in variables_of(info) if name in environ), f"{field} in agora.toml")
    if field in given:
        written = f"--{field}"
    shown = (
        " cannot be used"
        if "SecretStr" in str(info.annotation)
        else f" is “{environ.get(written, complaint['input'])}”"
    )
    reason = str(complaint["msg"]).removeprefix("Value error, ").rstrip(".")
    example = (info.examples or [""])[0]
    return Invalid(
        f"{written}{shown}: {reason[0].lower()}{reason[1:]}. Set it to something like {example}, or remove it."
    )


def variables_of(info: FieldInfo) -> list[str]:
    """Return the environment variables of a setting."""
    return (
        [str(name) for name in info.validation_alias.choices] if isinstance(info.validation_alias, AliasChoices) else []
    )
