"""A PostgreSQL server of the tests' own, on a free port of this machine."""

import os
import pwd
import shutil
import socket
import subprocess
from itertools import count
from pathlib import Path

import psycopg

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

    def __init__(self, folder: Path) -> None:
        binaries = postgres_binaries()
        assert binaries is not None
        self._binaries = binaries
        self._folder = Path("/tmp") / f"agora-pg-{os.getpid()}-{next(_numbers)}"  # noqa: S108 - postgres must reach it
        self._log = folder / "log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

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
        settings = (
            f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off "
            "-c full_page_writes=off -c max_connections=200 -c shared_buffers=64MB"
        )
        log = str(self._folder / "log")
        self._run(str(self._binaries / "pg_ctl"), "-D", data, "-w", "-l", log, "-o", settings, "start")

    def stop(self) -> None:
        self._run(str(self._binaries / "pg_ctl"), "-D", str(self._folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(host="127.0.0.1", port=self.port, user="agora", dbname="postgres", autocommit=True)

    def create(self, name: str | None = None, template: str = "template0") -> str:
        """Make a database; return its address for SQLAlchemy."""
        name = name or f"test_{next(_numbers)}"
        with self._admin() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return f"postgresql+psycopg://agora@127.0.0.1:{self.port}/{name}"

    def drop(self, url: str) -> None:
        with self._admin() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')
