"""The revisions that a start looks at without Alembic are Alembic's own."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from engine.migrations import Standing, fresh, migrate, revisions, standing_of
from engine.migrations.upgrading import config_for, upgrade
from engine.migrations.writing_down import rows_of


def test_files_bear_the_names_of_their_revisions_in_order() -> None:
    script = ScriptDirectory.from_config(config_for())
    assert revisions() == [one.revision for one in script.walk_revisions()][::-1]
    assert script.get_current_head() == revisions()[-1]


def test_a_database_stands_where_its_revision_does() -> None:
    known = revisions()
    assert standing_of(None) is Standing.NEW
    assert [standing_of(one) for one in known] == [*([Standing.OLD] * (len(known) - 1)), Standing.AT_HEAD]
    assert standing_of("9999_from_the_future") is Standing.AHEAD


class TestFresh:
    """A new database, made in one go from what `make install` wrote down."""

    def test_it_is_what_all_migrations_lead_to(self, tmp_path: Path) -> None:
        (shape, rows), (wanted, wanted_rows) = (_inside(_made(tmp_path, how)) for how in (_fresh, upgrade))
        assert shape == wanted
        assert _without_own(rows) == _without_own(wanted_rows)

    def test_each_has_ids_of_its_own(self, tmp_path: Path) -> None:
        ids = [{row["id"] for row in _inside(_made(tmp_path, _fresh))[1]["navigation"]} for _twice in "12"]
        assert ids[0]
        assert not ids[0] & ids[1]

    def test_what_was_written_down_for_another_version_is_left(self, tmp_path: Path) -> None:
        path = _made(tmp_path, lambda connection: fresh.write(connection, "9999_from_the_future"))
        assert _inside(path) == ([], {})

    def test_a_start_makes_it_so(self, tmp_path: Path) -> None:
        path = tmp_path / "new.sqlite3"
        assert migrate(f"sqlite:///{path}")
        assert not migrate(f"sqlite:///{path}")
        assert _inside(path)[0] == _inside(_made(tmp_path, _fresh))[0]


def _fresh(connection: Any) -> None:
    assert fresh.write(connection, revisions()[-1]), "make install"


def _made(folder: Path, how: Callable[[Any], Any]) -> Path:
    path = folder / f"{len(list(folder.iterdir()))}.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        how(connection)
    engine.dispose()
    return path


def _inside(path: Path) -> tuple[list[Any], dict[str, list[dict[str, Any]]]]:
    """Return everything that a database consists of, and its rows; a table's constraints may come in any order."""
    with closing(sqlite3.connect(path)) as database:
        shape = [
            (kind, name, sorted(line.strip(" ,") for line in (statement or "").splitlines()), columns)
            for kind, name, statement, columns in database.execute(
                "SELECT type, name, replace(sql, char(9), ''),"
                " (SELECT group_concat(name) FROM pragma_table_xinfo(sqlite_master.name))"
                " FROM sqlite_master ORDER BY name, type"
            )
        ]
        return shape, rows_of(database)


def _without_own(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Return rows without their ids and times, which have to be of the same form."""
    return {
        table: [
            {name: type(value) if name in ("id", *fresh.TIMES) else value for name, value in row.items()}
            | {name: len(row[name]) for name in ("id", *fresh.TIMES) if name in row}
            for row in found
        ]
        for table, found in rows.items()
    }
