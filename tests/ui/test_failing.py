"""A database that cannot any more: pages and programs are told so, though every page is drawn from it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from httpx import AsyncClient

from engine.api.ports import Ports

pytestmark = pytest.mark.usefixtures("owner")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def damage(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"nonsense" * (file.stat().st_size // 8 - 512))


@pytest.mark.parametrize("path", ["/cart", "/products", "/no-such-page", "/api/v1/products"])
async def test_everybody_is_told_what_does_not_work(client: AsyncClient, house: Ports, path: str) -> None:
    assert (await client.get("/api/v1/products")).status_code == 200
    await house.db.close()
    damage(Path(str(house.db.url.database)))
    answer = await client.get(path, headers={"Accept": "application/json" if "api" in path else "text/html"})
    assert answer.status_code == 503, answer.text
    assert "is damaged" in answer.text
    assert answer.headers["cache-control"] == "no-store" or "api" in path
