"""Opening data of another version: a backup first, a look after, and back again if the upgrade does not work."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine
from typer.testing import CliRunner

from app import opening
from app.cli import cli
from app.opening import open_beside, open_data
from app.settings import Settings, load_settings
from app.wiring import ground_of
from engine import migrations
from engine.core.errors import Conflict
from engine.migrations import upgrading
from engine.operations.backups.manifest import Kind

OLD = "0018_voices"


@pytest.fixture(scope="session")
def old_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of an earlier version, with something in it."""
    path = tmp_path_factory.mktemp("old") / "agora.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.upgrade(upgrading.config_for(connection), OLD)
        connection.exec_driver_sql(
            "INSERT INTO site_settings (key, value, created_at, updated_at) VALUES "
            """('general', '{"siteName": "Kiln & Co"}', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"""
        )
    engine.dispose()
    return path


@pytest.fixture
def settings(tmp_path: Path, old_template: Path) -> Settings:
    """A data folder of that version."""
    folder = tmp_path / "data"
    (folder / "files").mkdir(parents=True)
    (folder / "files/one").write_text("a file")
    shutil.copy(old_template, folder / "agora.sqlite3")
    return load_settings(data_dir=folder)


def state(settings: Settings) -> tuple[str, str]:
    """Return the schema and the site's name."""
    with closing(sqlite3.connect(settings.data_dir / "agora.sqlite3")) as connection:
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        general = connection.execute("SELECT value FROM site_settings WHERE key = 'general'").fetchone()[0]
    return revision, general


@pytest.mark.parametrize("way", [open_data, open_beside])
def test_a_backup_is_taken_before_and_the_data_is_brought_on(
    settings: Settings, way: Callable[[Settings], object]
) -> None:
    way(settings)
    assert state(settings)[0] == migrations.revisions()[-1]
    (kept,) = ground_of(settings).shelf.backups()
    assert (kept.kind, kept.revision, kept.site) == (Kind.UPGRADE, OLD, "Kiln & Co")
    assert kept.verified_at is not None
    assert not kept.has_files
    way(settings)
    assert len(ground_of(settings).shelf.backups()) == 1


def test_rolling_back_puts_the_data_where_it_was_and_leaves_files_alone(settings: Settings) -> None:
    before = state(settings)
    open_data(settings)
    (settings.data_dir / "files/two").write_text("another")
    refused = CliRunner().invoke(cli, ["rollback", "--data", str(settings.data_dir)])
    assert "Say --yes" in str(refused.exception)
    done = CliRunner().invoke(cli, ["rollback", "--yes", "--data", str(settings.data_dir)])
    assert done.exit_code == 0, done.output
    assert f"schema {OLD} again" in done.output
    assert state(settings) == before
    assert sorted(path.name for path in (settings.data_dir / "files").iterdir()) == ["one", "two"]


def test_a_migration_that_fails_leaves_the_data_as_it_was(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before, upgrade = state(settings), upgrading.upgrade

    def fails(connection: object) -> None:
        upgrade(connection)  # type: ignore[arg-type]
        raise RuntimeError("column without a name")

    monkeypatch.setattr(upgrading, "upgrade", fails)
    with pytest.raises(Conflict, match=r"did not work \(column without a name\)\. Your data is as it was"):
        open_data(settings)
    assert state(settings) == before


def test_data_that_cannot_be_opened_afterwards_is_put_back(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before, reached = state(settings), []

    def look(_settings: Settings) -> None:
        reached.append(state(settings)[0])
        raise ValueError("a setting cannot be read")

    monkeypatch.setattr(opening, "look", look)
    with pytest.raises(Conflict, match="a setting cannot be read"):
        open_data(settings)
    assert reached == [migrations.revisions()[-1]]
    assert state(settings) == before


def test_where_no_backup_can_be_made_nothing_is_upgraded(settings: Settings) -> None:
    before = state(settings)
    (settings.data_dir / "backups").write_text("in the way")
    with pytest.raises(Exception, match="The folder of backups"):
        open_data(settings)
    assert state(settings) == before


def test_data_of_a_newer_version_is_refused_with_a_sentence_and_not_touched(settings: Settings) -> None:
    with closing(sqlite3.connect(settings.data_dir / "agora.sqlite3")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_later'")
        connection.commit()
    with pytest.raises(Conflict, match=r"written by a newer Agora \(schema 9999_later\)\. Install that version"):
        open_data(settings)
    assert state(settings)[0] == "9999_later"
    assert not (settings.data_dir / "backups").exists()


def test_older_versions_open(settings: Settings) -> None:
    for revision in migrations.revisions()[:-1:5]:
        path = settings.data_dir / "agora.sqlite3"
        path.unlink()
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as connection:
            command.upgrade(upgrading.config_for(connection), revision)
        engine.dispose()
        migrations.migrate(f"sqlite:///{path}")
        opening.look(settings)
