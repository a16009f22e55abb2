"""`agora reset --yes`: everything gone, as before the first start."""

import shutil
from typing import Annotated

import typer
from filelock import FileLock, Timeout
from sqlalchemy import Engine, MetaData, create_engine, make_url

from app.opening import LOCK
from app.options import Data
from app.settings import Settings, load_settings
from engine.core.errors import Conflict, Invalid
from engine.core.i18n import _
from engine.core.tables import Base

#: What is made again by itself. Backups, `agora.toml` and the log stay.
FOLDERS = ("files", "search", "cache", "measures")
FILES = ("secrets.json", "claim-token", "agora.sqlite3", "agora.sqlite3-wal", "agora.sqlite3-shm")


def reset(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Yes, delete everything.")] = False,
    data: Data = None,
) -> None:
    """Delete everything: database, files, keys, search. Backups, the log and agora.toml stay. Stop Agora first."""
    settings = load_settings(data_dir=data)
    if not yes:
        raise Invalid(
            _("This deletes everything in {folder} and in {database}. Make a backup, and say --yes."),
            folder=str(settings.data_dir),
            database=settings.database.shown,
        )
    if not settings.data_dir.is_dir():
        raise Conflict(_("There is nothing in {folder}."), folder=str(settings.data_dir))
    try:
        with FileLock(settings.data_dir / LOCK, timeout=0, thread_local=False):
            _delete(settings)
    except Timeout:
        raise Conflict(_("Agora is running on this data folder. Stop it first.")) from None
    typer.echo("Everything is gone. The next start begins anew.")


def _delete(settings: Settings) -> None:
    url = make_url(settings.database.url)
    if url.get_backend_name() != "sqlite":
        _drop_ours(create_engine(url))
    for name in FOLDERS:
        shutil.rmtree(settings.data_dir / name, ignore_errors=True)
    for name in FILES:
        (settings.data_dir / name).unlink(missing_ok=True)


def _drop_ours(engine: Engine) -> None:
    """Drop the tables of Agora: a database may be shared with others, whose tables stay."""
    known = {*Base.metadata.tables, "alembic_version"}
    found = MetaData()
    with engine.begin() as connection:
        found.reflect(connection, only=lambda name, _found: name in known, resolve_fks=False)
        found.drop_all(connection)
    engine.dispose()
