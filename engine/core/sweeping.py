"""Looking through every text of every table for a person who was erased: what no domain thought of is found here.

Only whole addresses and whole names are taken out, and names only where things are written down about people, for a
name can be a word of a product, too.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, String, Table, Text, cast, func, or_, select, update

from engine.core.database import Database
from engine.core.persons import Person
from engine.core.tables import Base

ERASED = "[erased]"
BATCH = 100
#: The organisation's own words, and accounts, whose addresses are unique.
LEFT = frozenset({"site_settings", "users", "email_templates"})
#: Where names stand that were written down with what happened.
RECORDS = frozenset(
    {
        "audit_logs", "bin", "facts", "form_entry_notes", "gated_downloads", "idempotency_keys", "jobs", "messages",
        "order_events", "page_notes", "saved_views", "search_documents", "search_questions", "stock_movements",
    }
)  # fmt: skip
SHORTEST_NAME = 4
Kept = frozenset[tuple[str, str]]


def texts_of(table: Table, kept: Kept = frozenset()) -> list[Column[Any]]:
    """Return the columns of a table that can hold text; kept: (table, column) that are left as they are."""
    return [
        column
        for column in table.columns
        if isinstance(column.type, String | Text | JSON) and (table.name, column.name) not in kept
    ]


async def sweep(db: Database, person: Person, kept: Kept) -> int:
    """Take a person out of every text there is, some rows at a time; return of how many rows."""
    count = 0
    for table in Base.metadata.sorted_tables:
        if table.name in LEFT:
            continue
        columns = texts_of(table, kept)
        pattern = pattern_of(person, with_name=table.name in RECORDS)
        if columns and pattern is not None:
            count += await _sweep_table(db, table, columns, person, pattern)
    return count


async def _sweep_table(
    db: Database, table: Table, columns: Sequence[Column[Any]], person: Person, pattern: re.Pattern[str]
) -> int:
    found = _where(columns, person, with_name=table.name in RECORDS)
    keys = list(table.primary_key.columns)
    async with db.read() as session:
        ids = [tuple(row) for row in await session.execute(select(*keys).where(found))]
    for start in range(0, len(ids), BATCH):
        async with db.write() as tx:
            for key in ids[start : start + BATCH]:
                at = [column == value for column, value in zip(keys, key, strict=True)]
                row = (await tx.execute(select(*columns).where(*at))).mappings().first()
                changes = _changes(row, columns, pattern) if row is not None else {}
                if changes:
                    await tx.execute(update(table).where(*at).values(changes))
    return len(ids)


def _changes(row: Mapping[Any, Any], columns: Sequence[Column[Any]], pattern: re.Pattern[str]) -> dict[str, Any]:
    """Return the columns that hold the person, without them. A key stays: who it is about is deleted by its domain."""
    cleaned = {column: _without(row[column], pattern) for column in columns if not column.primary_key}
    return {column.name: value for column, value in cleaned.items() if value != row[column]}


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    match value:
        case str():
            return pattern.sub(ERASED, value)
        case Mapping():
            return {_without(k, pattern): _without(v, pattern) for k, v in value.items()}
        case list():
            return [_without(one, pattern) for one in value]
        case _:
            return value


def pattern_of(person: Person, *, with_name: bool) -> re.Pattern[str] | None:
    """Return what finds the person as a whole word: `ada@example.org`, and not the end of `canada@example.org`."""
    words = [rf"(?<![\w.+-]){re.escape(person.email)}(?![\w-]|\.\w)"] if person.email else []
    if with_name and len(person.name) >= SHORTEST_NAME:
        words.append(rf"(?<!\w){re.escape(person.name)}(?!\w)")
    return re.compile("|".join(words), re.IGNORECASE) if words else None


def _where(columns: Sequence[Column[Any]], person: Person, *, with_name: bool) -> ColumnElement[bool]:
    """Return which rows may hold the person. JSON is kept with other letters escaped, or as they are."""
    wanted = [person.email] if person.email else []
    if with_name and len(person.name) >= SHORTEST_NAME:
        wanted.append(person.name)
    forms = {form for text in wanted for form in (text, json.dumps(text)[1:-1])}
    return or_(
        *(
            func.lower(cast(column, Text)).contains(form.lower(), autoescape=True)
            for column in columns
            for form in forms
        )
    )
