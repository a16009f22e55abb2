"""`agora move`: a whole installation to another database, and back."""

from pathlib import Path
from typing import Annotated

import typer
from filelock import FileLock, Timeout

import app.wiring  # noqa: F401 - every table of every domain is declared by then
from app.database_address import DatabaseAddress, read_database_url, sqlite_in
from app.environment import environment
from app.logs import configure_logging
from app.options import Data
from app.settings import Settings, load_settings, prepare_data_dir
from app.switching.databases import mark_of, put_aside
from app.tomlfile import write_settings
from engine.core.errors import Conflict, Invalid
from engine.core.i18n import _
from engine.migrations import moving

To = Annotated[str, typer.Option("--to", help="postgresql://…, or sqlite for the file in the data folder.")]

Replace = Annotated[
    bool, typer.Option("--replace", help="The target may hold an older state of this very site, which goes.")
]


def move(to: To, replace: Replace = False, data: Data = None) -> None:
    """Move everything to another database, compare it row by row, and use it from then on. Stop the server first."""
    settings = load_settings(data_dir=data)
    configure_logging("warning")
    folder = prepare_data_dir(settings.data_dir)
    lock = FileLock(folder / "agora.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Conflict(_("A server runs on {folder}. Stop it, and move then."), folder=str(folder)) from None
    try:
        _move(settings, target_of(to, settings), folder, replaces=replace)
    finally:
        lock.release()


def target_of(to: str, settings: Settings) -> DatabaseAddress:
    """Return the database that is meant. Raises Invalid where it cannot be read."""
    if to == "sqlite":
        return sqlite_in(settings.data_dir)
    try:
        return read_database_url(to)
    except ValueError as error:
        raise Invalid(f"“{make_shown(to)}” cannot be moved to: {error}.") from None


def make_shown(to: str) -> str:
    """Return an address as it may be shown."""
    before, _at, after = to.rpartition("@")
    return f"…@{after}" if before else to


def _move(settings: Settings, target: DatabaseAddress, folder: Path, *, replaces: bool) -> None:
    mark = mark_of(folder, target)
    if not mark.exists():
        put_aside(target.url, settings.database.url)
    told: set[str] = set()

    def tell(table: str, done: int, total: int) -> None:
        if done == total and total and table not in told:
            told.add(table)
            typer.echo(f"  {table}: {total}")

    found = moving.move(settings.database.url, target.url, mark, tell, replaces=replaces)
    is_default = target.url == sqlite_in(folder).url
    path = write_settings(folder, {"database_url": None if is_default else target.given})
    already = f", of which {found.already} were there from a move that broke off" if found.already else ""
    typer.echo(f"{found.rows} rows of {found.tables} tables are in {target.shown}{already}; each was compared.")
    typer.echo(f"{path} names it from now on. What was before is left as it is: agora move leads back, too.")
    if environment().get("DATABASE_URL"):
        typer.echo("DATABASE_URL is set, and wins over the file: change it, too, before you start Agora.")
