"""A database that cannot: people are told so in plain words, nothing is half done, and it goes on once it can again."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.core.database import Database
from engine.core.errors import Unavailable
from engine.core.settings import SiteSetting


async def keep(db: Database, key: str, size: int = 1) -> None:
    async with db.write() as tx:
        tx.add(SiteSetting(key=key, value={"text": "x" * size}))


async def kept(db: Database) -> set[str]:
    async with db.read() as session:
        return set((await session.execute(text("SELECT key FROM site_settings"))).scalars())


def damaged(file: Path) -> bytes:
    """Write nonsense over all of a database but its first page; return what is in the file then."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"nonsense" * (file.stat().st_size // 8 - 512))
    return file.read_bytes()


async def test_a_full_disk_is_said_and_forgiven(sqlite_url: str) -> None:
    db = Database(sqlite_url)

    async def limit(pages: str) -> None:
        async with db.write() as tx:
            await tx.execute(text(f"PRAGMA max_page_count = {pages}"))

    await limit("1")  # as many as there are
    with pytest.raises(Unavailable, match="disk is full"):
        await keep(db, "much", 1_000_000)
    await limit("1000000")
    await keep(db, "little")
    assert await kept(db) == {"little"}
    await db.close()


async def test_a_damaged_file_is_said_and_left_as_it_is(sqlite_url: str) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    before = damaged(file)
    db = Database(sqlite_url)
    with pytest.raises(Unavailable, match="is damaged"):
        await keep(db, "more")
    with pytest.raises(Unavailable, match="is damaged"):
        await kept(db)
    await db.close()
    assert file.read_bytes() == before  # noqa: ASYNC240 - nothing else runs


async def test_a_server_that_went_away_is_said_and_the_next_one_who_asks_is_answered(
    postgres_server: object, request: pytest.FixtureRequest
) -> None:
    url = postgres_server.lend()  # type: ignore[attr-defined]
    request.addfinalizer(lambda: postgres_server.take_back(url))  # type: ignore[attr-defined]
    db = Database(url)
    with pytest.raises(Unavailable, match="does not answer"):
        async with db.write() as tx:
            tx.add(SiteSetting(key="half", value={}))
            await tx.flush()
            await tx.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    await keep(db, "whole")
    assert await kept(db) == {"whole"}
    await db.close()


async def test_a_server_that_is_not_there_is_said() -> None:
    db = Database("postgresql+psycopg://agora@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable, match="does not answer"):
        await kept(db)
    await db.close()
