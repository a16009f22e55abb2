"""Looking after the database itself: what no transaction can do, on a connection of its own."""

from collections.abc import Sequence

from anyio import to_thread
from sqlalchemy import URL, NullPool, create_engine

from engine.core.database import Database

#: A file of which less than this share is empty is not written anew: that would hold up everybody for nothing.
EMPTY_SHARE = 0.2
#: Above this, writing it anew would hold up orders for too long; what is empty is used again anyway.
LARGEST_VACUUM = 2 * 1024**3
#: Above this, building one index anew would, too; SQLite's need it only where a disk has damaged them.
LARGEST_REINDEX = 512 * 1024**2
#: The planner needs to know roughly how many rows share a value: looking at some of each index tells it.
ANALYZE_SQLITE = ("PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA analysis_limit=1000", "ANALYZE")


async def vacuum(db: Database) -> dict[str, int | bool]:
    """Give back what is empty, and have the planner look at the tables again; return what was done."""
    if not db.is_sqlite:
        await to_thread.run_sync(_run, db.url, ("VACUUM (ANALYZE)",))
        return {"vacuum": True}
    empty, whole = await to_thread.run_sync(_sqlite_pages, db.url)
    is_worth_it = whole < LARGEST_VACUUM and empty > whole * EMPTY_SHARE
    async with db.alone():
        await to_thread.run_sync(_run, db.url, (*(("VACUUM",) if is_worth_it else ()), *ANALYZE_SQLITE))
    return {"vacuum": is_worth_it, "emptyBytes": empty, "bytes": whole}


async def reindex(db: Database) -> None:
    """Build the database's own indexes anew. PostgreSQL goes on serving; with SQLite, others write between."""
    if db.is_sqlite:
        _empty, whole = await to_thread.run_sync(_sqlite_pages, db.url)
        for name in await to_thread.run_sync(_indexes, db.url) if whole < LARGEST_REINDEX else ():
            async with db.alone():
                await to_thread.run_sync(_run, db.url, (f'REINDEX "{name}"',))
        return
    name = str(db.url.database).replace('"', '""')
    await to_thread.run_sync(_run, db.url, (f'REINDEX (CONCURRENTLY) DATABASE "{name}"',))


def _run(url: URL, statements: Sequence[str]) -> None:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def _sqlite_pages(url: URL) -> tuple[int, int]:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        size, count, free = (
            int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
            for name in ("page_size", "page_count", "freelist_count")
        )
    engine.dispose()
    return free * size, count * size


def _indexes(url: URL) -> list[str]:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        named = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
        found = list(connection.exec_driver_sql(named).scalars())
    engine.dispose()
    return found
