"""Between what a person types about a service and what agora.toml says of it."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from pydantic import SecretStr, ValidationError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from app.backends import backends_of
from app.environment import environment
from app.settings import Settings, variables_of
from engine.core.errors import Invalid
from engine.core.i18n import Message, _
from engine.operations.services.kinds import service
from engine.operations.services.ports import Values

Typed = Mapping[str, str]
#: The settings of a service, the one that names the engine first; the database has none, its address says it.
NAMES: Mapping[str, tuple[str, ...]] = {
    "database": ("database_url", "database_read_url"),
    "cache": ("cache", "redis_url"),
    "queue": ("bus", "kafka_brokers", "kafka_enabled", "kafka_username", "kafka_password", "kafka_mechanism",
              "kafka_tls", "kafka_ca"),
    "search": ("search", "elasticsearch_url", "elasticsearch_enabled", "elasticsearch_api_key", "elasticsearch_ca",
               "elasticsearch_index"),
    "storage": ("storage", "s3_endpoint", "s3_region", "s3_access_key", "s3_secret_key", "s3_bucket_media",
                "s3_bucket_labels", "files_url", "azure_account", "azure_key", "azure_endpoint",
                "azure_container_media", "azure_container_labels"),
    "mode": ("deployment_mode", "cache", "search", "bus"),
}  # fmt: skip
ALL = frozenset(name for names in NAMES.values() for name in names)
#: Whose first setting names the engine: the database's address says it, and a way of running is none.
_NAMED = ("cache", "queue", "search", "storage")
_CHOSEN_BY_MODE = ("cache", "queue", "search")
_INDEX = re.compile(r"[a-z][a-z0-9_-]{0,60}")
_BROKEN = _("That is not an address of this kind; write it like {example}.")


def fixed_by(role: str) -> str:
    """Return the environment variable that decides a service; empty where agora.toml may."""
    environ = environment()
    found = (name for field in NAMES[role] for name in variables_of(Settings.model_fields[field]) if name in environ)
    return next(found, "")


def choice_of(settings: Settings, role: str, search: str = "tantivy") -> str:
    """Return which engine serves. search: what the site's settings say where the process does not."""
    if role == "mode":
        return settings.deployment_mode
    if role == "database":
        return "sqlite" if settings.database.url.startswith("sqlite") else "postgresql"
    chosen = backends_of(settings)
    return {"cache": chosen.cache, "queue": chosen.bus, "search": chosen.search or search, "storage": chosen.storage}[
        role
    ]


def current(settings: Settings, role: str, search: str = "tantivy") -> dict[str, str | None]:
    """Return what agora.toml would say for what serves now."""
    found = {name: _written(settings, name) for name in NAMES[role]}
    if role in _NAMED:
        found[NAMES[role][0]] = choice_of(settings, role, search)
    return found


def _written(settings: Settings, name: str) -> str | None:
    value = getattr(settings, name)
    if value is None or value == Settings.model_fields[name].default:
        return None
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return ("on" if value else "off") if name == "kafka_tls" else str(value).lower()
    return str(value)


def values_of(settings: Settings, role: str, choice: str, typed: Typed) -> dict[str, str | None]:
    """Return what agora.toml is to say. Raises Invalid naming what was typed."""
    missing = [one for one in service(role).choice(choice).entries if one.required and not typed.get(one.name, "")]
    if missing:
        raise Invalid(_("Something is missing."), {one.name: _("Fill this in.") for one in missing})
    if role in _CHOSEN_BY_MODE and settings.deployment_mode == "shared_hosting":
        raise Invalid(_("The way of running, shared hosting, decides this. Change that first."))
    known = {**typed, **_kept_secrets(settings, role, choice, typed)}
    found: dict[str, str | None] = dict.fromkeys(NAMES[role])
    if role in _NAMED:
        found[NAMES[role][0]] = choice
    if role == "mode" and choice != "standalone":
        found["deployment_mode"] = choice
    if choice in _COMPOSED:
        found |= _COMPOSED[choice](known)
    applied(settings, found)
    return found


def applied(settings: Settings, values: Values) -> Settings:
    """Return the settings with a service changed. Raises Invalid, naming what was typed where that can be told."""
    given: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
    try:
        read = Settings(_env_file=None, data_dir=settings.data_dir, **_others(), **given)
    except ValidationError as error:
        complaint = error.errors(include_url=False)[0]
        reason = str(complaint["msg"]).removeprefix("Value error, ").rstrip(".")
        entry = _entry_of(str(complaint["loc"][0]))
        said = f"{reason.replace('it ', 'It ', 1) if reason.startswith('it ') else reason}."
        raise Invalid(said, {entry: said} if entry else {}) from None
    fields = {name: getattr(read, name) if name in given else Settings.model_fields[name].default for name in values}
    made = settings.model_copy(update=fields)
    backends_of(made)
    return made


