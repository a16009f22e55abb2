"""`python -m engine.migrations.writing_down`: run all migrations once, and keep what they lead to for `fresh`."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import create_engine

from engine.migrations import fresh, revisions
from engine.migrations.upgrading import upgrade

#: Tables as they were made, then the rest. SQLite makes its own, and those of full-text tables, by itself.
SCHEMA = """
SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
  AND name NOT IN (SELECT shadow.name FROM sqlite_master shadow JOIN sqlite_master whole
    ON whole.sql LIKE 'CREATE VIRTUAL TABLE%' AND shadow.name LIKE whole.name || '~_%' ESCAPE '~')
ORDER BY type <> 'table', CASE type WHEN 'table' THEN rowid ELSE 0 END, name
"""


def led_to() -> dict[str, Any]:
    """Return what a new SQLite database is after all migrations: its revision, its statements, its rows by table."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "fresh.sqlite3"
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as connection:
            upgrade(connection)
        engine.dispose()
        with closing(sqlite3.connect(path)) as database:
            schema = [statement for (statement,) in database.execute(SCHEMA)]
            return {"revision": revisions()[-1], "schema": schema, "rows": rows_of(database)}


def rows_of(database: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
    """Return what stands in the tables that are not empty."""
    database.row_factory = sqlite3.Row
    tables = database.execute("SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    found = {name: [dict(row) for row in database.execute(f'SELECT * FROM "{name}"')] for (name,) in tables.fetchall()}  # noqa: S608 - our own names
    return {name: rows for name, rows in sorted(found.items()) if rows}


def main() -> None:
    """Write it down."""
    fresh.KEPT.write_text(json.dumps(led_to(), indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
