"""Another database for the installation: whether it can be, and moving there."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, func, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.database_address import DatabaseAddress
from app.settings import Settings
from engine.core.errors import Conflict, Unavailable
from engine.core.i18n import Message, _
from engine.core.ids import digest
from engine.migrations import moving

_TOO_OLD = 130000
CONNECT_SECONDS = 8


def try_out(source: Settings, target: Settings) -> Mapping[str, int]:
    """Return how many rows of how many tables would move, and whether a copy of before is replaced.

    Raises Unavailable where the target does not answer, Conflict where it may not be written or holds another site.
    """
    with _opened(target) as there, _opened(source) as here:
        if there.dialect.name == "postgresql":
            _look(there)
        is_ours = moving.is_same_installation(here, there)
        if moving.is_taken(there) and not is_ours and there.dialect.name != "sqlite":
            raise Conflict(
                _("{target} holds another installation already. Name an empty database."), target=target.database.shown
            )
        rows = sum(here.scalar(select(func.count()).select_from(table)) or 0 for table in moving.tables())
    return {"rows": rows, "tables": len(moving.tables()), "replaced": int(is_ours)}


class _opened:  # noqa: N801 - used as a statement
    """A connection for a look, closed with its engine. Raises Unavailable with what the server says."""

    def __init__(self, settings: Settings) -> None:
        url = make_url(settings.database.url)
        self._place = settings.database.shown
        more = {} if url.get_backend_name() == "sqlite" else {"connect_timeout": CONNECT_SECONDS}
        self._engine = create_engine(url, connect_args=more)

    def __enter__(self) -> Connection:
        try:
            self._connection = self._engine.connect()
        except SQLAlchemyError as error:
            self._engine.dispose()
            raise Unavailable(
                _("{place} cannot be opened: {reason}."), place=self._place, reason=reason_of(error)
            ) from error
        return self._connection

    def __exit__(self, *_error: object) -> None:
        self._connection.close()
        self._engine.dispose()


def reason_of(error: SQLAlchemyError) -> str:
    """Return what a database said, in its own words, on one line and without the address."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    said = next((line for line in reversed(lines) if "FATAL" in line or "failed" in line), lines[0] if lines else "")
    return said.rpartition("FATAL:")[2].strip().rstrip(".") or type(error).__name__


def _look(there: Connection) -> None:
    """Refuse a server that is too old, does not keep every character, or lets this user make no table."""
    version = int(there.scalar(text("SHOW server_version_num")) or 0)
    if version < _TOO_OLD:
        raise Conflict(_("That is PostgreSQL {version}; 13 or newer is needed."), version=version // 10000)
    encoding = there.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise Conflict(_("That database keeps text as {encoding}; make it with UTF8."), encoding=str(encoding))
    try:
        there.execute(text("CREATE TABLE agora_probe (id integer)"))
    except SQLAlchemyError as error:
        raise Conflict(_("This user may make no tables there: {reason}."), reason=reason_of(error)) from error
    finally:
        there.rollback()


def mark_of(folder: Path, target: DatabaseAddress) -> Path:
    """Return the file that says a move to this database is not finished; each has its own, so another may begin."""
    return folder / f"move-{digest(target.shown)[:12]}.json"


def put_aside(target_url: str, url_in_use: str) -> None:
    """Keep an SQLite file of before under another name, where a move goes back to it."""
    url = make_url(target_url)
    if url.get_backend_name() != "sqlite" or target_url == url_in_use:
        return
    stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    for ending in ("", "-wal", "-shm"):
        path = Path(f"{url.database}{ending}")
        if path.exists():
            path.rename(f"{url.database}.before-{stamp}{ending}")


def move(source: Settings, target: Settings, tell: moving.Tell) -> moving.Moved:
    """Move everything, and compare it. A move that broke off goes on. Raises Conflict as `moving.move` does."""
    mark = mark_of(source.data_dir, target.database)
    if not mark.exists():
        put_aside(target.database.url, source.database.url)
    return moving.move(source.database.url, target.database.url, mark, tell, replaces=True)


def said(found: moving.Moved) -> Message:
    """Return what a move did."""
    return _("{rows} rows of {tables} tables were moved, and each was compared.").having(
        rows=found.rows, tables=found.tables
    )