def _others() -> dict[str, Any]:
    """Return what keeps what is set elsewhere from having a say: only what is given is read."""
    return {name: info.default for name, info in Settings.model_fields.items() if name not in ("data_dir", *ALL)}


def _entry_of(name: str) -> str:
    whole = {"database_url": "address", "redis_url": "address", "elasticsearch_url": "address"}
    if name in whole:
        return whole[name]
    return name.removeprefix("s3_").removeprefix("azure_").removeprefix("kafka_").removeprefix("elasticsearch_")


def typed_of(settings: Settings, role: str, choice: str) -> dict[str, str]:
    """Return what a form about a choice begins with: what is known of it, without passwords."""
    found = {one.name: one.default for one in service(role).choice(choice).entries}
    if choice in _TYPED:
        found |= {name: value for name, value in _TYPED[choice](settings).items() if value and name in found}
    secret = {one.name for one in service(role).choice(choice).entries if one.kind == "password"}
    return {name: "" if name in secret else value for name, value in found.items()}


def _kept_secrets(settings: Settings, role: str, choice: str, typed: Typed) -> dict[str, str]:
    """Return the passwords that were left empty and are known, for the very same place only."""
    if choice not in _TYPED:
        return {}
    entries = service(role).choice(choice).entries
    known = _TYPED[choice](settings)
    if _place(known.get(entries[0].name, "")) != _place(typed.get(entries[0].name, "")):
        return {}
    return {one.name: known.get(one.name, "") for one in entries if one.kind == "password" and not typed.get(one.name)}


def _place(address: str) -> str:
    return address.rpartition("@")[2].partition("?")[0].rstrip("/").removeprefix("https://").removeprefix("http://")


def _postgresql(typed: Typed) -> Values:
    try:
        url = make_url(typed["address"])
    except (ArgumentError, ValueError):
        raise _refused("address", _BROKEN, "postgresql://agora@db.example.org:5432/agora_cms") from None
    if typed.get("password"):
        url = url.set(password=typed["password"])
    more = {"sslmode": typed.get("tls", ""), "sslrootcert": _file(typed.get("ca", ""))}
    url = url.update_query_dict({name: value for name, value in more.items() if value})
    return {"database_url": url.render_as_string(hide_password=False)}


def _postgresql_typed(settings: Settings) -> dict[str, str]:
    if settings.database.url.startswith("sqlite"):
        return {}
    url = make_url(settings.database.given)
    query = url.query
    bare = url._replace(password=None).difference_update_query(["sslmode", "sslrootcert"])
    shown = bare.render_as_string(hide_password=False)
    password = str(url.password) if url.password else ""
    return {
        "address": shown,
        "password": password,
        "tls": str(query.get("sslmode", "")),
        "ca": str(query.get("sslrootcert", "")),
    }


def _redis(typed: Typed) -> Values:
    more = {"ssl_ca_certs": _file(typed.get("ca", ""))}
    return {"redis_url": _with_password(typed["address"], typed.get("password", ""), more)}


def _redis_typed(settings: Settings) -> dict[str, str]:
    written = settings.redis_url.get_secret_value() if settings.redis_url else ""
    address, password, more = _without_password(written, "ssl_ca_certs")
    return {"address": address, "password": password, "ca": more}


def _elasticsearch(typed: Typed) -> Values:
    name, key = typed.get("username", ""), typed.get("api_key", "")
    if name and key:
        raise _refused("api_key", _("Give either a user or an API key, not both."))
    if not _INDEX.fullmatch(typed.get("index") or "agora"):
        raise _refused("index", _("Small letters, digits, - and _, and a letter first; such as {example}."), "agora")
    address = typed["address"]
    if name:
        parts = urlsplit(address)
        address = urlunsplit(parts._replace(netloc=f"{quote(name, safe='')}@{parts.netloc.rpartition('@')[2]}"))
    return {
        "elasticsearch_url": _with_password(address, typed.get("password", "") if not key else "", {}),
        "elasticsearch_api_key": key or None,
        "elasticsearch_ca": _file(typed.get("ca", "")) or None,
        "elasticsearch_index": None if typed.get("index") in {"", None, "agora"} else typed["index"],
    }


