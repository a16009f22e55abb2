"""Every engine of a run compiles a statement once for all: a fresh database for each test is no fresh SQL.

SQLAlchemy keeps what it compiled by engine and dialect, and each test has engines of its own. Here all engines of a
kind keep it in one place, and dialects of a kind are equal. What a test asks of its database is not touched.
"""

from functools import cache
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg, PGDialectAsync_psycopg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

ROOM = 10_000


@cache
def compiled(_kind: type) -> LRUCache[Any, Any]:
    """Return what all engines of a kind compiled."""
    return LRUCache(ROOM)


class Shared:
    """A dialect that equals its like, and whose engines keep what they compile in one place."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=compiled(type(engine.dialect)))


class SQLite(Shared, SQLiteDialect_pysqlite):
    supports_statement_cache = True


class AsyncSQLite(Shared, SQLiteDialect_aiosqlite):
    supports_statement_cache = True


class AsyncPostgreSQL(Shared, PGDialectAsync_psycopg):
    supports_statement_cache = True


class PostgreSQL(Shared, PGDialect_psycopg):
    supports_statement_cache = True

    @classmethod
    def get_async_dialect_cls(cls, _url: Any) -> type:
        return AsyncPostgreSQL


def share() -> None:
    """Have every engine from now on made with these."""
    for name, kind in {"sqlite": SQLite, "sqlite.aiosqlite": AsyncSQLite, "postgresql.psycopg": PostgreSQL}.items():
        registry.register(name, __name__, kind.__name__)
