"""Alembic, which is imported only when there is something to do: it takes a while."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def config_for(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, bound to a connection where there is one."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Bring the database to the newest revision."""
    command.upgrade(config_for(connection), "head")
