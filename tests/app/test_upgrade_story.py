"""An upgrade from the first schema of all, on both databases: it fails, is killed in the middle, works, goes back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from app import opening
from app.cli import cli
from app.opening import open_data
from app.settings import Settings, load_settings
from app.wiring import ground_of
from engine import migrations
from engine.core.errors import Conflict
from engine.migrations import upgrading
from tests.conftest import BACKENDS
from tests.postgres import PostgresServer

ROOT = Path(__file__).parents[2]
FIRST = migrations.revisions()[0]
KILLED = """
import os, signal, sys
from pathlib import Path
from alembic import command
from app.opening import open_data
from app.settings import load_settings
from engine import migrations
from engine.migrations import upgrading
def dies(connection):
    command.upgrade(upgrading.config_for(connection), migrations.revisions()[12])
    os.kill(os.getpid(), signal.SIGKILL)
upgrading.upgrade = dies
open_data(load_settings(data_dir=Path(sys.argv[1])))
"""


@pytest.fixture(params=BACKENDS)
def old(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A data folder as the first version of all left it, with something in it."""
    folder = tmp_path / "data"
    folder.mkdir()
    server: PostgresServer | None = None
    url = f"sqlite:///{folder / 'agora.sqlite3'}"
    if request.param != "sqlite":
        server = request.getfixturevalue("postgres_server")
        url = server.create()
        monkeypatch.setenv("DATABASE_URL", url.replace("postgresql+psycopg", "postgresql"))
    engine = create_engine(url)
    with engine.begin() as connection:
        command.upgrade(upgrading.config_for(connection), FIRST)
        connection.execute(
            text("INSERT INTO site_settings (key, value, created_at, updated_at) VALUES "
                 "('general', '{\"siteName\": \"Kiln & Co\"}', '2026-01-01 00:00:00', '2026-01-01 00:00:00')")
        )  # fmt: skip
    engine.dispose()
    yield load_settings(data_dir=folder)
    if server is not None:
        server.drop(url)


def state(settings: Settings) -> tuple[str, str]:
    """Return the schema, and the site's name."""
    engine = create_engine(settings.database.url)
    with engine.connect() as connection:
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
        general = connection.scalar(text("SELECT value FROM site_settings WHERE key = 'general'"))
    engine.dispose()
    return str(revision), "Kiln & Co" if "Kiln & Co" in str(general) else str(general)


def test_from_the_first_schema_of_all(old: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before, newest = (FIRST, "Kiln & Co"), migrations.revisions()[-1]
    upgrade = upgrading.upgrade

    def fails_on_data(connection: object) -> None:
        upgrade(connection)  # type: ignore[arg-type]
        connection.execute(text("UPDATE site_settings SET key = NULL"))  # type: ignore[attr-defined]

    with monkeypatch.context() as failing:
        failing.setattr(upgrading, "upgrade", fails_on_data)
        with pytest.raises(Conflict, match=r"The upgrade did not work .* Your data is as it was"):
            open_data(old)
    assert state(old) == before

    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(old.data_dir)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False, capture_output=True,
    )  # fmt: skip
    assert killed.returncode == -9, killed.stderr
    assert state(old) == before

    def unreadable(_settings: Settings) -> None:
        raise ValueError("a page cannot be drawn")

    with monkeypatch.context() as failing:
        failing.setattr(opening, "look", unreadable)
        with pytest.raises(Conflict, match="a page cannot be drawn"):
            open_data(old)
    assert state(old) == before

    open_data(old)
    assert state(old) == (newest, "Kiln & Co")
    assert {one.revision for one in ground_of(old).shelf.backups()} == {FIRST}
    done = CliRunner().invoke(cli, ["rollback", "--yes", "--data", str(old.data_dir)])
    assert done.exit_code == 0, done.output
    assert state(old) == before
