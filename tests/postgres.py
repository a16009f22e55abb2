"""A PostgreSQL server of the tests' own, on a free port of this machine.

A database that a test gives back is emptied and lent to the next one: making one anew costs more than most tests do.
"""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Callable
from itertools import count
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Composed, Identifier

#: What each database is a copy of: migrated, and otherwise as a new installation's.
TEMPLATE = "template_agora"
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
#: Changes with every table, column, index and constraint.
SHAPE = """
SELECT (SELECT md5(string_agg(concat_ws(' ', c.relname, a.attname, a.atttypid, a.attnotnull), ',' ORDER BY c.relname,
    a.attnum)) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace),
  (SELECT count(*) FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
  (SELECT count(*) FROM pg_trigger)
"""
CONTENT = SQL("SELECT json_agg(t ORDER BY t::text)::text FROM {} t")
SEED = SQL("INSERT INTO {} SELECT * FROM json_populate_recordset(NULL::{}, %s)")
COUNTED = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_numbers = count(1)


def postgres_binaries() -> Path | None:
    """Return the folder with initdb and pg_ctl, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


class PostgresServer:
    """One cluster in a folder. It refuses to run as root, so root becomes `postgres` for it."""

    def __init__(self, folder: Path, *, is_durable: bool = False) -> None:
        """is_durable: what was committed is there after `restart`, which costs time at each commit."""
        binaries = postgres_binaries()
        assert binaries is not None
        self._binaries = binaries
        self._folder = Path("/tmp") / f"agora-pg-{os.getpid()}-{next(_numbers)}"  # noqa: S108 - postgres must reach it
        self._log = folder / "log"
        self._is_durable = is_durable
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._clean: list[str] = []
        self._cleaners: dict[str, psycopg.Connection] = {}
        self._seeds: dict[str, str] = {}
        self._changes = Composed([])
        self._shape: object = None

    def _run(self, *command: str) -> None:
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        done = subprocess.run([*as_postgres, *command], capture_output=True, text=True, cwd="/", check=False)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")

    def start(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(mode=0o700)
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        data = str(self._folder / "data")
        options = ("--username=agora", "--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C.UTF-8")
        self._run(str(self._binaries / "initdb"), "-D", data, *options)
        self._begin()

    def _begin(self) -> None:
        waits = "on" if self._is_durable else "off"
        commits = f"-c fsync=off -c full_page_writes=off -c synchronous_commit={waits}"
        settings = (
            f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 {commits} "
            "-c autovacuum=off -c max_connections=200 -c shared_buffers=64MB"
        )
        data, log = str(self._folder / "data"), str(self._folder / "log")
        self._run(str(self._binaries / "pg_ctl"), "-D", data, "-w", "-l", log, "-o", settings, "start")

    def _end(self) -> None:
        self._run(str(self._binaries / "pg_ctl"), "-D", str(self._folder / "data"), "-m", "immediate", "stop")

    def restart(self) -> None:
        """End it at once, undoing what it was doing, and start it on its data."""
        self._end()
        self._begin()

    def stop(self) -> None:
        for cleaner in self._cleaners.values():
            cleaner.close()
        self._end()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _connected(self, name: str) -> psycopg.Connection:
        return psycopg.connect(host="127.0.0.1", port=self.port, user="agora", dbname=name, autocommit=True)

    def lend(self) -> str:
        """Return the address of a database that is as the template."""
        return self._clean.pop() if self._clean else self.create(template=TEMPLATE)

    def take_back(self, url: str) -> None:
        """Have a database that was lent as the template again, or drop it where that is more than emptying it."""
        if url not in self._cleaners:
            self._cleaners[url] = self._connected(_name(url))
            self._cleaners[url].execute("SET session_replication_role = replica")  # no reference holds a row back
        if self._is_emptied(self._cleaners[url]):
            self._clean.append(url)
        else:
            self._cleaners.pop(url).close()
            self.drop(url)

    def _is_emptied(self, connection: psycopg.Connection) -> bool:
        connection.execute(END_OTHERS)
        if connection.execute(SHAPE).fetchone() != self._shape:
            return False
        changed = [table for (table,) in connection.execute(self._changes)]
        for table in changed:
            connection.execute(SQL("DELETE FROM {}").format(Identifier(table)))
        if changed:
            # gives the pages back too: what comes in next lies in the order in which it came
            connection.execute(SQL("VACUUM (INDEX_CLEANUP ON) {}").format(SQL(", ").join(map(Identifier, changed))))
        for table in self._seeds.keys() & {*changed}:
            connection.execute(SEED.format(Identifier(table), Identifier(table)), [self._seeds[table]])
        for (sequence,) in connection.execute(COUNTED).fetchall():
            connection.execute(SQL("ALTER SEQUENCE {} RESTART").format(Identifier(sequence)))
        return True

    def make_template(self, migrate: Callable[[str], object]) -> None:
        """Make the database that all others are copies of, and learn what is in it."""
        migrate(self.create(TEMPLATE))
        questions: list[Composed] = []
        with self._connected(TEMPLATE) as connection:
            self._shape = connection.execute(SHAPE).fetchone()
            for (table,) in connection.execute(TABLES).fetchall():
                content = CONTENT.format(Identifier(table))
                (found,) = connection.execute(content).fetchone() or (None,)
                if found:
                    self._seeds[table] = found
                    questions.append(SQL("SELECT {} WHERE ({}) IS DISTINCT FROM {}").format(table, content, found))
                else:
                    questions.append(SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(table, Identifier(table)))
        self._changes = SQL(" UNION ALL ").join(questions)

    def create(self, name: str | None = None, template: str = "template0", strategy: str = "WAL_LOG") -> str:
        """Make a database; return its address for SQLAlchemy. strategy: FILE_COPY leaves nothing of it in memory."""
        name = name or f"test_{next(_numbers)}"
        with self._connected("postgres") as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY {strategy}')
        return f"postgresql+psycopg://agora@127.0.0.1:{self.port}/{name}"

    def drop(self, url: str) -> None:
        with self._connected("postgres") as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)')


def _name(url: str) -> str:
    return url.rsplit("/", 1)[1]
