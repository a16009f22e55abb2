"""Copies of a SQLite database by its online backup: one moment of it, and writers go on meanwhile."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

from engine.core.errors import Invalid, Unavailable
from engine.core.i18n import _
from engine.operations.backups.ports import Contents, DatabaseFile, DatabaseNames

WAIT_SECONDS = 30


class SqliteCopies:
    """Copies of one file."""

    engine: Literal["sqlite", "postgresql"] = "sqlite"
    is_packed = False
    names: DatabaseNames | None = None

    def __init__(self, path: Path) -> None:
        self.place: Path | None = path
        self.file: DatabaseFile | None = self
        self.path = path

    def size(self) -> int:
        parts = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return sum(part.stat().st_size for part in parts if part.exists())

    def check_tools(self) -> None:
        return None

    def settings(self, key: str) -> Mapping[str, Any]:
        if not self.path.exists():
            return {}
        try:
            with closing(_open(self.path)) as connection:
                row = connection.execute("SELECT value FROM site_settings WHERE key = ?", (key,)).fetchone()
        except sqlite3.DatabaseError:
            return {}
        found: Mapping[str, Any] = json.loads(row[0]) if row else {}
        return found

    def copy(self, target: Path) -> Contents:
        if not self.path.exists():
            raise Unavailable(_("There is no database at {path} yet."), path=str(self.path))
        try:
            with closing(_open(self.path)) as source, closing(sqlite3.connect(target)) as made:
                made.execute("PRAGMA synchronous=OFF")
                source.backup(made)  # in one step: in smaller ones every writer would make it begin anew
                made.execute("PRAGMA journal_mode=DELETE")
                return _contents(made)
        except sqlite3.Error as error:
            raise Unavailable(_("The database cannot be copied: {reason}."), reason=str(error)) from error

    def snapshot(self, target: Path) -> None:
        try:
            with closing(_open(self.path)) as source, closing(sqlite3.connect(target)) as made:
                made.execute("PRAGMA synchronous=OFF")
                source.backup(made)
        except sqlite3.Error as error:
            raise Unavailable(_("The database cannot be copied: {reason}."), reason=str(error)) from error

    def at(self, path: Path) -> "SqliteCopies":
        return SqliteCopies(path)

    def try_out(self, copy: Path, scratch: Path) -> Contents:
        with _whole(copy) as connection:
            return _contents(connection)


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
    connection.execute("PRAGMA query_only=ON")
    return connection


@contextmanager
def _whole(copy: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy, found whole to the last page and row. Raises Invalid."""
    try:
        with closing(_open(copy)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise Invalid(_("The database in the backup is damaged: {reason}."), reason=found.splitlines()[0])
            strays = connection.execute("PRAGMA foreign_key_check").fetchone()
            if strays is not None:
                raise Invalid(
                    _("The database in the backup is damaged: {reason}."),
                    reason=f"a row of {strays[0]} belongs to none of {strays[2]}",
                )
            yield connection
    except sqlite3.Error as error:
        raise Invalid(_("The database in the backup is damaged: {reason}."), reason=str(error)) from error


def _contents(connection: sqlite3.Connection) -> Contents:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
        "AND name NOT LIKE 'search_fts%' ORDER BY name"
    )
    tables = [name for (name,) in names]
    quoted = {name: '"{}"'.format(name.replace('"', '""')) for name in tables}
    rows = {
        name: connection.execute(f"SELECT count(*) FROM {quoted[name]}").fetchone()[0]  # noqa: S608 - quoted
        for name in tables
    }
    if "alembic_version" not in rows:
        raise Invalid(_("The database in the backup is none of Agora's."))
    revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    general = connection.execute("SELECT value FROM site_settings WHERE key = 'general'").fetchone()
    site = json.loads(general[0]).get("siteName", "") if general else ""
    return Contents(revision[0] if revision else "", rows, str(site))
