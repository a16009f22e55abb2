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


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/cart", "Try again in a minute."),
        ("/products", "Try again in a minute."),
        ("/no-such-page", "Try again in a minute."),
        ("/api/v1/products", "Try again in a minute."),
        ("/admin/orders", "file is damaged"),
    ],
)
async def test_strangers_are_asked_to_try_again_and_staff_are_told_why(
    client: AsyncClient, house: Ports, path: str, words: str
) -> None:
    assert (await client.get("/api/v1/products")).status_code == 200
    await house.db.close()
    damage(Path(str(house.db.url.database)))
    kind = "application/json" if "api" in path else "text/html"
    answer = await client.get(path, headers={"Accept": kind, "Cookie": "agora_session=whoever"})
    assert answer.status_code == 503, answer.text
    assert words in answer.text
    assert ("damaged" in answer.text) is path.startswith("/admin")
