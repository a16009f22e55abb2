"""Bringing a database to this version of Agora (Alembic), on SQLite and PostgreSQL."""

from enum import StrEnum
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, make_url

from engine.core.errors import Conflict
from engine.core.i18n import _


def config_for(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, bound to a connection where there is one."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


class Standing(StrEnum):
    """How a database stands to this version of Agora."""

    NEW = "new"
    OLD = "old"
    AT_HEAD = "at-head"
    AHEAD = "ahead"


def revision_of(connection: Connection) -> str | None:
    """Return the revision that the database is at; None while it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def standing_of(revision: str | None) -> Standing:
    """Return how a database at this revision stands to this version of Agora."""
    script = ScriptDirectory.from_config(config_for())
    if revision is None:
        return Standing.NEW
    if revision == script.get_current_head():
        return Standing.AT_HEAD
    return Standing.OLD if revision in {one.revision for one in script.walk_revisions()} else Standing.AHEAD


def migrate(url: str) -> bool:
    """Bring the database to the newest revision; return whether anything was done.

    Raises Conflict when the database was made by a newer Agora.
    """
    engine = create_engine(make_url(url))
    if engine.dialect.name == "sqlite":

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
            current = revision_of(connection)
            standing = standing_of(current)
            if standing is Standing.AT_HEAD:
                return False
            if standing is Standing.AHEAD:
                raise Conflict(
                    _("This data was written by a newer Agora (schema {revision}). Install that version to open it."),
                    revision=current,
                )
            command.upgrade(config_for(connection), "head")
            return True
    finally:
        engine.dispose()
