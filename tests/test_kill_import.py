"""`kill -9` under imports of a site: what came is whole, and the same again brings the rest and makes nothing twice."""

import asyncio
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import OperationalError

from engine.content.pages.models import Page, PageVersion
from engine.core.database import Database
from tests.factories import exports
from tests.factories.sites import WholeSite, another_house, exported
from tests.warm import Forked, said, started

PAGES = 80


def around(folder: Path, url: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, "AGORA_DATA_DIR": str(folder)}


def begin(*words: str, folder: Path, url: str) -> "Forked | subprocess.Popen[bytes]":
    with folder.with_suffix(".log").open("ab") as output:
        return started(words, around(folder, url), output)


def kill_once_there_are(pages: int, process: "Forked | subprocess.Popen[bytes]", url: str) -> int:
    """Kill a process once the database has so many pages; return how many it has then."""
    engine, until, found = create_engine(url), time.monotonic() + 60, 0
    while found < pages and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
        found = _count(engine)
    process.send_signal(signal.SIGKILL)
    process.wait()
    found = _count(engine)
    engine.dispose()
    return found


def _count(engine: object) -> int:
    try:
        with engine.connect() as connection:  # type: ignore[attr-defined]
            return connection.scalar(select(func.count()).select_from(Page)) or 0
    except OperationalError:
        return 0


def finish(*words: str, folder: Path, url: str) -> str:
    return said(words, around(folder, url))


async def whole_pages(url: str) -> list[str]:
    """Return the titles of all pages; each has the version that it is written on."""
    db = Database(url)
    async with db.read() as session:
        rows = await session.execute(
            select(Page.title, PageVersion.id).outerjoin(PageVersion, PageVersion.id == Page.draft_version_id)
        )
        found = [row.title for row in rows.all() if row.id is not None]
        assert len(found) == await session.scalar(select(func.count()).select_from(Page))
    await db.close()
    return found


@pytest.fixture
def site_file(tmp_path: Path, sqlite_template: Path) -> Path:
    """Return a site file with many pages."""
    source = tmp_path / "source.sqlite3"
    source.write_bytes(sqlite_template.read_bytes())

    async def make() -> None:
        async with another_house(tmp_path / "source", f"sqlite:///{source}") as house:
            site = WholeSite(house)
            await site.build()
            for number in range(PAGES):
                await site.pages.page(f"Page {number}", published=True)
            await exported(house, tmp_path / "site.zip")

    asyncio.run(make())
    return tmp_path / "site.zip"


def test_a_killed_site_import_goes_on(site_file: Path, database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    first = begin("import", "site", str(site_file), folder=folder, url=database_url)
    there = kill_once_there_are(20, first, database_url)
    assert 0 < there < PAGES
    told = finish("import", "site", str(site_file), folder=folder, url=database_url)
    assert "unchanged" in told
    assert "failed" not in told
    assert len(set(asyncio.run(whole_pages(database_url)))) >= PAGES


def test_a_killed_import_from_elsewhere_goes_on(sqlite_url: str, tmp_path: Path) -> None:
    items = (exports.item(number, f"Post {number}", "Hello", kind="page") for number in range(1, PAGES + 1))
    path, folder = tmp_path / "old.xml", tmp_path / "killed"
    path.write_bytes(exports.wordpress(*items))
    first = begin("import", "wordpress", str(path), folder=folder, url=sqlite_url)
    there = kill_once_there_are(20, first, sqlite_url)
    assert 0 < there < PAGES
    told = finish("import", "wordpress", str(path), folder=folder, url=sqlite_url)
    assert "created" in told
    assert len(asyncio.run(whole_pages(sqlite_url))) == PAGES