def _elasticsearch_typed(settings: Settings) -> dict[str, str]:
    written = settings.elasticsearch_url.get_secret_value() if settings.elasticsearch_url else ""
    address, password, _more = _without_password(written, "")
    parts = urlsplit(address)
    name, _at, host = parts.netloc.rpartition("@")
    return {
        "address": urlunsplit(parts._replace(netloc=host)),
        "username": unquote(name),
        "password": password,
        "api_key": _written(settings, "elasticsearch_api_key") or "",
        "ca": _written(settings, "elasticsearch_ca") or "",
        "index": settings.elasticsearch_index,
    }


def _kafka(typed: Typed) -> Values:
    has_user = bool(typed.get("username"))
    return {
        "kafka_brokers": typed["brokers"],
        "kafka_username": typed.get("username") or None,
        "kafka_password": (typed.get("password") or None) if has_user else None,
        "kafka_mechanism": None if typed.get("mechanism") in {"", None, "PLAIN"} else typed["mechanism"],
        "kafka_tls": "on" if typed.get("tls") == "true" else None,
        "kafka_ca": _file(typed.get("ca", "")) or None,
    }


def _kafka_typed(settings: Settings) -> dict[str, str]:
    found = {name: _written(settings, f"kafka_{name}") or "" for name in ("brokers", "username", "password", "ca")}
    return {**found, "mechanism": settings.kafka_mechanism, "tls": "true" if settings.kafka_tls else ""}


def _plain(
    prefix: str, names: tuple[str, ...]
) -> tuple[Callable[[Typed], Values], Callable[[Settings], dict[str, str]]]:
    """Return how entries that are settings as they stand are written and read."""
    there = {one: one if one == "files_url" else f"{prefix}_{one}" for one in names}

    def composed(typed: Typed) -> Values:
        found = {setting: typed.get(one, "") or None for one, setting in there.items()}
        return {name: None if value == Settings.model_fields[name].default else value for name, value in found.items()}

    def typed(settings: Settings) -> dict[str, str]:
        return {one: _written(settings, setting) or "" for one, setting in there.items()}

    return composed, typed


_S3 = _plain("s3", ("endpoint", "region", "access_key", "secret_key", "bucket_media", "bucket_labels", "files_url"))
_AZURE = _plain("azure", ("account", "key", "container_media", "container_labels", "endpoint", "files_url"))
_COMPOSED: Mapping[str, Callable[[Typed], Values]] = {
    "postgresql": _postgresql,
    "redis": _redis,
    "elasticsearch": _elasticsearch,
    "kafka": _kafka,
    "s3": _S3[0],
    "azure": _AZURE[0],
}
_TYPED: Mapping[str, Callable[[Settings], dict[str, str]]] = {
    "postgresql": _postgresql_typed,
    "redis": _redis_typed,
    "elasticsearch": _elasticsearch_typed,
    "kafka": _kafka_typed,
    "s3": _S3[1],
    "azure": _AZURE[1],
}


def _with_password(address: str, password: str, more: Mapping[str, str]) -> str:
    """Return an address with a password, escaped, and with further parameters."""
    parts = urlsplit(address)
    name, _at, host = parts.netloc.rpartition("@")
    if password:
        name = f"{name.partition(':')[0]}:{quote(password, safe='')}"
    query = {**dict(parse_qsl(parts.query)), **{key: value for key, value in more.items() if value}}
    netloc = f"{name}@{host}" if name else host
    return urlunsplit(parts._replace(netloc=netloc, query=urlencode(query, safe="/")))


def _without_password(address: str, parameter: str) -> tuple[str, str, str]:
    """Return an address without its password, the password, and one of its parameters."""
    parts = urlsplit(address)
    given, _at, host = parts.netloc.rpartition("@")
    name, _colon, password = given.partition(":")
    query = dict(parse_qsl(parts.query))
    found = query.pop(parameter, "")
    bare = parts._replace(netloc=f"{name}@{host}" if name else host, query=urlencode(query, safe="/"))
    return urlunsplit(bare), unquote(password), found


def shown(address: str) -> str:
    """Return an address without its password, and without parameters that nobody needs to read."""
    parts = urlsplit(address)
    name, _at, host = parts.netloc.rpartition("@")
    name = name.partition(":")[0]
    return urlunsplit(parts._replace(netloc=f"{name}@{host}" if name else host, query=""))


def _file(path: str) -> str:
    if path and not Path(path).is_file():
        raise _refused("ca", _("There is no file {example} on this machine."), path)
    return path


def _refused(entry: str, message: Message, example: str = "") -> Invalid:
    said = message.having(example=example) if example else message
    return Invalid(said, {entry: said})
