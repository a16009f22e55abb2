"""Where the database is: DATABASE_URL as people write it, made into what SQLAlchemy and psycopg take."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

POSTGRESQL = frozenset({"postgresql", "postgres", "postgresql+psycopg"})
PRISMA_ONLY = frozenset(
    {"connection_limit", "pool_timeout", "schema", "pgbouncer", "statement_cache_size", "socket_timeout"}
)
MOST_CONNECTIONS = 20
FEWEST_CONNECTIONS = 2
EXAMPLE = "postgresql://agora:password@localhost:5432/agora_cms"


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """A database for SQLAlchemy: its address (with password) and how many connections one process may hold.

    given: the address as it was written.
    """

    url: str
    most_connections: int = MOST_CONNECTIONS
    pool_timeout_seconds: float = 30.0
    given: str = ""

    @property
    def shown(self) -> str:
        """The address without its password, for logs and pages."""
        return make_url(self.url).render_as_string(hide_password=True).replace("+psycopg:", ":", 1)


def sqlite_in(data_dir: Path) -> DatabaseAddress:
    """Return the address of the SQLite file in the data folder."""
    return DatabaseAddress(URL.create("sqlite", database=str(data_dir / "agora.sqlite3")).render_as_string())


def read_database_url(text: str) -> DatabaseAddress:
    """Return where a DATABASE_URL points.

    Prisma's `connection_limit`, `pool_timeout` and `schema` become how many connections one process may hold, how many
    seconds whoever needs one waits (0: for ever, as there; a day here) and the search path; its other parameters are
    dropped, while libpq's, such as `sslmode`, stay.
    Raises ValueError, without the password, where it cannot be read.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(f"it is not an address of a database; write it like {EXAMPLE}") from None
    if url.drivername == "sqlite" and url.database:
        return DatabaseAddress(text, given=text)
    if url.drivername not in POSTGRESQL:
        raise ValueError(f"{url.drivername} is not supported; use postgresql:// or sqlite:///, like {EXAMPLE}")
    if not url.database:
        raise ValueError(f"it names no database; write it like {EXAMPLE}")
    most = _number(url, "connection_limit", MOST_CONNECTIONS)
    pool_timeout = _number(url, "pool_timeout", 30)
    if most < FEWEST_CONNECTIONS:
        raise ValueError(f"connection_limit is {most} and must be 2 or more: one for changes and one for pages")
    query = {name: value for name, value in url.query.items() if name not in PRISMA_ONLY}
    schema = _parameter(url, "schema", "public")
    if schema != "public":
        query["options"] = f"{query.get('options', '')} -csearch_path={schema}".strip()
    kept = url.set(drivername="postgresql+psycopg", query=query)
    return DatabaseAddress(kept.render_as_string(hide_password=False), most, float(pool_timeout or 86_400), text)


def _parameter(url: URL, name: str, default: str) -> str:
    value = url.query.get(name, default)
    return value if isinstance(value, str) else value[-1]


def _number(url: URL, name: str, default: int) -> int:
    value = _parameter(url, name, str(default))
    if not value.isdecimal():
        raise ValueError(f"{name} is “{value}” and must be a whole number")
    return int(value)
