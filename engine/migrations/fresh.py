"""A new SQLite database in one go: what all migrations lead to, which `make install` writes down beside them.

Where that is missing, or is another revision's, Alembic makes the new database step by step, as it changes an old one.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from engine.core.ids import new_id

KEPT = Path(__file__).parent / "fresh.json"
TIMES = ("created_at", "updated_at")


def write(connection: Connection, revision: str) -> bool:
    """Make an empty database what it is at this revision; return False where that was not written down."""
    if not KEPT.exists():
        return False
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    if kept["revision"] != revision:
        return False
    for statement in kept["schema"]:
        connection.exec_driver_sql(statement)
    renamed = {row["id"]: new_id().hex for rows in kept["rows"].values() for row in rows if "id" in row}
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    for table, rows in kept["rows"].items():
        for row in rows:
            _insert(connection, table, _own(row, renamed, now))
    return True


def _own(row: Mapping[str, Any], renamed: Mapping[str, str], now: str) -> dict[str, Any]:
    """Return a row with an id and times of its own."""
    return {name: now if name in TIMES else renamed.get(value, value) for name, value in row.items()}


def _insert(connection: Connection, table: str, row: Mapping[str, Any]) -> None:
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608 - our own names
