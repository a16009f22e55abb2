"""Bringing a database to this version of Agora (Alembic), on SQLite and PostgreSQL."""

import os
from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
)

from engine.core.errors import Conflict, Failing
from engine.core.failing import UNWRITABLE, say_what_fails
from engine.core.i18n import _
from engine.migrations import fresh

#: "Agora", as PostgreSQL takes the name of a lock.
ONE_AT_A_TIME = 0x41676F7261
#: Alembic's own table, read without Alembic.
_VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32)))


class Standing(StrEnum):
    """How a database stands to this version of Agora."""

    NEW = "new"
    OLD = "old"
    AT_HEAD = "at-head"
    AHEAD = "ahead"


def revision_of(connection: Connection) -> str | None:
    """Return the revision that the database is at; None while it is empty."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    found: str | None = connection.execute(select(_VERSION.c.version_num)).scalar()
    return found


def revisions() -> list[str]:
    """Return every revision of this Agora, the newest last: each bears the name of its file, a number first."""
    return sorted(file.stem for file in (Path(__file__).parent / "versions").glob("[0-9]*.py"))


def standing_of(revision: str | None) -> Standing:
    """Return how a database at this revision stands to this version of Agora."""
    known = revisions()
    if revision is None:
        return Standing.NEW
    if revision == known[-1]:
        return Standing.AT_HEAD
    return Standing.OLD if revision in known else Standing.AHEAD


def is_known(revision: str) -> bool:
    """Return whether a database at this revision can be opened by this version of Agora."""
    return standing_of(revision) in (Standing.OLD, Standing.AT_HEAD)


def migrate(url: str, before: Callable[[str], None] = lambda _revision: None) -> bool:
    """Bring the database to the newest revision; return whether anything was done.

    before: called where there is data to be changed, while nobody else can write to it (SQLite).
    Raises Conflict when the database was made by a newer Agora, Failing where it is damaged or cannot be written.
    """
    engine = create_engine(make_url(url))
    say_what_fails(engine)
    if engine.dialect.name == "sqlite":
        file = engine.url.database or ""
        if Path(file).is_file() and not os.access(file, os.W_OK):  # it would be found out only while serving
            raise Failing(UNWRITABLE)

        @event.listens_for(engine, "connect")
        def connect(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA busy_timeout=15000")

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # the driver's own way would commit at each CREATE

    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # several machines may start at the same moment
                connection.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
            current = revision_of(connection)
            standing = standing_of(current)
            if standing is Standing.AT_HEAD:
                return False
            if standing is Standing.AHEAD:
                raise Conflict(
                    _("This data was written by a newer Agora (schema {revision}). Install that version to open it."),
                    revision=current,
                )
            if current is not None:
                before(current)
            elif connection.dialect.name == "sqlite" and fresh.write(connection, revisions()[-1]):
                return True
            import_module("engine.migrations.upgrading").upgrade(connection)
            return True
    finally:
        engine.dispose()
