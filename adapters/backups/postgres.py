"""Copies of a PostgreSQL database by its own tools, pg_dump and pg_restore, which are called as programs."""

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg import Connection, sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from adapters.backups.dump import read_through
from engine.core.errors import Invalid, Unavailable
from engine.core.i18n import _
from engine.operations.backups.ports import Contents, DatabaseFile, DatabaseNames

CONNECT_SECONDS = 10
TRIES = 5
DAY = 24 * 3_600
_TRIAL = "trial"
#: The longest name that PostgreSQL keeps whole.
LONGEST = 63


class PostgresCopies:
    """Copies of one database of a server."""

    engine: Literal["sqlite", "postgresql"] = "postgresql"
    is_packed = True
    place: Path | None = None
    file: DatabaseFile | None = None

    def __init__(self, url: str) -> None:
        """url: SQLAlchemy's."""
        address = make_url(url)
        self.name = address.database or ""
        self._password = address.password or ""
        said: dict[str, Any] = {"host": address.host, "port": address.port, "user": address.username, **address.query}
        self._said = {name: value for name, value in said.items() if value is not None}
        self.names: DatabaseNames | None = self

    def size(self) -> int:
        with self._connect() as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0

    def check_tools(self) -> None:
        for name in ("pg_dump", "pg_restore"):
            self._program(name)

    def settings(self, key: str) -> Mapping[str, Any]:
        with self._connect() as connection:
            try:
                row = connection.execute("SELECT value FROM site_settings WHERE key = %s", (key,)).fetchone()
            except psycopg.errors.UndefinedTable:
                return {}
        found: Mapping[str, Any] = row[0] if row else {}
        return found

    def copy(self, target: Path) -> Contents:
        with self._connect() as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            row = connection.execute("SELECT pg_export_snapshot(), current_schema()").fetchone()
            snapshot, schema = row or ("", "public")
            found = _contents(connection)
            only = () if schema == "public" else (f"--schema={schema}",)
            self._run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}", *only)
        return found

    def try_out(self, copy: Path, scratch: Path) -> Contents:
        """Restore into a database of its own; where none may be made, read through the whole dump and count."""
        if not self._may_make():
            return read_through(self._program("pg_restore"), copy)
        self._tidy()
        name = self.beside(_TRIAL)
        self.stage(copy, name)
        try:
            return self.contents(name)
        finally:
            self.drop(name)

    def contents(self, name: str) -> Contents:
        with self._connect(name) as connection:
            return _contents(connection)

    def stage(self, copy: Path, name: str) -> None:
        try:
            with self._connect("postgres") as connection:
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            raise Unavailable(
                _("The user of the database may not make databases, so no backup can be put back. "
                  "Let an administrator run: ALTER USER {user} CREATEDB"),
                user=str(self._said.get("user", "")),
            ) from None  # fmt: skip
        self._program("pg_restore")
        try:
            self._run("pg_restore", "--exit-on-error", "--no-owner", "--no-privileges", str(copy), database=name)
        except Unavailable as error:
            self.drop(name)
            raise Invalid(_("The database in the backup cannot be restored: {reason}."), reason=str(error)) from error

    def others(self) -> Sequence[str]:
        with self._connect() as connection:
            rows = connection.execute(
                "SELECT DISTINCT host(client_addr) FROM pg_stat_activity WHERE datname = current_database() "
                "AND client_addr IS NOT NULL AND client_addr IS DISTINCT FROM inet_client_addr() "
                "AND backend_type = 'client backend' ORDER BY 1"
            ).fetchall()
        return [row[0] for row in rows]

    def exchange(self, incoming: str, outgoing: str) -> None:
        for attempt in range(TRIES):
            try:
                self._exchange(incoming, outgoing)
            except psycopg.errors.ObjectInUse as error:
                if attempt + 1 == TRIES:
                    raise Unavailable(
                        _("Others are connected to the database {name}. Stop them, and start Agora again."),
                        name=self.name,
                    ) from error
                time.sleep(0.5)
            except psycopg.errors.InsufficientPrivilege as error:
                raise Unavailable(
                    _("The user of the database may not rename {name}: {reason}."), name=self.name, reason=str(error)
                ) from error
            else:
                return

    def _exchange(self, incoming: str, outgoing: str) -> None:
        with self._connect("postgres") as connection:
            there = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
            if incoming not in there:
                return
            _part(connection, self.name, incoming)
            with connection.transaction():
                if self.name in there:
                    connection.execute(_rename(self.name, outgoing))
                connection.execute(_rename(incoming, self.name))

    def drop(self, name: str) -> None:
        with self._connect("postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def beside(self, what: str) -> str:
        return f"{self.name[: LONGEST - 24]}_{what}_{int(time.time()):x}{secrets.token_hex(2)}"

    def _tidy(self) -> None:
        """Drop what trials left whose process died."""
        began = f"{self.name[: LONGEST - 24]}_{_TRIAL}_"
        with self._connect("postgres") as connection:
            found = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (began,))
            names = [row[0] for row in found]
        for name in names:
            if int(name.removeprefix(began)[:-4], 16) < time.time() - DAY:
                self.drop(name)

    @contextmanager
    def _connect(self, database: str = "") -> Iterator[Connection[tuple[Any, ...]]]:
        conninfo = make_conninfo(
            dbname=database or self.name, password=self._password or None, connect_timeout=CONNECT_SECONDS, **self._said
        )
        try:
            connection = psycopg.connect(conninfo, autocommit=True)
        except psycopg.OperationalError as error:
            reason = str(error).strip().splitlines()[-1]
            raise Unavailable(_("The database cannot be reached: {reason}."), reason=reason) from error
        with connection:
            yield connection

    def _may_make(self) -> bool:
        """Return whether the user may make databases."""
        with self._connect() as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
        return bool(row and row[0])

    @staticmethod
    def _program(name: str) -> str:
        """Return where one of PostgreSQL's programs is. Raises Unavailable."""
        found = shutil.which(name) or _installed(name)
        if found is None:
            raise Unavailable(
                _("{program} is not installed. It comes with PostgreSQL's client (Debian: postgresql-client)."),
                program=name,
            )
        return found

    def _run(self, program: str, *arguments: str, database: str = "") -> None:
        """Run one of PostgreSQL's programs. Raises Unavailable with what it said; the password is in no argument."""
        found = self._program(program)
        said = {name: value for name, value in self._said.items() if name != "options"}
        environ = {**os.environ, **({"PGPASSWORD": self._password} if self._password else {})}
        done = subprocess.run(  # noqa: S603 - no shell, and the program is PostgreSQL's own
            [found, "--no-password", f"--dbname={make_conninfo(dbname=database or self.name, **said)}", *arguments],
            capture_output=True, text=True, errors="replace", env=environ, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Unavailable(
                _("{program} failed: {reason}"), program=program, reason=_gist(done.stderr) or str(done.returncode)
            )


def _installed(program: str) -> str | None:
    """Return a program of the newest PostgreSQL where Debian keeps them, which is not on the path."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    return str(places[-1]) if places else None


def _gist(said: str) -> str:
    lines = [line.partition("error: ")[2] for line in said.splitlines() if "error: " in line]
    return " ".join(lines)[:500]


def _part(connection: Connection[tuple[Any, ...]], *names: str) -> None:
    """Close what connections others have to these databases: PostgreSQL renames none that is in use."""
    try:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = ANY(%s) AND pid <> pg_backend_pid()",
            (list(names),),
        )
    except psycopg.errors.InsufficientPrivilege:
        return  # the renaming says who is in the way


def _rename(name: str, to: str) -> sql.Composed:
    return sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(to))


def _contents(connection: Connection[tuple[Any, ...]]) -> Contents:
    found = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') "
        "ORDER BY tablename"
    ).fetchall()
    places = {table: sql.Identifier(schema, table) for schema, table in found}
    if "alembic_version" not in places:
        raise Invalid(_("The database in the backup is none of Agora's."))
    rows: dict[str, int] = {}
    for table, place in places.items():
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(place)).fetchone()
        rows[table] = int(row[0]) if row else 0
    version = connection.execute(sql.SQL("SELECT version_num FROM {}").format(places["alembic_version"])).fetchone()
    general = connection.execute(
        sql.SQL("SELECT value FROM {} WHERE key = 'general'").format(places["site_settings"])
    ).fetchone()
    return Contents(version[0] if version else "", rows, str(general[0].get("siteName", "")) if general else "")
