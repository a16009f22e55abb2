"""A database that cannot: people are told so in plain words, nothing is half done, and it goes on once it can again."""

import os
import pwd
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from sqlalchemy import text

from engine.core.database import Database
from engine.core.errors import Unavailable
from engine.core.settings import SiteSetting
from tests.harness.place import Place, fill, made_place
from tests.postgres import TEMPLATE, PostgresServer


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


@pytest.fixture
def small_disk() -> Iterator[Place]:
    """A disk that PostgreSQL's user reaches, too."""
    with TemporaryDirectory(prefix="agora-disk-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with made_place(Path(folder)) as place:
            if not place.is_small:
                pytest.skip("this machine lets us make no small disk of our own")
            (place.folder / "space").mkdir()
            owner = pwd.getpwnam("postgres")
            os.chown(place.folder / "space", owner.pw_uid, owner.pw_gid)
            yield place


async def test_a_servers_full_disk_is_said_and_forgiven_and_nothing_is_half_there(
    postgres_server: PostgresServer, small_disk: Place
) -> None:
    url, ballast = postgres_server.create(template=TEMPLATE), small_disk.folder / "ballast"
    plain, name = url.replace("+psycopg", ""), url.rsplit("/", 1)[1]
    db, told = Database(url), ["before"]
    with psycopg.connect(plain.replace(name, "postgres"), autocommit=True) as root:
        root.execute(f"CREATE TABLESPACE small LOCATION '{small_disk.folder / 'space'}'")
        try:
            root.execute(f'ALTER DATABASE "{name}" SET TABLESPACE small')
            await keep(db, "before")
            fill(ballast)
            with pytest.raises(Unavailable, match="disk is full"):
                for number in range(40):
                    async with db.write() as tx:
                        tx.add(SiteSetting(key=f"k{number}", value={"text": os.urandom(60_000).hex()}))
                    told.append(f"k{number}")
            assert await kept(db) == {*told}
            ballast.unlink()
            await keep(db, "afterwards")
            assert await kept(db) == {*told, "afterwards"}
        finally:
            ballast.unlink(missing_ok=True)
            await db.close()
            postgres_server.drop(url)
            root.execute("DROP TABLESPACE small")


async def test_a_servers_damaged_index_is_said_and_is_whole_once_it_is_built_anew(
    postgres_server: PostgresServer,
) -> None:
    whole = postgres_server.create(template=TEMPLATE)
    db = Database(whole)
    await keep(db, "here")
    await db.close()
    url = postgres_server.create(
        template=whole.rsplit("/", 1)[1], strategy="FILE_COPY"
    )  # nothing of it is in memory yet
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as root:
        found = root.execute("SELECT current_setting('data_directory'), pg_relation_filepath('pk_site_settings')")
        folder, file = found.fetchone() or ("", "")
        with (Path(folder) / file).open("r+b") as index:
            index.seek(8_192)
            index.write(b"nonsense" * 1_024)
        db = Database(url)
        with pytest.raises(Unavailable, match="damaged"):
            await keep(db, "more")
        root.execute("REINDEX INDEX pk_site_settings")
        await keep(db, "more")
        assert await kept(db) == {"here", "more"}
        await db.close()
    for one in (url, whole):
        postgres_server.drop(one)


async def test_a_server_that_is_not_there_is_said() -> None:
    db = Database("postgresql+psycopg://agora@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable, match="does not answer"):
        await kept(db)
    await db.close()
