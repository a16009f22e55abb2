"""What a PostgreSQL server allows, and what is asked of it: connections, time-outs, encryption, a copy to read from."""

from collections.abc import Iterator

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from app.database_address import DatabaseAddress, read_database_url
from app.doctor.finding import Finding, fine, warn
from app.settings import Settings, is_loopback
from app.switching.databases import reason_of

#: What is opened beside the processes that serve, for a moment each: a command, a backup, this look itself.
BESIDE = 5
SHORTEST_MS = 30_000
CONNECT_SECONDS = 8


def postgres_findings(settings: Settings) -> Iterator[Finding]:
    """Say what is in the way, where the database is a server."""
    if settings.database.url.startswith("sqlite"):
        if settings.database_read_url is not None:
            yield warn("DATABASE_READ_URL is set and does nothing, for the database is a file.")
        return
    yield from _ask(settings)
    if settings.database_read_url is not None:
        yield _copy(read_database_url(settings.database_read_url.get_secret_value()))


def _ask(settings: Settings) -> Iterator[Finding]:
    address = settings.database
    try:
        with _Opened(address) as connection:
            yield from _connections(connection, address.most_connections * settings.workers + BESIDE)
            yield from _patience(connection)
            yield from _encryption(connection, address)
    except SQLAlchemyError as error:
        yield warn(f"PostgreSQL did not say what it allows: {reason_of(error)}.")


def _connections(connection: Connection, wanted: int) -> Iterator[Finding]:
    most = int(connection.scalar(text("SHOW max_connections")) or 0)
    if wanted > most:
        yield warn(
            f"Agora may ask for {wanted} connections and PostgreSQL allows {most}. Lower connection_limit in "
            "DATABASE_URL, or AGORA_WORKERS, or raise max_connections."
        )
    else:
        yield fine(f"PostgreSQL allows {most} connections; Agora asks for {wanted} at most.")


def _patience(connection: Connection) -> Iterator[Finding]:
    found = int(connection.scalar(text("SELECT setting FROM pg_settings WHERE name = 'statement_timeout'")) or 0)
    if 0 < found < SHORTEST_MS:
        yield warn(
            f"PostgreSQL ends every statement after {found / 1000:g} s (statement_timeout); upgrades and backups need "
            "longer. Raise it for this user."
        )


def _encryption(connection: Connection, address: DatabaseAddress) -> Iterator[Finding]:
    host = make_url(address.url).host or ""
    if not host or is_loopback(host):
        return
    row = connection.execute(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).first()
    if row is not None and not row[0]:
        yield warn(f"What goes to PostgreSQL at {host} is not encrypted. Add sslmode=require to DATABASE_URL.")


def _copy(address: DatabaseAddress) -> Finding:
    try:
        with _Opened(address) as connection:
            is_copy = bool(connection.scalar(text("SELECT pg_is_in_recovery()")))
    except SQLAlchemyError as error:
        return warn(
            f"The copy to read from, {address.shown}, cannot be opened: {reason_of(error)}. Everybody is answered by "
            "the database itself until it can."
        )
    if not is_copy:
        return warn(f"DATABASE_READ_URL leads to {address.shown}, which follows no other server. Name a replica.")
    return fine(f"The copy to read from, {address.shown}, answers.")


class _Opened:
    """A connection for a look, closed with its engine."""

    def __init__(self, address: DatabaseAddress) -> None:
        self._engine = create_engine(address.url, connect_args={"connect_timeout": CONNECT_SECONDS})

    def __enter__(self) -> Connection:
        try:
            self._connection = self._engine.connect()
        except SQLAlchemyError:
            self._engine.dispose()
            raise
        return self._connection

    def __exit__(self, *_error: object) -> None:
        self._connection.close()
        self._engine.dispose()
